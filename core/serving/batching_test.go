package serving

import (
	"testing"

	"moecost/core/arch"
)

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

func TestTwin(t *testing.T) {
	d := deploy(t, "mixtral-8x7b", "h100-sxm", "vllm", tp8)
	computed, resident := Twin(d.Model, EqualComputed), Twin(d.Model, EqualResident)
	// Mixtral computes 2 of 8 experts: its twin has as many FLOPs, and 46.7 against 12.9 billion weights.
	near(t, "FLOPs", computed.FLOPsPerToken(1000).Total(), d.Model.FLOPsPerToken(1000).Total(), 0.001) // the router is left out
	near(t, "resident", float64(resident.TotalParams()), float64(d.Model.TotalParams()), 0.001)
	near(t, "ratio", float64(resident.TotalParams())/float64(computed.TotalParams()), 46.7/12.9, 0.01)
	if d.Model.Blocks[0].Sublayers[1].MoE == nil {
		t.Error("the model itself was changed")
	}

	// A huge batch touches all experts: the step costs more than the computed twin's,
	// less than the resident twin's at one sequence is read.
	timing := func(m *arch.Model) *Timing { x := d; x.Model = m; return NewTiming(x, Assumptions{}) }
	l := Load{Batch: 64, Prompt: 1000, Output: 1000}
	moe, small, large := timing(d.Model).DecodeStep(l), timing(computed).DecodeStep(l), timing(resident).DecodeStep(l)
	if !(small.Weights < moe.Weights && moe.Weights <= large.Weights*1.001) {
		t.Errorf("touched: twin %g, MoE %g, resident twin %g: want ascending", small.Weights, moe.Weights, large.Weights)
	}
	if !(small.Seconds < moe.Seconds) {
		t.Errorf("64 sequences take %g s, the computed twin %g", moe.Seconds, small.Seconds)
	}
}

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
