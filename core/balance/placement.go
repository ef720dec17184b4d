package balance

import "math"

// Empty is the expert of a slot that holds none.
const Empty = -1

// Placement says which expert each slot of one MoE layer holds. A slot is memory for
// one expert; rank r of Ranks owns the slots from r n/Ranks up to (r+1) n/Ranks of n.
type Placement struct {
	Ranks  int
	Expert []int32 // per slot: the expert, or Empty
	Copies []int32 // per expert: its slots, at least 1
}

// Contiguous holds every expert once, in order. Ranks that do not divide the
// experts own one more or one fewer. Fewer than one rank is one.
func Contiguous(experts, ranks int) Placement {
	p := Placement{Ranks: max(ranks, 1), Expert: make([]int32, experts), Copies: make([]int32, experts)}
	for i := range p.Expert {
		p.Expert[i], p.Copies[i] = int32(i), 1
	}
	return p
}

// Slots are the slots of a rank, from first up to end.
func (p *Placement) Slots(rank int) (first, end int) {
	return rank * len(p.Expert) / p.Ranks, (rank + 1) * len(p.Expert) / p.Ranks
}

// Loads fills dst, and returns it, with what every rank gets of pi, which has a
// value per expert: inclusion probabilities give token copies per token, counts give token copies. An expert's
// value is split evenly over its replicas. The loads sum to the sum of pi.
// dst grows if it is shorter than Ranks.
func (p *Placement) Loads(dst, pi []float64) []float64 {
	dst = p.grow(dst)
	for r := range dst {
		first, end := p.Slots(r)
		sum := 0.0
		for _, e := range p.Expert[first:end] {
			if e != Empty {
				sum += pi[e] / float64(p.Copies[e])
			}
		}
		dst[r] = sum
	}
	return dst
}

// Distinct fills dst, and returns it, with the expected number of expert weights
// that every rank reads in a step of so many independent tokens: a replica is read when it gets a token.
// A token that selects an expert goes to one of its replicas, all equally likely. Where
// every expert is held once the reads sum to routing.ExpectedDistinct. A rank that
// holds an expert twice reads it once.
// dst grows if it is shorter than Ranks.
func (p *Placement) Distinct(dst, pi []float64, tokens float64) []float64 {
	dst = p.grow(dst)
	clear(dst)
	if tokens <= 0 {
		return dst
	}
	for r := range dst {
		first, end := p.Slots(r)
		for i, e := range p.Expert[first:end] {
			if here, again := p.onRank(first, first+i, end, e); e != Empty && !again {
				dst[r] -= math.Expm1(tokens * math.Log1p(-pi[e]*float64(here)/float64(p.Copies[e])))
			}
		}
	}
	return dst
}

// onRank counts the slots of a rank that hold the expert of slot at, and says
// whether one of them comes before it.
func (p *Placement) onRank(first, at, end int, e int32) (here int, again bool) {
	if e == Empty || p.Copies[e] == 1 {
		return 1, false
	}
	for i := first; i < end; i++ {
		if p.Expert[i] == e {
			here++
			again = again || i < at
		}
	}
	return here, again
}

func (p *Placement) grow(dst []float64) []float64 {
	if cap(dst) < p.Ranks {
		return make([]float64, p.Ranks)
	}
	return dst[:p.Ranks]
}

// MaxOverMean is the largest load over the mean: 1 where all ranks have the
// same, and where there is no load. TensorRT-LLM prints this minus 1; SGLang and vLLM its inverse, as
// balancedness.
func MaxOverMean(loads []float64) float64 {
	sum, top := 0.0, 0.0
	for _, l := range loads {
		sum += l
		top = math.Max(top, l)
	}
	if sum <= 0 {
		return 1
	}
	return top * float64(len(loads)) / sum
}
