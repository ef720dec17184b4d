package balance

import (
	"math"
	"math/rand/v2"

	"moecost/core/routing"
)

// Moves is what one rebalancing of a layer moves between ranks, in expert slots.
type Moves struct {
	Slots   float64 // over all ranks
	Busiest float64 // that the rank which gets the most of them gets
}

// MovesBetween counts the slots of after whose expert its rank did not hold before.
// An expert that only changes its slot on a rank need not cross the network.
func MovesBetween(before, after *Placement) Moves {
	var m Moves
	held := make(map[int32]bool)
	for r := range after.Ranks {
		clear(held)
		if r < before.Ranks {
			first, end := before.Slots(r)
			for _, e := range before.Expert[first:end] {
				held[e] = true
			}
		}
		got := 0.0
		first, end := after.Slots(r)
		for _, e := range after.Expert[first:end] {
			if e != Empty && !held[e] {
				got++
				held[e] = true // a second copy on the rank is made there
			}
		}
		m.Slots += got
		m.Busiest = math.Max(m.Busiest, got)
	}
	return m
}

// Moved returns what an online rebalancing moves in a layer, as a mean over
// seeded layers: between a placement by what one interval counted, and one by the next, to which traffic has
// drifted by Drift. Most slots change: EPLB starts afresh every time.
func (s Setup) Moved(c *routing.Coverage) Moves {
	s = s.Key()
	if s.Policy != Online {
		return Moves{}
	}
	var mean Moves
	numbers := drawn(c)
	for _, number := range numbers {
		l := s.Draw(c, number)
		random := rand.New(rand.NewPCG(uint64(number), 289))
		later := moved(l.Traffic, func(float64) float64 { return s.Drift }, random)
		next := s.Place(s.counted(later, random))
		m := MovesBetween(&l.Placement, &next)
		mean.Slots += m.Slots / float64(len(numbers))
		mean.Busiest += m.Busiest / float64(len(numbers))
	}
	return mean
}

// counted is what an interval's counts say of the popularity: the share of every
// expert errs by the root of its count.
func (s Setup) counted(pi []float64, random *rand.Rand) []float64 {
	steps := s.Tokens * float64(s.Interval)
	return moved(pi, func(p float64) float64 { return math.Min(math.Sqrt((1-p)/(steps*p)), 1) }, random)
}

// Blocking is how long all ranks wait when an engine rearranges experts between two
// steps: the weights of the rank that gets the most over its link, and what the
// engine spends on every layer besides.
//
// layers is the MoE layers of the model, bytes what the rank gets in all of them,
// bandwidth in bytes per second. The result is in seconds.
//
// Fit: DeepSeek-R1 NVFP4, 58 layers on 32 GB200, 0.91 s on average, 0.65 to 1.70 (vLLM
// pull request 43219), of which the bytes are 0.01. The same overhead gives 0.40 s for
// DeepSeek-V2-Lite's 26 layers, measured 0.26 s of GPU time, and 1.46 s for the 94 of
// Qwen3-235B, measured 0.5 to 4.4 (PB-OEPLB). Layer by layer beside the steps nothing waits that
// was measured (TensorRT-LLM technical blog 4, vLLM pull request 43219).
func Blocking(layers int, bytes, bandwidth float64) float64 {
	if bytes <= 0 {
		return 0
	}
	return float64(layers)*SecondsPerLayer + bytes/bandwidth
}

// SecondsPerLayer is an engine's overhead of rearranging one layer; see Blocking.
const SecondsPerLayer = 15.5e-3

// Range of Blocking over what was measured: 0.5 s where 0.91 is expected, 4.4 s where 1.46 is.
const (
	BlockingLow  = 0.55
	BlockingHigh = 3.0
)

// SpareChoices are numbers of spare experts worth considering, in rising order:
// none, those that fill up the slots which ranks have anyway, and whole further slots per rank until
// every expert could be held twice.
func SpareChoices(experts, ranks int) []int {
	ranks = max(ranks, 1)
	filled := (experts+ranks-1)/ranks*ranks - experts
	choices := []int{0}
	if filled > 0 {
		choices = append(choices, filled)
	}
	for perRank := 1; ; {
		spare := filled + perRank*ranks
		if spare > experts || len(choices) > 9 {
			return choices
		}
		choices = append(choices, spare)
		perRank += max(perRank/2, 1) // 1, 2, 3, 4, 6, 9 …
	}
}

// BestSpare is the choice of SpareChoices with the least cost, to half a per
// cent: of choices about as good, the one with the fewest slots. cost judges so many spare
// experts and the busiest rank with them; infinite is what does not fit.
func (s Setup) BestSpare(c *routing.Coverage, cost func(spare int, r *routing.Ranks) float64) int {
	choices := SpareChoices(c.Experts(), s.Ranks)
	costs, least := make([]float64, len(choices)), math.Inf(1)
	for i, spare := range choices {
		s.Spare = spare
		costs[i] = cost(spare, s.Busiest(c))
		least = math.Min(least, costs[i])
	}
	for i, spare := range choices {
		if costs[i] <= least*1.005 {
			return spare
		}
	}
	return 0
}
