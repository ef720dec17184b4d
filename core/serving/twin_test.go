package serving

import (
	"testing"

	"moecost/core/arch"
)

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
