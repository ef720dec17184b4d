package plan

import (
	"math"
	"testing"
)

// On a small space every combination of copies, layout, chunk, drafts and load is tried without any of the search's
// shortcuts; the cheapest is the same. The loads of the brute force lie a fiftieth of a sequence apart.
func TestBruteForce(t *testing.T) {
	for _, c := range []struct {
		model      string
		rate       float64
		tpot, ttft float64
	}{
		{"qwen3-30b-a3b", 20, 20, 800},
		{"qwen3-30b-a3b", 3, 15, 500},
		{"gpt-oss-20b", 30, 15, 500},
	} {
		a := usual(c.model, "h100-sxm")
		a.Rate, a.TPOT, a.TTFT = c.rate, c.tpot, c.ttft
		s := ask(t, a)
		small := s.shapes[:0]
		for _, h := range s.shapes {
			if h.layout.GPUs <= 2 {
				small = append(small, h)
			}
		}
		s.shapes = small
		for s.Phase() == "search" {
			s.Advance(100)
		}
		got := math.Inf(1)
		for _, ch := range s.cheapest() {
			if ch.prefill == nil {
				got = min(got, ch.dollars)
			}
		}
		want := bruteForce(t, s)
		if math.Abs(got-want) > 1e-9*want {
			t.Errorf("for %s at %g requests/s, got $%.4f an hour, want $%.4f", c.model, c.rate, got, want)
		}
	}
}

// bruteForce is the least cost of copies that prefill and decode on the same GPUs.
func bruteForce(t *testing.T, s *Search) float64 {
	t.Helper()
	least := math.Inf(1)
	for _, h := range s.shapes {
		timing := s.timing(h, false)
		for _, chunk := range chunks {
			for _, drafts := range s.drafts {
				u, ok := h.unit(&s.t, timing, chunk, drafts, s.q.Scenario.Accept, s.q.Scenario.Speed/100)
				if !ok {
					continue
				}
				var loads []point
				for n := 0.1; n <= u.seats; n += 0.02 {
					p := u.together(&s.t, n)
					if p.failed == overload {
						break
					}
					loads = append(loads, p)
				}
				for copies := 1; float64(copies)*h.dollars() < least; copies++ {
					if holds(loads, s.t.rate/float64(copies)) {
						least = float64(copies) * h.dollars()
						break
					}
				}
			}
		}
	}
	return least
}

// holds tells whether the load that makes a rate is within the objectives; a point that is above the rate by less than
// the distance of two counts as the one before it.
func holds(loads []point, rate float64) bool {
	for i, p := range loads {
		if p.rate >= rate {
			return p.failed == none || i > 0 && loads[i-1].failed == none && loads[i-1].rate >= rate*(1-1e-3)
		}
	}
	return false
}
