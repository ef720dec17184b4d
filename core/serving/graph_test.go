package serving

import "testing"

// Captured sizes, and the dip that padding makes: gpt-oss-120b on a DGX Spark with 5 users is reported 17 to
// 25 % below the smooth curve through 4 and 8 (dendro-logic.com).
func TestGraphSize(t *testing.T) {
	for _, c := range [][2]float64{{0, 0}, {0.5, 1}, {1, 1}, {3, 4}, {4, 4}, {5, 8}, {8, 8}, {9, 16}, {512, 512}, {513, 513}} {
		if got := GraphSize(c[0]); got != c[1] {
			t.Errorf("for %g, got %g, want %g", c[0], got, c[1])
		}
	}
	d := deploy(t, "gpt-oss-120b", "dgx-spark", "vllm", oneGPU)
	smooth, padded := NewTiming(d, Assumptions{Skew: 1}), NewTiming(d, Assumptions{Skew: 1, Padded: true})
	l := Load{Batch: 5, Prompt: 1024, Output: 128}
	a, b := smooth.DecodeStep(l), padded.DecodeStep(l)
	if dip := 1 - a.Seconds/b.Seconds; dip < 0.1 || dip > 0.35 {
		t.Errorf("5 users lose %.0f %% to padding, want 10 to 35", 100*dip)
	}
	l.Batch = 8
	if a, b := smooth.DecodeStep(l), padded.DecodeStep(l); a != b {
		t.Error("a captured size is padded")
	}
}
