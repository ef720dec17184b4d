package serving

import "testing"

// Tokens per expert that an H100 needs to be bound by arithmetic: 989e12 x 2 /
// (2 x 3.35e12) = 295 in BF16, and as many in FP8; times E/k.
func TestSaturationTokens(t *testing.T) {
	for _, c := range []struct {
		model string
		want  float64
	}{{"mixtral-8x7b", 295 * 4}, {"qwen3-30b-a3b", 295 * 16}, {"deepseek-v3", 295 * 32}, {"kimi-k2", 295 * 48}, {"llama-3.1-70b", 0}} {
		d := deploy(t, c.model, "h100-sxm", "vllm", tp8)
		near(t, c.model, SaturationTokens(&d), c.want, 0.01) // scales of FP8 blocks are 0.02 %
	}
}
