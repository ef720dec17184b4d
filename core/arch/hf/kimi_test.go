package hf

import (
	"testing"

	"moecost/core/arch"
)

// The published index of Kimi K3 names 497,220 tensors in 1.42 TiB
// (sqliteai/waste, docs/K3.md). An MXFP4 matrix is two tensors: elements and scales.
func TestKimiK3Index(t *testing.T) {
	m := readConfig(t, "moonshotai__Kimi-K3").Model
	tensors := int64(0)
	count := func(t arch.Tensor) {
		n := t.Copies
		if t.Stored.ID == "mxfp4" {
			n *= 2
		}
		tensors += n
	}
	for t := range m.Tensors() {
		count(t)
	}
	for _, t := range m.Vision {
		count(t)
	}
	if tensors != 497220 {
		t.Errorf("got %d tensors, want 497220", tensors)
	}
	// 1.42 is rounded: 1.415 to 1.425
	if tib := float64(m.CheckpointBytes().Bytes()) / (1 << 40); tib < 1.415 || tib > 1.425 {
		t.Errorf("got %.4f TiB, want 1.42", tib)
	}
	// announced as 2.8T
	if n := m.TotalParams() + m.VisionParams(); n < 275e10 || n > 285e10 {
		t.Errorf("got %d parameters, want 2.8T", n)
	}
}

// The state of Kimi Linear: 20 layers of 32 heads x 128 x 128, and of three
// convolutions of 4,096 channels that remember three tokens
// (kv_cache.csv, last row; 7 latent layers of 576 elements).
func TestKimiLinearState(t *testing.T) {
	m := readConfig(t, "moonshotai__Kimi-Linear-48B-A3B-Instruct").Model
	if got, want := m.StateElementsPerSequence(), int64(20*(32*128*128+3*4096*3)); got != want {
		t.Errorf("state: got %d, want %d", got, want)
	}
	if got, want := m.KVElementsPerToken(), float64(7*576); got != want {
		t.Errorf("KV: got %g, want %g", got, want)
	}
}

// Kimi K2.5 keeps attention, shared experts and the dense layer in BF16 and
// converts the routed experts: groups of 32 with a BF16 scale are 4.5 bits, and
// each of the 60 x 384 x 3 matrices has its shape in 16 bytes beside it.
func TestKimiK25Formats(t *testing.T) {
	m := readConfig(t, "moonshotai__Kimi-K2.5").Model
	params, sizes := m.ParamsByRole(), m.WeightBytesByRole()
	for role := range arch.RoleCount {
		bytes := sizes[role].Bytes()
		if role == arch.RoutedExperts {
			bytes -= 60 * 384 * 3 * 16
		}
		bits := 8 * float64(bytes) / float64(params[role])
		switch {
		case role == arch.RoutedExperts && (bits < 4.5 || bits > 4.50001):
			t.Errorf("routed experts: got %g bits, want 4.5", bits)
		case role == arch.Router && (bits < 16 || bits > 16.01): // the FP32 biases
			t.Errorf("router: got %g bits, want 16", bits)
		case role != arch.RoutedExperts && role != arch.Router && bits != 16:
			t.Errorf("role %d: got %g bits, want 16", role, bits)
		}
	}
}
