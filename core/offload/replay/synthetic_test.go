package replay

import (
	"math/rand/v2"

	"moecost/core/offload/cache"
	"moecost/core/routing"
)

// draw says how a synthetic trace is drawn.
type draw struct {
	Steps       int
	Sequences   int     // each has one token in every step
	Correlation float64 // of two tokens of a sequence, as in cache.Traffic
	Seed        uint64  // the same seed gives the same trace everywhere
}

// synthetic draws a trace from the inclusion probabilities of each layer. With a
// correlation, a token either draws experts of its own or takes all those of an earlier token
// of its sequence, as cache.Returning says. The experts of a step stand in random order.
func synthetic(pi [][]float64, d draw) *Trace {
	t := &Trace{Name: "synthetic", Experts: len(pi[0]), Steps: make([][][]uint16, d.Steps)}
	for i := range t.Steps {
		t.Steps[i] = make([][]uint16, len(pi))
	}
	random := rand.New(rand.NewPCG(d.Seed, 2))
	for layer := range pi {
		sampler := routing.NewSampler(pi[layer], d.Seed+uint64(layer))
		sequences := make([]memory, d.Sequences)
		for i := range t.Steps {
			seen := make([]bool, t.Experts)
			asked := []uint16(nil)
			for s := range sequences {
				for _, e := range sequences[s].token(sampler, random, d.Correlation) {
					if !seen[e] {
						seen[e] = true
						asked = append(asked, uint16(e))
					}
				}
			}
			random.Shuffle(len(asked), func(i, j int) { asked[i], asked[j] = asked[j], asked[i] })
			t.Steps[i][layer] = asked
		}
	}
	return t
}

// memory is what the tokens of a sequence selected so far, in one layer.
type memory struct {
	sets  [][]int // different selections
	times []float64
	n     float64
}

func (m *memory) token(sampler *routing.Sampler, random *rand.Rand, rho float64) []int {
	if rho <= 0 {
		return sampler.Token(nil)
	}
	// A new selection, or one of the earlier ones: the more often it was taken, the likelier.
	left := -1.0
	if m.n > 0 {
		left = m.n * (random.Float64() - cache.Returning(m.n, float64(len(m.sets)), rho))
	}
	m.n++
	for i := range m.sets {
		if left < 0 {
			break
		}
		if left -= m.times[i] - (1 - rho); left < 0 {
			m.times[i]++
			return m.sets[i]
		}
	}
	m.sets, m.times = append(m.sets, sampler.Token(nil)), append(m.times, 1)
	return m.sets[len(m.sets)-1]
}
