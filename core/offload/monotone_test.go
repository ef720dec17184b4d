package offload

import (
	"testing"

	"moecost/core/offload/cache"
	"moecost/core/serving"
)

// TestLargerCacheIsNotSlower goes from no cache to one of all experts, for every policy of caches and of missing experts.
// A hundredth is left to the thresholds between which Hybrid divides: it tells whole numbers of tokens apart. Below what a
// step takes with all experts in place there is an order no more: a few experts that the CPU computes meanwhile make it shorter.
func TestLargerCacheIsNotSlower(t *testing.T) {
	for _, evict := range cache.Policies {
		for _, w := range []serving.Work{{Decode: 1, Context: 1152}, {Decode: 4, Context: 1152}, {Decode: 32, Context: 1152}} {
			var before [PolicyCount]Time
			for i, share := range []float64{0, 0.001, 0.01, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 0.9, 0.999, 1} {
				plan := plan(t, "qwen3-30b-a3b", "rtx4090", func(s *Setting) { s.Evict, s.Cache = evict, share })
				times, resident := plan.Times(w), plan.timing.Resident(w).Seconds
				for p := Cached; p < PolicyCount && i > 0; p++ {
					if times[p].Seconds > 1.01*max(before[p].Seconds, resident) {
						t.Errorf("%s, %g sequences: with a cache of %g %s takes %g s, with a smaller one %g", evict, w.Decode, share, p, times[p].Seconds, before[p].Seconds)
					}
				}
				before = times
			}
		}
	}
}

// TestFewLayersOnTheCPU has llama.cpp keep next to no layer on the CPU: a thousandth of the hand-overs is left.
func TestFewLayersOnTheCPU(t *testing.T) {
	p := plan(t, "qwen3-30b-a3b", "rtx4090", func(s *Setting) { s.Host, s.Mapped = 0.001, 61e9 })
	near(t, "a thousandth on the CPU", p.Time(CPU, one).Seconds, p.timing.Resident(one).Seconds, 0.01)
}
