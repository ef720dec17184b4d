package report

import (
	"testing"

	"moecost/core/offload/cache"
	"moecost/core/scenario"
)

func TestReplaysAreWhole(t *testing.T) {
	if len(shipped()) != 3 {
		t.Fatalf("got %d replays, want those of three models", len(shipped()))
	}
	for _, c := range shipped() {
		if len(c.Rates) != len(cache.Shares) || c.Layers == 0 || c.Steps == 0 || c.TopK == 0 {
			t.Errorf("%s: %+v", c.Name, c)
		}
		for _, row := range c.Rates {
			if len(row) != len(cache.Replayed) {
				t.Fatalf("%s: a row of %d rates", c.Name, len(row))
			}
			if best := row[4]; best < row[1] || best < row[2] || best < row[3] { // the optimum; a list made with hindsight has no cold start
				t.Errorf("%s: an optimum of %g in %v", c.Name, best, row)
			}
		}
	}
}

func TestHitCurve(t *testing.T) {
	s := scenario.Default()
	s.Model, s.Batch = "qwen3-30b-a3b", 1
	r, err := Build(Question{Scenario: s})
	if err != nil {
		t.Fatal(err)
	}
	curve, cycle := r.HitCurve()
	if want := 8.0 / 128; cycle < want*0.999 || cycle > want*1.001 {
		t.Errorf("a token's cycle is %g of the experts, want 8 of 128", cycle)
	}
	for i := 1; i < len(curve); i++ {
		for p := range cache.Policies {
			if curve[i].Rates[p] < curve[i-1].Rates[p]-1e-6 {
				t.Errorf("%s: %g at a share of %g, %g before", cache.Policies[p], curve[i].Rates[p], curve[i].Share, curve[i-1].Rates[p])
			}
		}
	}
	if last := curve[len(curve)-1]; last.Share != 1 || last.Rates != [4]float64{1, 1, 1, 1} {
		t.Errorf("all experts on the GPU: %+v", last)
	}
	s.Model = "llama-3.1-70b"
	if r, err = Build(Question{Scenario: s}); err != nil {
		t.Fatal(err)
	}
	if curve, _ := r.HitCurve(); curve != nil {
		t.Errorf("a dense model has %d points", len(curve))
	}
}
