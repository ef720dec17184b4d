package balance

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"moecost/core/routing"
)

// Per token: the experts of every token drawn, a replica of each picked at random, and
// the busiest rank counted, on the layers that Draw gives.
func TestBusiestAgainstSampling(t *testing.T) {
	for _, c := range []struct {
		experts, topK, tokens int
		sigma                 float64
		setup                 Setup
	}{
		{256, 8, 16, 1.05, Setup{Policy: Static, Ranks: 32, Nodes: 4, Groups: 8, Spare: 32, Drift: 0.12}},
		{256, 8, 2, 1.05, Setup{Policy: Static, Ranks: 32, Nodes: 4, Groups: 8, Spare: 32, Drift: 0.12}},
		{256, 8, 256, 1.05, Setup{Policy: Static, Ranks: 32, Nodes: 4, Groups: 8, Spare: 32, Drift: 0.12}},
		{256, 8, 4096, 1.05, Setup{Policy: Static, Ranks: 32, Nodes: 4, Groups: 8, Spare: 32, Drift: 0.12}},
		{128, 8, 64, 1, Setup{Policy: Static, Ranks: 8, Spare: 16, Drift: 0.3}},
		{128, 4, 64, 1, Setup{Policy: Static, Ranks: 4}},
		{256, 8, 512, 1, Setup{Policy: Online, Ranks: 64, Spare: 64, Interval: 100, Tokens: 512}},
		{256, 8, 64, 1, Setup{Policy: Static, Objective: Distinct, Ranks: 16, Spare: 32, Drift: 0.12, Tokens: 64}},
		{64, 8, 8, 0.55, Setup{Policy: Static, Objective: Distinct, Ranks: 8, Spare: 8, Drift: 0.12, Tokens: 8}},
	} {
		cover := routing.NewCoverage(routing.Inclusion(c.experts, c.topK, c.sigma), c.topK)
		random := rand.New(rand.NewPCG(6, 7))
		var distinct, copies float64
		draws := max(4000/c.tokens, 20)
		for number := range Layers {
			l := c.setup.Draw(cover, number)
			at := make([][]int, c.experts) // ranks that hold an expert
			for r := range l.Ranks {
				first, end := l.Slots(r)
				for _, e := range l.Expert[first:end] {
					if e != Empty {
						at[e] = append(at[e], r)
					}
				}
			}
			sampler := routing.NewSampler(l.Traffic, uint64(number))
			chosen := make([]int, 0, c.topK)
			for range draws {
				tokens, reads := make([]int, l.Ranks), make([]int, l.Ranks)
				seen := map[[2]int]bool{}
				for range c.tokens {
					chosen = sampler.Token(chosen[:0])
					for _, e := range chosen {
						r := at[e][random.IntN(len(at[e]))]
						tokens[r]++
						if !seen[[2]int{e, r}] {
							seen[[2]int{e, r}] = true
							reads[r]++
						}
					}
				}
				mostTokens, mostReads := 0, 0
				for r := range tokens {
					mostTokens, mostReads = max(mostTokens, tokens[r]), max(mostReads, reads[r])
				}
				distinct += float64(mostReads) / float64(draws*Layers)
				copies += float64(mostTokens) / float64(draws*Layers)
			}
		}
		got := c.setup.Busiest(cover)
		mean := float64(c.tokens*c.topK) / float64(c.setup.Ranks)
		// Independence of the experts of a token costs 1 %, the draws another: 3 %.
		near(t, fmt.Sprintf("distinct, %+v", c.setup), got.Distinct(float64(c.tokens)), distinct, 0.03)
		if mean >= 2 { // persistent part and noise add up in quadrature, as if normal: 8 %
			near(t, fmt.Sprintf("tokens, %+v", c.setup), got.Imbalance(float64(c.tokens))*mean, copies, 0.08)
		}
	}
}

// Off is what the step model was fitted on, to the bit.
func TestOff(t *testing.T) {
	cover := routing.NewCoverage(routing.Inclusion(256, 8, 1), 8)
	got := Setup{Ranks: 32, Spare: 32, Drift: 0.3, Tokens: 7}.Busiest(cover)
	want := routing.NewRanks(cover, 32)
	for tokens := 0.01; tokens < 1e7; tokens *= 1.7 {
		if got.Distinct(tokens) != want.Distinct(tokens) || got.Imbalance(tokens) != want.Imbalance(tokens) {
			t.Errorf("%g tokens: off is not routing.NewRanks", tokens)
		}
	}
}

func TestKey(t *testing.T) {
	static := Setup{Policy: Static, Ranks: 8, Spare: 16, Drift: 0.1, Tokens: 100, Interval: 5}
	for _, c := range []struct {
		change func(s *Setup)
		same   bool
	}{
		{func(s *Setup) { s.Tokens = 3 }, true},
		{func(s *Setup) { s.Interval = 3 }, true},
		{func(s *Setup) { s.Nodes = 1 }, true},
		{func(s *Setup) { s.Drift = 0.2 }, false},
		{func(s *Setup) { s.Spare = 8 }, false},
		{func(s *Setup) { s.Groups = 8 }, false},
	} {
		other := static
		c.change(&other)
		if (static.Key() == other.Key()) != c.same {
			t.Errorf("keys %+v and %+v, want the same: %v", static.Key(), other.Key(), c.same)
		}
	}
	if got := (Setup{Policy: Online, Ranks: 8, Tokens: 100}).Key().Tokens; got != 128 {
		t.Errorf("100 tokens count as %g, want 128", got)
	}
}

// Drift keeps the sum and the bounds of inclusion probabilities.
func TestDrifted(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, sigma := range []float64{0, 0.12, 1, 3} {
		for _, skew := range []float64{0, 1, 3} {
			pi := routing.Inclusion(64, 8, skew)
			out := moved(pi, func(float64) float64 { return sigma }, random)
			near(t, "sum", sum(out), 8, 1e-6)
			for i, p := range out {
				if !(p >= 0 && p <= 1) {
					t.Errorf("sigma %g: a probability of %g", sigma, p)
				}
				if sigma == 0 && math.Abs(p-pi[i]) > 1e-12 {
					t.Errorf("without drift %g becomes %g", pi[i], p)
				}
			}
		}
	}
}

func BenchmarkBusiest(b *testing.B) {
	for _, c := range []struct {
		name    string
		experts int
		setup   Setup
	}{
		{"EPLB32", 256, Setup{Policy: Static, Ranks: 32, Nodes: 4, Groups: 8, Spare: 32, Drift: 0.12}},
		{"EPLB8", 256, Setup{Policy: Static, Ranks: 8, Spare: 32, Drift: 0.12}},
		{"EPLB4of512", 512, Setup{Policy: Static, Ranks: 4, Spare: 32, Drift: 0.12}},
		{"Online144", 256, Setup{Policy: Online, Ranks: 144, Nodes: 18, Groups: 8, Spare: 32, Interval: 3000, Tokens: 4096}},
		{"Distinct32", 256, Setup{Policy: Static, Objective: Distinct, Ranks: 32, Spare: 32, Tokens: 128}},
		{"Distinct8", 256, Setup{Policy: Static, Objective: Distinct, Ranks: 8, Spare: 32, Tokens: 128}},
	} {
		cover := routing.NewCoverage(routing.Inclusion(c.experts, 8, 1.05), 8)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.setup.Busiest(cover).Distinct(64)
			}
		})
	}
}

// Statistics that have nothing left to do with the traffic place experts no worse than
// any order does: replicas of the wrong experts even ranks out, too. 10 %: the busiest rank of a layer varies by 15 %
// from order to order, and four layers stand for all. Without skew and spare slots nothing is lost at all.
func TestStaleStatistics(t *testing.T) {
	for _, skew := range []float64{0, 0.5, 1} {
		c := routing.NewCoverage(routing.Inclusion(256, 8, skew), 8)
		inOrder := Setup{Ranks: 16}.Busiest(c).Persistent()
		for _, spare := range []int{0, 32} {
			if skew == 0 && spare > 0 {
				continue // replicas of some experts make ranks uneven that were even
			}
			for _, drift := range []float64{0, 0.12, 0.5, 1, 3} {
				most := 1.1 * inOrder
				if skew == 0 {
					most = 1 + 1e-9
				}
				if got := (Setup{Policy: Static, Ranks: 16, Spare: spare, Drift: drift}).Busiest(c).Persistent(); got > most {
					t.Errorf("at skew %g, %d spare and drift %g the busiest of 16 ranks has %.4g of the mean, in order %.4g", skew, spare, drift, got, inOrder)
				}
			}
		}
	}
}
