package routing

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestPopularityOfLaw: the lognormal is the popularity that the step model was
// fitted on, to the bit, and the power law is the other one.
func TestPopularityOfLaw(t *testing.T) {
	for _, c := range []struct{ experts, without, topK int }{{256, 0, 8}, {512, 256, 12}, {8, 0, 2}, {4, 0, 4}} {
		got, want := (Popularity{Skew: 1}).Layers(c.experts, c.without, c.topK), InclusionAmong(c.experts, c.without, c.topK, 1)
		if len(got) != 1 || len(got[0]) != len(want) {
			t.Fatalf("%+v: %d layers", c, len(got))
		}
		for i := range want {
			if got[0][i] != want[i] {
				t.Fatalf("%+v: expert %d: got %v, want %v", c, i, got[0][i], want[i])
			}
		}
	}
	got, want := (Popularity{Law: Power, Skew: 1.2}).Layers(128, 0, 8)[0], PowerLaw(128, 8, 1.2)
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("power law: expert %d: got %v, want %v", i, got[i], want[i])
		}
	}
	if len((Popularity{Law: Power, Skew: 1}).Layers(512, 256, 12)[0]) != 512 {
		t.Error("power law: experts without weights are among those with")
	}
}

// TestPopularityOfCounts: each usable row becomes inclusion probabilities that sum
// to top-k, in the order of ids; rows of zeros and of other models are left out.
func TestPopularityOfCounts(t *testing.T) {
	counts := &Counts{Layers: [][]float64{{10, 20, 30, 40}, {0, 0, 0, 0}, {5, 5, 5, 5}, {1, 2, 3}}}
	p := Popularity{Skew: 1, Counts: counts}
	layers := p.Layers(4, 0, 2)
	if len(layers) != 2 || counts.Inclusion(5, 0, 2) != nil {
		t.Fatalf("got %v", layers)
	}
	for i, want := range []float64{0.2, 0.4, 0.6, 0.8} {
		if math.Abs(layers[0][i]-want) > 1e-15 || layers[1][i] != 0.5 {
			t.Errorf("expert %d: got %v and %v", i, layers[0][i], layers[1][i])
		}
	}
	if fallback := p.Layers(6, 0, 2); len(fallback) != 1 || fallback[0][0] != Inclusion(6, 2, 1)[0] {
		t.Errorf("for experts that were not counted, got %v, want the law", fallback)
	}
	// Six experts with weights, two without: counted, they take their share; not counted, the mean one.
	both := Popularity{Counts: &Counts{Layers: [][]float64{{1, 1, 1, 1, 1, 1, 6, 6}, {1, 1, 1, 1, 1, 1}}}}.Layers(6, 2, 2)
	if len(both) != 2 || math.Abs(both[0][0]-1.0/9) > 1e-15 || math.Abs(both[1][0]-0.25) > 1e-15 {
		t.Errorf("experts without weights: got %v", both)
	}
}

// TestMeanCoverage: the table of several layers is the mean of their sums.
func TestMeanCoverage(t *testing.T) {
	layers := [][]float64{Inclusion(64, 6, 0.5), Inclusion(64, 6, 1.5), Inclusion(64, 6, 0)}
	c := MeanCoverage(layers, 6)
	for _, tokens := range []float64{0.01, 0.3, 1, 7, 100, 5000, 1e7} {
		want := (ExpectedDistinct(layers[0], tokens) + ExpectedDistinct(layers[1], tokens) + ExpectedDistinct(layers[2], tokens)) / 3
		if got := c.Distinct(tokens); math.Abs(got/want-1) > 1e-6 {
			t.Errorf("%g tokens: got %v, want %v", tokens, got, want)
		}
	}
	same := MeanCoverage([][]float64{layers[1], layers[1]}, 6)
	a, b := NewRanks(same, 8), NewRanks(NewCoverage(layers[1], 6), 8)
	if d := a.Distinct(40)/b.Distinct(40) - 1; math.Abs(d) > 1e-12 {
		t.Errorf("twice the same layer reads %g more on the busiest rank", d)
	}
	if d := a.Imbalance(1e6)/b.Imbalance(1e6) - 1; math.Abs(d) > 0.05 { // other random orders
		t.Errorf("twice the same layer loads the busiest rank %g more", d)
	}
}

// TestSpread: closed forms of the lognormal. 1 % is what 20,000 quantiles leave of
// the tail, and 2 % the CV, which lives in it.
func TestSpread(t *testing.T) {
	for _, sigma := range []float64{0, 0.3, 1} {
		row := Inclusion(20_000, 20, sigma)
		rand.New(rand.NewPCG(3, 4)).Shuffle(len(row), func(i, j int) { row[i], row[j] = row[j], row[i] })
		s := SpreadOf(row)
		if want := math.Erf(sigma / 2); math.Abs(s.Gini-want) > 0.01*want+1e-9 {
			t.Errorf("sigma %g: Gini %g, want %g", sigma, s.Gini, want)
		}
		if want := math.Sqrt(math.Expm1(sigma * sigma)); math.Abs(s.CV-want) > 0.02*want+1e-6 {
			t.Errorf("sigma %g: CV %g, want %g", sigma, s.CV, want)
		}
		if math.Abs(s.Sigma-sigma) > 0.01 {
			t.Errorf("sigma %g: fitted %g", sigma, s.Sigma)
		}
	}
	all := (&Counts{Layers: [][]float64{{1, 3}, {0, 0}, {2, 2}}}).Spread()
	if all.Layers != 2 || all.Experts != 2 || all.MaxOverMean != 1.25 || all.CV != 0.25 || all.Gini != 0.125 {
		t.Errorf("got %+v, want 2 layers of 2 experts, max over mean 1.25, CV 0.25, Gini 0.125", all)
	}
	if none := (&Counts{Layers: [][]float64{{0, 0}}}).Spread(); none != (Spread{}) {
		t.Errorf("for nothing counted, got %+v", none)
	}
}
