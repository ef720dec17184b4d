package tail

import (
	"math"
	"testing"

	"moecost/core/serving"
)

// A lognormal length has the mean and the deviation asked for; of the sequences that
// run at one time each counts by its length, whose mean is then E x² / E x = mean (1 + cv²).
func TestLognormalLengths(t *testing.T) {
	for _, cv := range []float64{0.2, 0.8, 1.5} {
		line := timeline{c: &Case{}, lengths: streamOf(3, lengths, 0)}
		const n, mean = 400_000, 1000
		sum, squares, running := 0.0, 0.0, 0.0
		for range n {
			x := float64(line.length(mean, cv, 0))
			sum += x
			squares += x * x
			running += float64(line.length(mean, cv, 1))
		}
		got := sum / n
		deviation := math.Sqrt(squares/n - got*got)
		// The standard error of the mean is below 0.3 %; that of the deviation of a heavy tail is larger.
		for _, c := range []struct {
			what            string
			got, want, near float64
		}{{"mean", got, mean, 0.01}, {"deviation", deviation, cv * mean, 0.05}, {"running", running / n, mean * (1 + cv*cv), 0.03}} {
			if math.Abs(c.got-c.want) > c.near*c.want {
				t.Errorf("for a cv of %g, got the %s %.1f, want %.1f", cv, c.what, c.got, c.want)
			}
		}
	}
}

// What a cache holds of the prompts need not be prefilled: first tokens come as soon as those
// of prompts that are shorter by it, a little later because more is attended to.
func TestCachedPrompts(t *testing.T) {
	first := func(prompt int64, cached float64) float64 {
		c := Case{
			Timing: timed(t, "deepseek-r1", "h200", "sglang", tp8, serving.Assumptions{Skew: 1}),
			Load:   serving.Load{Batch: 64, Prompt: prompt, Output: 256, Chunk: 16384}, Cached: cached, Rate: 0.5, Seed: 1,
		}
		return run(t, c).TTFT.P50.Value
	}
	whole, cached, short := first(8192, 0), first(8192, 0.75), first(2048, 0)
	if !(cached < 0.6*whole && cached > short && cached < 1.25*short) {
		t.Errorf("for 8,192 tokens, got a median TTFT of %.3f s, with three quarters cached %.3f; for 2,048 %.3f", whole, cached, short)
	}
}
