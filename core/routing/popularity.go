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
// first, which stands for every layer. Of counts it is one per counted layer, in the order of
// the experts' ids. It is never empty.
func (p Popularity) Layers(experts, without, topK int) [][]float64 {
	if layers := p.counted(experts, without, topK); layers != nil {
		return layers
	}
	return [][]float64{p.ofLaw(experts, without, topK)}
}

// Counted tells whether layers of so many experts go by the counts.
func (p Popularity) Counted(experts, without int) bool {
	if p.Counts == nil {
		return false
	}
	for _, row := range p.Counts.Layers {
		if usable(row, experts, without) {
			return true
		}
	}
	return false
}

func (p Popularity) ofLaw(experts, without, topK int) []float64 {
	if p.Law == Power {
		return among(PowerLaw(experts+max(without, 0), topK, p.Skew), experts)
	}
	return InclusionAmong(experts, without, topK, p.Skew)
}

// counted reads the rows that fit. Experts without weights stand evenly among the
// others where they were not counted, as in InclusionAmong.
func (p Popularity) counted(experts, without, topK int) (layers [][]float64) {
	if p.Counts == nil {
		return nil
	}
	for _, row := range p.Counts.Layers {
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
