package plan

import (
	"math"
	"slices"
	"testing"
)

// The closed form against the simulation, at the loads that plans of all kinds run at: its percentile of TPOT is within
// 20 % of the simulated one and on the whole above it; that of TTFT is up to 90 % too short, by a quarter at the median. What the search
// returns is simulated, so an error here costs a worse plan, not a wrong one.
func TestClosedFormAgainstSimulation(t *testing.T) {
	var tpots, ttfts []float64
	for _, c := range []struct {
		model, gpu string
		in, out    int
		cv         float64
		tpot, ttft float64
		rate       float64
	}{
		{"deepseek-v3", "h800", 4096, 512, 0, 50, 2000, 20},
		{"deepseek-v3", "h200", 4096, 512, 1, 50, 4000, 20},
		{"qwen3-30b-a3b", "h100-sxm", 8192, 512, 0.8, 40, 3000, 5},
		{"qwen3-235b-a22b", "h200", 4096, 512, 0, 40, 2000, 10},
	} {
		a := usual(c.model, c.gpu)
		a.In, a.Out, a.InCV, a.OutCV, a.TPOT, a.TTFT, a.Rate = c.in, c.out, c.cv, c.cv, c.tpot, c.ttft, c.rate
		s := ask(t, a)
		for s.Phase() == "search" {
			s.Advance(100)
		}
		for _, ch := range s.cheapest() {
			sim, err := s.simulation(ch.main, &ch.at)
			if err != nil {
				t.Fatal(err)
			}
			sim.Advance(math.MaxInt)
			r := sim.Result()
			what := ch.main.shape.style(ch.main.mode).String() + ", " + ch.main.shape.layout.String()
			if r.Overload {
				t.Errorf("%s on %s, %s: overloaded at %g requests/s", c.model, c.gpu, what, ch.at.rate)
				continue
			}
			tpot := r.TPOT.At(s.t.pct) / ch.at.tpotPct
			tpots = append(tpots, tpot)
			ttft := r.TTFT.At(s.t.pct) / ch.at.ttftPct
			if ch.prefill != nil {
				u, _ := s.unitOf(ch.prefill)
				_, pct, ok := u.simulatePool(&s.t, ch.feed.rate, 1)
				if !ok {
					t.Errorf("%s on %s: the prefill pool is overloaded at %g requests/s", c.model, c.gpu, ch.feed.rate)
				}
				ttft = (pct + u.transfer(&s.t)) / ch.feed.ttftPct
			}
			ttfts = append(ttfts, ttft)
			t.Logf("%s on %s, %s: TPOT %.2f, TTFT %.2f", c.model, c.gpu, what, tpot, ttft)
			if tpot < 0.8 || tpot > 1.2 || ttft < 0.75 || ttft > 1.9 {
				t.Errorf("%s on %s, %s: simulated over closed form, TPOT %.2f, TTFT %.2f", c.model, c.gpu, what, tpot, ttft)
			}
		}
	}
	slices.Sort(tpots)
	slices.Sort(ttfts)
	t.Logf("medians of %d: TPOT %.2f, TTFT %.2f", len(tpots), tpots[len(tpots)/2], ttfts[len(ttfts)/2])
}
