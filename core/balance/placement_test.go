package balance

import (
	"math"
	"testing"

	"moecost/core/routing"
)

func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Abs(want)) {
		t.Errorf("for %s, got %.6g, want %.6g ± %.3g %%", what, got, want, 100*relative)
	}
}

func sum(xs []float64) float64 {
	s := 0.0
	for _, x := range xs {
		s += x
	}
	return s
}

// Weights of the README of EPLB; 12 experts in order on 4 ranks, added up by hand.
func TestContiguous(t *testing.T) {
	p := Contiguous(12, 4)
	loads := p.Loads(nil, []float64{90, 132, 40, 61, 104, 165, 39, 4, 73, 56, 183, 86})
	for r, want := range []float64{262, 330, 116, 325} {
		near(t, "load", loads[r], want, 0)
	}
	near(t, "max over mean", MaxOverMean(loads), 1.2778, 1e-4)
	loads = p.Loads(loads, []float64{20, 107, 104, 64, 19, 197, 187, 157, 172, 86, 16, 27})
	near(t, "max over mean", MaxOverMean(loads), 1.7855, 1e-4)

	odd := Contiguous(10, 4)
	for r, want := range []float64{2, 3, 2, 3} { // as routing.Ranks cuts them
		near(t, "experts of a rank", odd.Loads(nil, []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1})[r], want, 0)
	}
}

// Distinct reads: sums known in closed form, and an expert that its rank holds twice.
func TestDistinct(t *testing.T) {
	pi := routing.Inclusion(64, 6, 1)
	p := Contiguous(64, 8)
	for _, tokens := range []float64{0.5, 1, 7, 300} {
		near(t, "sum of reads", sum(p.Distinct(nil, pi, tokens)), routing.ExpectedDistinct(pi, tokens), 1e-12)
	}
	// Experts 0 and 1 on two ranks; expert 0 once on each: it is read there with probability 1-(1-pi/2)^T.
	split := Placement{Ranks: 2, Expert: []int32{0, 1, 0, Empty}, Copies: []int32{2, 1}}
	reads := split.Distinct(nil, []float64{0.8, 0.2}, 3)
	near(t, "rank 0", reads[0], 1-math.Pow(0.6, 3)+1-math.Pow(0.8, 3), 1e-12)
	near(t, "rank 1", reads[1], 1-math.Pow(0.6, 3), 1e-12)
	twice := Placement{Ranks: 2, Expert: []int32{0, 0, 1, Empty}, Copies: []int32{2, 1}}
	reads = twice.Distinct(reads, []float64{0.8, 0.2}, 3)
	near(t, "rank 0", reads[0], 1-math.Pow(0.2, 3), 1e-12)
	if got := split.Distinct(nil, []float64{0.8, 0.2}, 0); got[0] != 0 || got[1] != 0 {
		t.Errorf("for no tokens, got %v, want zeros", got)
	}
}

func TestMaxOverMean(t *testing.T) {
	for _, c := range []struct {
		loads []float64
		want  float64
	}{
		{[]float64{5, 5, 5}, 1}, {[]float64{0, 0}, 1}, {nil, 1},
		{[]float64{100, 0, 0, 0}, 4}, // vLLM's case of load statistics: balancedness 0.25
	} {
		near(t, "max over mean", MaxOverMean(c.loads), c.want, 0)
	}
}

// vLLM's case of slots that hold nothing (tests/distributed/test_eplb_algo.py): slots with
// -1 count for no expert.
func TestUnusedSlots(t *testing.T) {
	for _, expert := range [][]int32{{0, 1, -1, 2, 3, -1}, {3, -1, 2, 1, 0, -1}} {
		p := Placement{Ranks: 2, Expert: expert, Copies: []int32{1, 1, 1, 1}}
		near(t, "sum of loads", sum(p.Loads(nil, []float64{1, 2, 3, 4})), 10, 0)
		near(t, "sum of reads", sum(p.Distinct(nil, []float64{1, 1, 1, 1}, 5)), 4, 0)
	}
}

// Balancedness as vLLM prints it is mean over max, as SGLang with 1e-5 added to both.
func TestBalancedness(t *testing.T) {
	loads := []float64{100, 0, 0, 0}
	near(t, "vLLM: mean 50 of two layers over 200", (25+25)/(100+100.0), 1/MaxOverMean(loads), 0)
	near(t, "SGLang", (25+1e-5)/(100+1e-5), 1/MaxOverMean(loads), 1e-6)
}
