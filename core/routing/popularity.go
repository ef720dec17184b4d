package routing

// Law is how popularity is spread over experts.
type Law uint8

// The laws.
const (
	Lognormal Law = iota // Inclusion; the parameter is sigma
	Power                // PowerLaw; the parameter is alpha
)

// Popularity says how popular the experts of a model's layers are: by a law with
// one parameter, the same in every layer, or as somebody counted them. It is comparable, and
// the zero value is uniform routing.
type Popularity struct {
	Law    Law
	Skew   float64 // sigma, or alpha
	Counts *Counts // instead of the law, for layers of their number of experts; nil: none
}

// Layers returns the inclusion probabilities of MoE layers with so many experts
// with weights and so many without, of which a token chooses topK. Of a law it is one popularity, hottest
// first, which stands for every layer. Of counts it is one per counted layer. It is never empty.
func (p Popularity) Layers(experts, without, topK int) [][]float64 {
	if p.Counts != nil {
		if layers := p.Counts.Inclusion(experts, without, topK); layers != nil {
			return layers
		}
	}
	if p.Law == Power {
		return [][]float64{among(PowerLaw(experts+max(without, 0), topK, p.Skew), experts)}
	}
	return [][]float64{InclusionAmong(experts, without, topK, p.Skew)}
}

// Coverage tabulates such layers.
func (p Popularity) Coverage(experts, without, topK int) *Coverage {
	c := MeanCoverage(p.Layers(experts, without, topK), topK)
	c.Counted = p.Counts != nil && p.Counts.Inclusion(experts, without, topK) != nil
	return c
}

// Inclusion turns every row that counts the experts of such a layer into
// inclusion probabilities, in the order of ids; nil if there is no such row. Experts without
// weights stand evenly among the others where they were not counted, as in InclusionAmong.
func (c *Counts) Inclusion(experts, without, topK int) (layers [][]float64) {
	for _, row := range c.Layers {
		if !usable(row, experts, without) {
			continue
		}
		all := row
		if missing := experts + max(without, 0) - len(row); missing > 0 {
			mean := sum(row) / float64(experts)
			all = append(row[:len(row):len(row)], make([]float64, missing)...)
			for i := len(row); i < len(all); i++ {
				all[i] = mean
			}
		}
		layers = append(layers, FromWeights(all, topK)[:experts])
	}
	return layers
}

// usable tells whether a row counts the experts of a layer: all with weights, or
// all that tokens choose among, and at least one token. A model's dense layers are rows of
// zeros in some dumps.
func usable(row []float64, experts, without int) bool {
	return (len(row) == experts || len(row) == experts+without) && sum(row) > 0
}

func sum(xs []float64) float64 {
	total := 0.0
	for _, x := range xs {
		total += x
	}
	return total
}
