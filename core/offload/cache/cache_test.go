package cache

import (
	"math"
	"testing"

	"moecost/core/routing"
)

func traffic(experts, topK int, sigma, tokens float64, layers int) Traffic {
	return Traffic{Coverage: routing.NewCoverage(routing.Inclusion(experts, topK, sigma), topK), Sequences: tokens, Each: 1, Layers: layers}
}

func TestEndsAndOrder(t *testing.T) {
	for _, sigma := range []float64{0, 0.5, 1, 2} {
		for _, tokens := range []float64{1, 3.5, 64} {
			tr := traffic(128, 8, sigma, tokens, 48)
			tr.Drift = 0.12
			for _, p := range Policies {
				if got := tr.HitRate(p, 0); got != 0 {
					t.Errorf("sigma %g, %g tokens, %s: for share 0, got %g, want 0", sigma, tokens, p, got)
				}
				if got := tr.HitRate(p, 1); got != 1 {
					t.Errorf("sigma %g, %g tokens, %s: for share 1, got %g, want 1", sigma, tokens, p, got)
				}
				before := 0.0
				for share := 1e-4; share < 1; share += 4e-3 {
					got := tr.HitRate(p, share)
					// Neither below what fewer slots answer nor above 1; 1e-6 is the coverage table's own error.
					if !(got >= before-1e-6 && got <= 1+1e-6) {
						t.Fatalf("sigma %g, %g tokens, %s: for share %g, got %g after %g", sigma, tokens, p, share, got, before)
					}
					// Continuous: no jump but that of the global cache at whole steps.
					if p != Global && got-before > 0.12 {
						t.Fatalf("sigma %g, %g tokens, %s: at share %g the rate jumps from %g to %g", sigma, tokens, p, share, before, got)
					}
					before = got
				}
				if p != Global && before < 0.99 {
					t.Errorf("sigma %g, %g tokens, %s: at share 0.999 the rate is only %g", sigma, tokens, p, before)
				}
			}
		}
	}
}

func TestUniformTrafficHitsItsShare(t *testing.T) {
	// When all experts are equally popular no policy knows better: the rate is the share held.
	tr := traffic(128, 8, 0, 1, 48)
	for _, p := range []Policy{Static, LRU, LFU} {
		for _, share := range []float64{0.05, 0.25, 0.5, 0.9} {
			if got := tr.HitRate(p, share); math.Abs(got-share) > 1e-5 {
				t.Errorf("%s: for share %g, got %g", p, share, got)
			}
		}
	}
}

func TestLognormalHotList(t *testing.T) {
	// Phi(sigma r - PhiInverse(1-c)) is exact for many experts and no cap at 1:
	// 4,096 experts and top-1 come within 0.4 points (midpoints stand for the tail).
	for _, row := range []struct{ share, drift, want float64 }{
		{0.10, 0, 0.389}, {0.25, 0, 0.627}, {0.50, 0, 0.841},
		// r = 1/sqrt(1+drift²): 0.7071 at drift 1.
		{0.10, 1, 0.283}, {0.25, 1, 0.513}, {0.50, 1, 0.760},
	} {
		tr := traffic(4096, 1, 1, 1, 1)
		tr.Drift = row.drift
		if got := tr.HitRate(Static, row.share); math.Abs(got-row.want) > 0.004 {
			t.Errorf("for share %g and drift %g, got %.4f, want %.3f", row.share, row.drift, got, row.want)
		}
	}
}

func TestGlobalCacheHasItsCliff(t *testing.T) {
	for _, tokens := range []float64{1, 16} {
		tr := traffic(128, 8, 1, tokens, 48)
		below, above := tr.HitRate(Global, 0.9*tr.Cycle()), tr.HitRate(Global, 1.1*tr.Cycle())
		if below > 1e-6 || above < 0.15 {
			t.Errorf("for %g tokens: %g just below one cycle, %g just above", tokens, below, above)
		}
	}
}

func TestReturning(t *testing.T) {
	for _, rho := range []float64{0.05, 0.2, 0.5} {
		// The sum itself, term by term.
		sum, worst := 1.0, 0.0
		for n := 1.0; n < 1000; n++ {
			worst = max(worst, math.Abs(returning(n, rho)/sum-1))
			sum += Returning(n, sum, rho)
		}
		if worst > 0.025 {
			t.Errorf("rho %g: off by %.1f %%", rho, 100*worst)
		}
	}
	if got := returning(7, 0); got != 7 {
		t.Errorf("for independent tokens, got %g of 7", got)
	}
}

func TestThresholdFillsTheList(t *testing.T) {
	for _, sigma := range []float64{0, 0.3, 1, 3} {
		pi := routing.Inclusion(256, 8, sigma)
		for _, drift := range []float64{1e-6, 0.12, 1, 4} {
			for _, slots := range []float64{0.01, 1, 7.5, 128, 255, 255.99} {
				theta, sum := threshold(pi, slots, drift), 0.0
				for _, p := range pi {
					part, _ := listed(p, theta, drift)
					sum += part
				}
				// Of experts equally popular, and a list that is hardly stale, theta is ill-determined: a thousandth of a slot.
				if math.Abs(sum-slots) > 1e-3 {
					t.Errorf("sigma %g, drift %g: %g slots hold %g experts", sigma, drift, slots, sum)
				}
			}
		}
	}
}

func BenchmarkHitRate(b *testing.B) {
	for _, p := range Policies {
		b.Run(string(p), func(b *testing.B) {
			tr := traffic(256, 8, 1, 1, 58)
			tr.Drift, tr.Correlation = 0.12, 0.2
			for b.Loop() {
				tr.HitRate(p, 0.3)
			}
		})
	}
}
