package chart

import (
	"math"
	"testing"
)

// simulated are scenarios with a tail: mixtures and a dense model, a rate, causes left out, an objective on the axis.
var simulated = []string{
	"", "model=llama-3.1-70b&gpus=4&tpot=60", "model=mixtral-8x7b&gpus=2&without=prefill", "model=qwen3-235b-a22b&gpus=8&rate=2", "split=1&without=routing,batch,domain,prefill,moves,speed",
}

// TestTailFallsToEachPercentile: the curve of the steps falls, and reads 50, 10, 1 and 0.1 % at the report's percentiles.
func TestTailFallsToEachPercentile(t *testing.T) {
	for _, q := range simulated {
		r := build(t, q)
		if o := tail(r, Box{587, 380}, Light); len(o.Series) != 0 {
			t.Errorf("for %q: %d series before the simulation", q, len(o.Series))
		}
		r.Simulate(true)
		at := []float64{r.Tail.P50, r.Tail.P90, r.Tail.P99, r.Tail.P999}
		curve := exceedance(r, at)
		for i := 1; i < len(curve); i++ {
			if curve[i].seconds < curve[i-1].seconds || curve[i].share > curve[i-1].share {
				t.Errorf("for %q: the curve rises from %+v to %+v", q, curve[i-1], curve[i])
			}
		}
		for i, l := range tailLevels {
			found := math.Inf(1)
			for _, p := range curve {
				if p.seconds == at[i] {
					found = math.Min(found, math.Abs(p.share-l.share))
				}
			}
			// Where several steps take exactly as long, the curve falls past a percentile at its time.
			if !(found < 0.02*l.share+1e-9) && !(i > 0 && at[i] == at[i-1]) {
				t.Errorf("for %q: at %s the curve is off by %g of %g", q, l.name, found, l.share)
			}
		}
		for _, draw := range []func() Option{
			func() Option { return tail(r, Box{358, 320}, Dark) }, func() Option { return causes(r, Box{358, 320}, Dark) }, func() Option { return skewed(r, Box{358, 320}, Dark) },
		} {
			if _, err := draw().JSON(); err != nil {
				t.Errorf("for %q: %v", q, err)
			}
		}
	}
}

// TestCausesAreDrawnWithNoneAndAll: a row for none, one for each of the six, one for the scenario; the P99 is never left of the median.
func TestCausesAreDrawnWithNoneAndAll(t *testing.T) {
	for _, q := range simulated {
		r := build(t, q)
		r.Simulate(true)
		rows := causeRows(r)
		if len(rows) != 8 {
			t.Errorf("for %q: %d rows, want 8", q, len(rows))
		}
		for _, c := range rows {
			if c.spread.P99 < c.spread.P50 || c.name == "" {
				t.Errorf("for %q: %+v", q, c)
			}
		}
	}
}
