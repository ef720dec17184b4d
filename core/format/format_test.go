package format

import (
	"math"
	"testing"
)

// TestGGUFBlocks holds every block type against the sizes that
// ggml/src/ggml-common.h of llama.cpp asserts, and against the bits per weight
// that its comments and documentation state.
func TestGGUFBlocks(t *testing.T) {
	for _, c := range []struct {
		number          uint32
		id              string
		elements, bytes int64
		bitsPerWeight   float64
	}{
		{0, "fp32", 1, 4, 32}, {1, "fp16", 1, 2, 16}, {30, "bf16", 1, 2, 16},
		{2, "q4_0", 32, 18, 4.5}, {3, "q4_1", 32, 20, 5}, {6, "q5_0", 32, 22, 5.5}, {7, "q5_1", 32, 24, 6}, {8, "q8_0", 32, 34, 8.5},
		{10, "q2_k", 256, 84, 2.625}, {11, "q3_k", 256, 110, 3.4375}, {12, "q4_k", 256, 144, 4.5}, {13, "q5_k", 256, 176, 5.5}, {14, "q6_k", 256, 210, 6.5625},
		{16, "iq2_xxs", 256, 66, 2.0625}, {17, "iq2_xs", 256, 74, 2.3125}, {18, "iq3_xxs", 256, 98, 3.0625}, {19, "iq1_s", 256, 50, 1.5625},
		{20, "iq4_nl", 32, 18, 4.5}, {21, "iq3_s", 256, 110, 3.4375}, {22, "iq2_s", 256, 82, 2.5625}, {23, "iq4_xs", 256, 136, 4.25}, {29, "iq1_m", 256, 56, 1.75},
		{34, "tq1_0", 256, 54, 1.6875}, {35, "tq2_0", 256, 66, 2.0625}, {39, "mxfp4-gguf", 32, 17, 4.25}, {40, "nvfp4-gguf", 64, 36, 4.5},
		{41, "q1_0", 128, 18, 1.125}, {42, "q2_0", 64, 18, 2.25},
	} {
		f, ok := ByGGMLType(c.number)
		if !ok || f.ID != c.id {
			t.Errorf("for type %d, got %q, want %q", c.number, f.ID, c.id)
			continue
		}
		if got := f.SizeOf([]int64{1, c.elements}).Bytes(); got != c.bytes {
			t.Errorf("for one block of %s, got %d bytes, want %d", c.id, got, c.bytes)
		}
		if got := f.SizeOf([]int64{7, 3, 4 * c.elements}).Bytes(); got != 7*3*4*c.bytes {
			t.Errorf("for 7 × 3 rows of four blocks of %s, got %d bytes, want %d", c.id, got, 7*3*4*c.bytes)
		}
		if got := f.BitsPerElement(); got != c.bitsPerWeight {
			t.Errorf("for %s, got %g bits per weight, want %g", c.id, got, c.bitsPerWeight)
		}
	}
	if f, ok := ByGGMLType(4); ok {
		t.Errorf("for the withdrawn type 4, got %+v", f)
	}
}

// TestBlockScaled compares whole tensors with the shapes that checkpoints
// store beside the weights.
func TestBlockScaled(t *testing.T) {
	check := func(what string, f Format, shape []int64, payload, scales int64) {
		t.Helper()
		if got := f.SizeOf(shape); got != (Size{payload, scales}) {
			t.Errorf("for %s, got %+v, want {%d %d}", what, got, payload, scales)
		}
	}
	expert := []int64{2048, 7168} // gate_proj of DeepSeek-V3
	// weight_scale_inv F32 [16, 56]
	check("DeepSeek-V3 gate_proj", FP8, expert, 2048*7168, 16*56*4)
	check("DeepSeek-V3 kv_a_proj, a partial block of 64 rows", FP8, []int64{576, 7168}, 576*7168, 5*56*4)
	check("the same with E8M0 scales", FP8ByteScale, expert, 2048*7168, 16*56)
	// modelopt: weight U8 [2048, 3584], weight_scale F8_E4M3 [2048, 448], weight_scale_2 and input_scale F32
	check("DeepSeek-R1-FP4 gate_proj", NVFP4, expert, 2048*3584, 2048*448+8)
	// gpt-oss-120b: gate_up_proj_blocks U8 [128, 5760, 90, 16], gate_up_proj_scales U8 [128, 5760, 90]
	check("gpt-oss-120b gate_up_proj", MXFP4, []int64{128, 5760, 2880}, 128*5760*90*16, 128*5760*90)
	// AWQ: qweight I32 [7168, 256], scales F16 [56, 2048], qzeros I32 [56, 256]
	check("AWQ", INT4, expert, 7168*256*4, 56*2048*2+56*256*4)
	// Kimi K2 Thinking: weight_packed I32 [2048, 896], weight_scale BF16 [2048, 224], weight_shape I64 [2]
	check("compressed-tensors group 32", IntGroups(4, 32, false), expert, 2048*896*4, 2048*224*2+16)
	check("GPTQ with 3 bits", IntGroups(3, 128, true), expert, 2048*7168*3/8, 56*(2048*2+2048*3/8))
	check("INT8 per row", INT8, expert, 2048*7168, 2048*4)
	check("FP8 per tensor", FP8Tensor, expert, 2048*7168, 8)
	check("a vector in BF16", BF16, []int64{7168}, 7168*2, 0)
	check("a scalar", FP32, nil, 4, 0)
}

func TestBitsPerElement(t *testing.T) {
	for _, c := range []struct {
		f    Format
		want float64
	}{{FP8, 8 + 32.0/(128*128)}, {NVFP4, 4.5}, {MXFP4, 4.25}, {INT4, 4 + 20.0/128}, {IntGroups(4, 32, false), 4.5}, {NF4, 4.5}} {
		if got := c.f.BitsPerElement(); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("for %s, got %g, want %g", c.f.ID, got, c.want)
		}
	}
}

func TestRegistry(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range All() {
		if seen[f.ID] || f.ID == "" || f.Name == "" || f.Bits <= 0 || f.Arithmetic == "" || f.Source == "" || (f.BlockRows > 0) != (f.BlockCols > 0) {
			t.Errorf("%q: id used twice, or a field is missing: %+v", f.ID, f)
		}
		seen[f.ID] = true
		if got, ok := ByID(f.ID); !ok || got != f {
			t.Errorf("for %s, got %+v", f.ID, got)
		}
	}
	for _, f := range KVFormats() {
		if got, ok := KVByID(f.ID); !ok || got != f {
			t.Errorf("for KV format %s, got %+v: used twice", f.ID, got)
		}
	}
	if FP8Blocks(128, 128, 4) != FP8 || FP8Blocks(128, 128, 1) != FP8ByteScale || FP8Blocks(1, 128, 4).ID != "fp8-1x128" {
		t.Error("FP8Blocks does not return the registered formats")
	}
}

func TestPartOf(t *testing.T) {
	for name, want := range map[string]Part{
		"self_attn.q_proj.weight":                   QueryPart,
		"self_attn.k_proj.weight":                   KeyPart,
		"self_attn.v_proj.weight":                   ValuePart,
		"self_attn.o_proj.weight":                   OutputPart,
		"self_attn.qkv_proj.weight":                 FusedQKVPart,
		"self_attn.q_a_proj.weight":                 OtherPart, // MLA
		"self_attn.q_b_proj.weight":                 OtherPart,
		"self_attn.kv_a_proj_with_mqa.weight":       OtherPart,
		"self_attn.kv_b_proj.weight":                OtherPart,
		"mlp.experts.{e}.down_proj.weight":          DownPart,
		"mlp.experts.gate_up_proj":                  UpPart,
		"mlp.shared_experts.gate_proj.weight":       GatePart,
		"block_sparse_moe.experts.{e}.w2.weight":    DownPart,
		"feed_forward.experts.down_proj":            DownPart,
		"blk.3.ffn_down_exps.weight":                DownPart,
		"blk.3.ffn_gate_inp.weight":                 OtherPart,
		"blk.3.attn_k_b.weight":                     OtherPart,
		"blk.3.attn_v.weight":                       ValuePart,
		"mlp.gate.weight":                           OtherPart,
		"model.layers.3.mlp.experts.7.up_proj":      UpPart,
		"linear_attn.in_proj_qkvz.weight":           OtherPart,
		"self_attn.indexer.wq_b.weight":             OtherPart,
		"self_attn.my_v_proj.weight":                OtherPart,
		"self_attn.v_projection.v_proj.weight_data": ValuePart,
	} {
		if got := PartOf(name); got != want {
			t.Errorf("for %s, got part %d, want %d", name, got, want)
		}
	}
}

// TestFallback: rows that are not whole blocks of 256 get the types that
// llama.cpp's tensor_type_fallback names.
func TestFallback(t *testing.T) {
	check := func(scheme string, p Place, want string) {
		t.Helper()
		s, _ := SchemeByID(scheme)
		if f, _ := s.FormatOf(p); f.ID != want {
			t.Errorf("for %s of %+v, got %s, want %s", scheme, p, f.ID, want)
		}
	}
	check("q4_k_m", Place{Kind: RoutedExpert, Part: GatePart, Layer: 20, Layers: 36, Columns: 2880}, "q5_0")
	check("q6_k", Place{Kind: RoutedExpert, Columns: 2880}, "q8_0")
	check("iq2_xs", Place{Kind: RoutedExpert, Part: GatePart, Columns: 2880}, "iq4_nl")
	check("q4_k_m", Place{Kind: Head, Columns: 2880}, "q8_0")
	check("q4_k_m", Place{Kind: RoutedExpert, Part: GatePart, Layer: 20, Layers: 36, Columns: 100}, "fp16")
	check("fp8", Place{Kind: RoutedExpert, Columns: 100}, "fp8")
}
