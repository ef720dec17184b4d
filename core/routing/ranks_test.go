package routing

import (
	"math/rand/v2"
	"testing"
)

// A public Monte-Carlo table, 10,000 draws (GitHub full-text index, id 30111241242):
// expected distinct experts on the busiest of n ranks, 256 experts, top-8, uniform. 2 %:
// half a per cent is the table's own noise, the rest the independence of ranks that the closed form assumes.
func TestBusiestDistinctTable(t *testing.T) {
	batches := []float64{4, 8, 16, 32, 64, 128}
	c := NewCoverage(Inclusion(256, 8, 0), 8)
	for ranks, row := range map[int][]float64{
		1:   {30.51, 57.43, 101.98, 163.28, 222.42, 251.60},
		8:   {6.575, 10.65, 16.71, 24.19, 30.30, 32.0},
		32:  {3.184, 4.444, 6.059, 7.583, 8.0, 8},
		64:  {2.326, 3.075, 3.814, 4, 4, 4},
		128: {1.860, 2.000, 2, 2, 2, 2},
		256: {1, 1, 1, 1, 1, 1},
	} {
		r := NewRanks(c, ranks)
		for i, want := range row {
			near(t, "busiest rank", r.Distinct(batches[i]), want, 0.02)
		}
	}
}

// Brute force with skew: random contiguous placements, systematic draws, and experts that do not come
// out even, where the ranks that hold one more decide.
func TestBusiestAgainstSampling(t *testing.T) {
	for _, c := range []struct {
		experts, topK, ranks, tokens int
		sigma                        float64
	}{{256, 8, 8, 16, 1.05}, {256, 8, 32, 64, 1.05}, {128, 4, 4, 8, 1}, {128, 8, 8, 256, 1}, {16, 1, 8, 64, 0.8}, {128, 8, 72, 64, 1}, {60, 4, 8, 16, 0.9}} {
		const draws = 1500
		pi := Inclusion(c.experts, c.topK, c.sigma)
		sampler := NewSampler(pi, 11)
		random := rand.New(rand.NewPCG(5, 5))
		var distinct, copies float64
		hit, chosen := make([]bool, c.experts), make([]int, 0, c.topK)
		load, count := make([]int, c.ranks), make([]int, c.ranks)
		for range draws {
			place := random.Perm(c.experts)
			clear(hit)
			clear(load)
			clear(count)
			for range c.tokens {
				chosen = sampler.Token(chosen[:0])
				for _, e := range chosen {
					rank := ((place[e]+1)*c.ranks - 1) / c.experts // where they do not come out even some hold one more
					load[rank]++
					if !hit[e] {
						hit[e] = true
						count[rank]++
					}
				}
			}
			topLoad, topCount := 0, 0
			for r := range load {
				topLoad, topCount = max(topLoad, load[r]), max(topCount, count[r])
			}
			distinct += float64(topCount) / draws
			copies += float64(topLoad) / draws
		}
		r := NewRanks(NewCoverage(pi, c.topK), c.ranks)
		near(t, "distinct", r.Distinct(float64(c.tokens)), distinct, 0.04)
		// Persistent and sampling parts are added in quadrature, as if both were normal: 10 %.
		mean := float64(c.tokens*c.topK) / float64(c.ranks)
		near(t, "tokens", r.Imbalance(float64(c.tokens))*mean, copies, 0.10)
	}
}

func TestRanksLimits(t *testing.T) {
	c := NewCoverage(Inclusion(64, 6, 1), 6)
	one := NewRanks(c, 1)
	near(t, "one rank", one.Distinct(9), c.Distinct(9), 1e-12)
	near(t, "one rank", one.Imbalance(9), 1, 0)
	for _, ranks := range []int{2, 8, 64, 1000} {
		r := NewRanks(c, ranks)
		near(t, "all experts", r.Distinct(1e6), 64/float64(r.N), 1e-9)
		if d := r.Distinct(1); d > 6 {
			t.Errorf("for one token on %d ranks, got %g distinct experts, want 6 at most", ranks, d)
		}
		for tokens := 0.5; tokens < 1e5; tokens *= 1.9 {
			if mean := c.Distinct(tokens) / float64(r.N); r.Distinct(tokens) < mean*(1-1e-6) {
				t.Errorf("for %g tokens on %d ranks, the busiest has %g, below the mean %g", tokens, ranks, r.Distinct(tokens), mean)
			}
		}
	}
}

func BenchmarkRanksDistinct(b *testing.B) {
	r := NewRanks(NewCoverage(Inclusion(256, 8, 1), 8), 32)
	b.ReportAllocs()
	for b.Loop() {
		r.Distinct(37)
	}
}

func BenchmarkNewRanks(b *testing.B) {
	c := NewCoverage(Inclusion(256, 8, 1), 8)
	for b.Loop() {
		NewRanks(c, 8)
	}
}

// Balancing never makes the busiest rank busier, and with many tokens nothing is left but what it leaves.
func TestWithBalance(t *testing.T) {
	for _, sigma := range []float64{0, 0.1, 1, 2} {
		r := NewRanks(NewCoverage(Inclusion(256, 8, sigma), 8), 32)
		b := r.WithBalance(1.1)
		for _, tokens := range []float64{1, 64, 1e9} {
			if b.Imbalance(tokens) > r.Imbalance(tokens) {
				t.Errorf("at sigma %g and %g tokens balancing goes from %g to %g", sigma, tokens, r.Imbalance(tokens), b.Imbalance(tokens))
			}
		}
		if got := b.Imbalance(1e12); got > 1.1+1e-4 || sigma >= 1 && got < 1.1-1e-4 {
			t.Errorf("at sigma %g many tokens leave %g, want at most 1.1", sigma, got)
		}
	}
}
