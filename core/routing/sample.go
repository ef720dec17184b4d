package routing

import "math/rand/v2"

// Sampler draws the experts of a token with exactly the given inclusion
// probabilities, by systematic sampling (Madow 1949): one uniform number steps through
// the cumulated probabilities of the experts in random order. The order is drawn anew
// for every token; without that neighbours would never be chosen together.
type Sampler struct {
	pi     []float64
	order  []int
	random *rand.Rand
}

// NewSampler prepares a seeded sampler. The same seed gives the same experts everywhere.
func NewSampler(pi []float64, seed uint64) *Sampler {
	s := &Sampler{pi: pi, order: make([]int, len(pi)), random: rand.New(rand.NewPCG(seed, 1))}
	for i := range s.order {
		s.order[i] = i
	}
	return s
}

// Token appends the experts of one token to dst.
func (s *Sampler) Token(dst []int) []int {
	s.random.Shuffle(len(s.order), func(i, j int) { s.order[i], s.order[j] = s.order[j], s.order[i] })
	next, sum := s.random.Float64(), 0.0
	for _, e := range s.order {
		sum += s.pi[e]
		if sum > next {
			dst = append(dst, e)
			next++
		}
	}
	return dst
}
