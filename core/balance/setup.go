package balance

import (
	"math"
	"math/rand/v2"

	"moecost/core/routing"
)

// Policy is whether and when experts are placed by load.
type Policy uint8

// The policies.
const (
	Off    Policy = iota // experts in their order
	Static               // placed once, by statistics from which the traffic has drifted
	Online               // placed again and again, by counts of the same traffic
)

// Objective is what a placement evens out over the ranks.
type Objective uint8

// The objectives.
const (
	Tokens   Objective = iota // token copies: EPLB
	Distinct                  // expected distinct experts of a decode step
)

// Setup is how the experts of a model's MoE layers are placed. It is comparable;
// see Key.
type Setup struct {
	Policy    Policy
	Objective Objective
	Ranks     int     // expert-parallel ranks
	Nodes     int     // that they lie on; 0 is 1
	Groups    int     // of experts, of which node-limited routing picks some; 0 is 1
	Spare     int     // slots of a layer beyond its experts, over all ranks
	Drift     float64 // lognormal sigma, per expert: of traffic against a static placement's statistics, of one online interval against the last
	Tokens    float64 // of a decode step over all ranks; to the nearest power of 2
	Interval  int     // Online: decode steps that a placement's statistics are made of
}

// Key leaves out what has no effect, so that setups with equal keys have equal
// answers.
func (s Setup) Key() Setup {
	s.Ranks, s.Nodes, s.Groups = max(s.Ranks, 1), max(s.Nodes, 1), max(s.Groups, 1)
	if s.Policy == Off {
		return Setup{Ranks: s.Ranks, Nodes: 1, Groups: 1, Spare: s.Spare}
	}
	if s.Policy == Static {
		s.Interval = 0
	} else {
		s.Interval = max(s.Interval, 1)
	}
	if s.Objective == Distinct {
		s.Nodes, s.Groups = 1, 1
	}
	if s.Objective == Distinct || s.Policy == Online {
		s.Tokens = math.Exp2(math.Round(math.Log2(max(s.Tokens, 1))))
	} else {
		s.Tokens = 0
	}
	return s
}

// Slots are the expert slots of a layer over all ranks: experts and spare ones,
// rounded up to the same number on every rank.
func (s Setup) Slots(experts int) int {
	ranks := max(s.Ranks, 1)
	return (experts + max(s.Spare, 0) + ranks - 1) / ranks * ranks
}

// Place places one layer by the popularity of its experts. Numbers that EPLB cannot
// divide make it global, as engines do.
func (s Setup) Place(pi []float64) Placement {
	s = s.Key()
	slots := s.Slots(len(pi))
	switch {
	case s.Policy == Off:
		return Contiguous(len(pi), s.Ranks)
	case s.Objective == Distinct:
		return placeDistinct(pi, s.Tokens, slots, s.Ranks)
	}
	nodes, groups := s.Nodes, s.Groups
	if groups%nodes != 0 || len(pi)%groups != 0 || s.Ranks%nodes != 0 {
		nodes, groups = 1, 1
	}
	weight := make([]float32, len(pi))
	for i, p := range pi {
		weight[i] = float32(p)
	}
	p := Placement{Ranks: s.Ranks, Expert: make([]int32, slots), Copies: make([]int32, len(pi))}
	newPlacer(len(pi), slots, groups, nodes, s.Ranks).layer(weight, p.Expert, make([]int32, slots), p.Copies)
	return p
}

// Layer is one MoE layer as it was drawn: a placement and the traffic it gets.
type Layer struct {
	Placement
	Traffic []float64 // inclusion probability of every expert
}

// Layers is how many layers of one popularity are drawn where it is a law. Where it
// was counted, at most mostLayers of its layers stand for all.
const (
	Layers     = 4
	mostLayers = 8
)

// drawn are the numbers of the layers that stand for a popularity.
func drawn(c *routing.Coverage) []int {
	n := Layers
	if len(c.Layers) > 1 {
		n = min(len(c.Layers), mostLayers)
	}
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i * max(len(c.Layers), n) / n
	}
	return numbers
}

// Draw draws the seeded layer of this number. Where c is of a law, its experts
// stand in random order; where it was counted, the layer is that of this number as it was counted.
// Whatever the policy, the same number gives the same traffic: what drift moves are the statistics of the placement.
func (s Setup) Draw(c *routing.Coverage, number int) Layer {
	s = s.Key()
	random := rand.New(rand.NewPCG(uint64(number), 288))
	pi := c.Layers[number%len(c.Layers)]
	if !c.Counted {
		pi = append([]float64(nil), pi...)
		random.Shuffle(len(pi), func(i, j int) { pi[i], pi[j] = pi[j], pi[i] })
	}
	switch s.Policy {
	case Static:
		return Layer{s.Place(moved(pi, func(float64) float64 { return s.Drift }, random)), pi}
	case Online:
		return Layer{s.Place(s.counted(pi, random)), pi}
	}
	return Layer{s.Place(pi), pi}
}

// moved multiplies every popularity by a lognormal factor of its sigma, and keeps
// the sum, and 1 as the most.
func moved(pi []float64, sigma func(p float64) float64, random *rand.Rand) []float64 {
	out := make([]float64, len(pi))
	total, sum := 0.0, 0.0
	for i, p := range pi {
		total += p
		if p > 0 {
			out[i] = p * math.Exp(sigma(p)*random.NormFloat64())
		}
		sum += out[i]
	}
	for range 50 { // what is cut off at 1 goes to the others
		if sum <= 0 {
			return out
		}
		scale, capped, rest := total/sum, 0.0, 0.0
		for i := range out {
			if out[i] = out[i] * scale; out[i] >= 1 {
				out[i] = 1
				capped++
			} else {
				rest += out[i]
			}
		}
		if capped+rest >= total*(1-1e-12) || rest == 0 {
			break
		}
		sum = capped + rest
	}
	return out
}

// Busiest returns the busiest-rank figures of a popularity so placed: for Off those
// of routing.NewRanks, unless the order of experts is known; else means over layers, seeded or
// counted. It takes a tenth of a millisecond, and the first Distinct about one more: keep the
// result by Key.
func (s Setup) Busiest(c *routing.Coverage) *routing.Ranks {
	s = s.Key()
	if s.Policy == Off && !c.Counted || s.Ranks == 1 {
		return routing.NewRanks(c, s.Ranks)
	}
	var layers []Layer
	persistent, loads := 0.0, []float64(nil)
	for _, number := range drawn(c) {
		l := s.Draw(c, number)
		loads = l.Loads(loads, l.Traffic)
		persistent += MaxOverMean(loads)
		layers = append(layers, l)
	}
	share := 1 / float64(len(layers))
	readers := make([]reader, len(layers))
	for i := range readers {
		readers[i].Layer = &layers[i]
	}
	return routing.NewPlaced(c, s.Ranks, persistent*share, func(i int) (busiest float64) {
		for j := range readers {
			busiest += share * readers[j].busiest(i)
		}
		return busiest
	})
}
