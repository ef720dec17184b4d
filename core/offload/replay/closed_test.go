package replay

import (
	"math"
	"testing"

	"moecost/core/offload/cache"
	"moecost/core/routing"
)

// sizes at which closed forms are compared with replays: whole slots of 128 experts.
var sizes = []float64{8. / 128, 12. / 128, 16. / 128, 24. / 128, 32. / 128, 48. / 128, 64. / 128}

// distance is the mean of the difference between a closed form and a replay over the
// sizes, and the largest, in points.
func distance(t *Trace, p cache.Policy, closed func(share float64) float64) (mean, worst float64) {
	for _, share := range sizes {
		miss := 100 * (closed(share) - Run(t, p, int64(math.Round(share*float64(t.Total())))).HitRate())
		mean += math.Abs(miss) / float64(len(sizes))
		if math.Abs(miss) > math.Abs(worst) {
			worst = miss
		}
	}
	return mean, worst
}

func repeat(pi []float64, layers int) [][]float64 {
	all := make([][]float64, layers)
	for i := range all {
		all[i] = pi
	}
	return all
}

// Where the assumptions hold the closed forms are right: independent tokens from one popularity.
func TestClosedFormsOnIndependentTokens(t *testing.T) {
	for _, c := range []struct {
		sigma           float64
		sequences, topK int
	}{{1, 1, 8}, {0.5, 1, 8}, {1, 1, 2}, {1, 4, 4}, {1, 12, 8}} {
		const layers = 12
		pi := routing.Inclusion(128, c.topK, c.sigma)
		trace := synthetic(repeat(pi, layers), draw{Steps: 1200, Sequences: c.sequences, Seed: 1})
		trace.Prompt = 400 // fills the caches
		traffic := cache.Traffic{Coverage: routing.NewCoverage(pi, c.topK), Sequences: float64(c.sequences), Each: 1, Layers: layers}
		for _, p := range cache.Policies {
			if _, worst := distance(trace, p, func(share float64) float64 { return traffic.HitRate(p, share) }); math.Abs(worst) > 2 {
				t.Errorf("sigma %g, %d sequences, top-%d, %s: off by %.1f points", c.sigma, c.sequences, c.topK, p, worst)
			}
		}
	}
}

// The same for sequences that return to their own experts: layers then differ by chance,
// and what a concave curve gives for their mean is more than the mean of what it gives, by up to 4.5 points for one sequence.
// A cache over all layers has its corners besides, where it is off by more (7.5).
func TestClosedFormsOnCorrelatedTokens(t *testing.T) {
	for sequences, limits := range map[int]map[cache.Policy]float64{
		1: {cache.LRU: 4.5, cache.Global: 7.5}, 4: {cache.LRU: 2, cache.Global: 2.5}} {
		const layers = 24
		pi := routing.Inclusion(128, 8, 1)
		trace := synthetic(repeat(pi, layers), draw{Steps: 600, Sequences: sequences, Correlation: cache.DefaultCorrelation, Seed: 3})
		trace.Prompt = 100
		traffic := cache.Traffic{Coverage: routing.NewCoverage(pi, 8), Sequences: float64(sequences), Each: 1, Layers: layers, Correlation: cache.DefaultCorrelation}
		for p, limit := range limits {
			if _, worst := distance(trace, p, func(share float64) float64 { return traffic.HitRate(p, share) }); math.Abs(worst) > limit {
				t.Errorf("%d sequences, %s: off by %.1f points", sequences, p, worst)
			}
		}
	}
}

// Real routing, where the assumptions do not hold: the law that the page uses, which knows
// nothing of the trace but top-k, and the trace's own popularity with independent tokens. docs/offload.md
// has the table.
func TestClosedFormsOnRealTraces(t *testing.T) {
	for _, c := range []struct {
		trace        string
		topK         int
		policy       cache.Policy
		law, ownMean float64 // points, mean over sizes
	}{
		{"qwen", 6, cache.LRU, 1.5, 6.5}, {"qwen", 6, cache.LFU, 2.3, 4}, {"qwen", 6, cache.Global, 2.5, 7},
		{"gemma", 6, cache.LRU, 1.7, 6}, {"gemma", 6, cache.LFU, 2, 3.5}, {"gemma", 6, cache.Global, 2, 6},
		{"gptoss", 2, cache.LRU, 10, 9}, {"gptoss", 2, cache.LFU, 10, 13}, {"gptoss", 2, cache.Global, 11, 10},
	} {
		trace := readTrace(t, c.trace)
		trace.Bytes = nil
		law := traffic(routing.Inclusion(trace.Experts, c.topK, 1), c.topK, trace.Layers())
		law.Correlation = cache.DefaultCorrelation
		var own []cache.Traffic
		for _, pi := range trace.Popularity() {
			own = append(own, traffic(pi, c.topK, trace.Layers()))
		}
		mean, worst := distance(trace, c.policy, func(share float64) float64 { return law.HitRate(c.policy, share) })
		ownMean, ownWorst := distance(trace, c.policy, func(share float64) float64 {
			sum := 0.0
			for _, layer := range own {
				sum += layer.HitRate(c.policy, share) / float64(len(own))
			}
			return sum
		})
		t.Logf("%-6s %-6s law: mean %.1f, worst %.1f; own popularity: mean %.1f, worst %.1f", c.trace, c.policy, mean, worst, ownMean, ownWorst)
		if mean > c.law || ownMean > c.ownMean {
			t.Errorf("%s, %s: off by %.1f and %.1f points on average: want %g and %g", c.trace, c.policy, mean, ownMean, c.law, c.ownMean)
		}
	}
}

func traffic(pi []float64, topK, layers int) cache.Traffic {
	return cache.Traffic{Coverage: routing.NewCoverage(pi, topK), Sequences: 1, Each: 1, Layers: layers}
}
