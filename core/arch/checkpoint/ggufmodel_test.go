package checkpoint

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"moecost/core/arch"
	"moecost/core/arch/hf"
	"moecost/core/format"
)

func describe(t *testing.T, w *ggufWriter) *hf.Reading {
	t.Helper()
	r, err := read(t, "m.gguf", w.bytes(3)).Model()
	if err != nil {
		t.Fatal(err)
	}
	survives(t, r)
	return r
}

// survives checks that a reading can be handed to another program.
func survives(t *testing.T, r *hf.Reading) {
	t.Helper()
	text, err := arch.EncodeReading(r)
	if err != nil {
		t.Fatal(err)
	}
	back, err := arch.DecodeReading(text)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(r, back) {
		t.Errorf("described and read again: got %+v, want %+v\nfrom %s", back.Model, r.Model, text)
	}
}

const (
	f32, q8 = 0, 8 // enum ggml_type
	f16     = 1
	q4k     = 12
	mxfp4   = 39
)

// same compares the counts of two descriptions of one model.
func same(t *testing.T, got, want *arch.Model) {
	t.Helper()
	check := func(what string, got, want any) {
		t.Helper()
		if got != want {
			t.Errorf("%s: got %v, want %v", what, got, want)
		}
	}
	check("parameters", got.TotalParams(), want.TotalParams())
	for c := range arch.Convention(3) {
		check(fmt.Sprintf("active parameters, convention %d", c), got.ActiveParams(c), want.ActiveParams(c))
	}
	check("expert parameters", got.ExpertParams(), want.ExpertParams())
	check("KV elements per token", got.KVElementsPerToken(), want.KVElementsPerToken())
	check("KV elements per token, unbounded", got.KVElementsPerTokenUnbounded(), want.KVElementsPerTokenUnbounded())
	check("KV of 100,000 tokens", got.KVBytesPerSequence(100_000, format.FP16), want.KVBytesPerSequence(100_000, format.FP16))
	check("state", got.StateElementsPerSequence(), want.StateElementsPerSequence())
	check("MoE layers", got.MoELayers(), want.MoELayers())
	check("experts", got.RoutedExperts(), want.RoutedExperts())
	check("top-k", got.TopK(), want.TopK())
	check("shared experts", got.SharedExperts(), want.SharedExperts())
	check("vocabulary", got.Vocabulary, want.Vocabulary)
	check("tied", got.Tied, want.Tied)
}

// qwen3 writes the tensors of Qwen3-30B-A3B under llama.cpp's names.
func qwen3(kind uint32) *ggufWriter {
	const hidden, vocabulary, heads, kv, dim, inner, experts = 2048, 151936, 32, 4, 128, 768, 128
	w := (&ggufWriter{}).set("general.architecture", "qwen3moe").set("general.name", "Qwen3 30B A3B").
		set("qwen3moe.block_count", 48).set("qwen3moe.embedding_length", hidden).set("qwen3moe.context_length", 40960).
		set("qwen3moe.attention.head_count", heads).set("qwen3moe.attention.head_count_kv", kv).
		set("qwen3moe.attention.key_length", dim).set("qwen3moe.attention.value_length", dim).
		set("qwen3moe.expert_count", experts).set("qwen3moe.expert_used_count", 8).set("qwen3moe.expert_feed_forward_length", inner).
		add("token_embd.weight", kind, vocabulary, hidden).add("output_norm.weight", f32, hidden).add("output.weight", kind, vocabulary, hidden)
	for l := range 48 {
		blk := fmt.Sprintf("blk.%d.", l)
		w.add(blk+"attn_norm.weight", f32, hidden).add(blk+"ffn_norm.weight", f32, hidden).
			add(blk+"attn_q.weight", kind, heads*dim, hidden).add(blk+"attn_k.weight", kind, kv*dim, hidden).add(blk+"attn_v.weight", kind, kv*dim, hidden).
			add(blk+"attn_output.weight", kind, hidden, heads*dim).add(blk+"attn_q_norm.weight", f32, dim).add(blk+"attn_k_norm.weight", f32, dim).
			add(blk+"ffn_gate_inp.weight", f32, experts, hidden).
			add(blk+"ffn_gate_exps.weight", kind, experts, inner, hidden).add(blk+"ffn_up_exps.weight", kind, experts, inner, hidden).add(blk+"ffn_down_exps.weight", kind, experts, hidden, inner)
	}
	return w
}

func TestQwen3GGUF(t *testing.T) {
	r := describe(t, qwen3(q4k))
	if !r.Known || len(r.Notes) != 0 || r.Model.MaxContext != 40960 || r.Model.Name != "Qwen3 30B A3B" {
		t.Errorf("got %+v", r)
	}
	same(t, r.Model, reading(t, "qwen3-30b-a3b").Model)
	// Every matrix in 144 bytes per 256 elements, router and norms in four bytes each.
	norms := int64(2048) + 48*(2*2048+2*128)
	router := int64(48 * 128 * 2048)
	if got, want := r.Model.WeightBytes().Bytes(), (r.Model.TotalParams()-norms-router)/256*144+(norms+router)*4; got != want {
		t.Errorf("bytes: got %d, want %d", got, want)
	}
	parts := read(t, "m.gguf", qwen3(q4k).bytes(3)).BytesByPart()
	for role, size := range r.Model.WeightBytesByRole() {
		if parts[role] != size.Bytes() {
			t.Errorf("part %d: got %d bytes by name, want %d by description", role, parts[role], size.Bytes())
		}
	}
}

// deepSeek writes the tensors of DeepSeek-V3 as llama.cpp converts them, with
// the first layers only if so asked.
func deepSeek(layers int64, latentKeys bool) *ggufWriter {
	const (
		hidden, vocabulary           = 7168, 129280
		heads, nope, rope, value     = 128, 128, 64, 128
		queryRank, latent            = 1536, 512
		dense, inner, experts, first = 18432, 2048, 256, 3
	)
	w := (&ggufWriter{}).set("general.architecture", "deepseek2").set("deepseek2.block_count", int(layers)).
		set("deepseek2.context_length", 163840).set("deepseek2.leading_dense_block_count", first).
		set("deepseek2.attention.head_count", heads).set("deepseek2.rope.dimension_count", rope).
		set("deepseek2.attention.kv_lora_rank", latent).set("deepseek2.attention.q_lora_rank", queryRank).
		set("deepseek2.expert_count", experts).set("deepseek2.expert_used_count", 8).set("deepseek2.expert_shared_count", 1).
		set("deepseek2.expert_group_count", 8).set("deepseek2.expert_group_used_count", 4)
	if latentKeys { // converters since April 2025
		w.set("deepseek2.attention.head_count_kv", 1).set("deepseek2.attention.key_length", latent+rope).set("deepseek2.attention.value_length", latent).
			set("deepseek2.attention.key_length_mla", nope+rope).set("deepseek2.attention.value_length_mla", value)
	} else {
		w.set("deepseek2.attention.head_count_kv", heads).set("deepseek2.attention.key_length", nope+rope).set("deepseek2.attention.value_length", value)
	}
	w.add("token_embd.weight", q8, vocabulary, hidden).add("output_norm.weight", f32, hidden).add("output.weight", q8, vocabulary, hidden)
	for l := range layers {
		blk := fmt.Sprintf("blk.%d.", l)
		w.add(blk+"attn_norm.weight", f32, hidden).add(blk+"ffn_norm.weight", f32, hidden).
			add(blk+"attn_q_a.weight", q8, queryRank, hidden).add(blk+"attn_q_a_norm.weight", f32, queryRank).add(blk+"attn_q_b.weight", q8, heads*(nope+rope), queryRank).
			add(blk+"attn_kv_a_mqa.weight", q8, latent+rope, hidden).add(blk+"attn_kv_a_norm.weight", f32, latent).
			add(blk+"attn_output.weight", q8, hidden, heads*value)
		if latentKeys {
			w.add(blk+"attn_k_b.weight", q8, heads, latent, nope).add(blk+"attn_v_b.weight", q8, heads, value, latent)
		} else {
			w.add(blk+"attn_kv_b.weight", q8, heads*(nope+value), latent)
		}
		if l < first {
			w.add(blk+"ffn_gate.weight", q8, dense, hidden).add(blk+"ffn_up.weight", q8, dense, hidden).add(blk+"ffn_down.weight", q8, hidden, dense)
			continue
		}
		w.add(blk+"ffn_gate_inp.weight", f32, experts, hidden).add(blk+"exp_probs_b.bias", f32, experts).
			add(blk+"ffn_gate_exps.weight", q8, experts, inner, hidden).add(blk+"ffn_up_exps.weight", q8, experts, inner, hidden).add(blk+"ffn_down_exps.weight", q8, experts, hidden, inner).
			add(blk+"ffn_gate_shexp.weight", q8, inner, hidden).add(blk+"ffn_up_shexp.weight", q8, inner, hidden).add(blk+"ffn_down_shexp.weight", q8, hidden, inner)
	}
	return w
}

func TestDeepSeekGGUF(t *testing.T) {
	for _, latentKeys := range []bool{false, true} {
		r := describe(t, deepSeek(61, latentKeys))
		same(t, r.Model, reading(t, "deepseek-v3").Model)
		if m := r.Model.MoE(); m.Groups != 8 || m.TopGroups != 4 || m.Hidden != 7168 || m.Inner != 2048 || m.SharedInner != 2048 {
			t.Errorf("experts: got %+v", m)
		}
		if got, want := r.Model.Blocks[0].Sublayers[0].Attention, reading(t, "deepseek-v3").Model.Blocks[0].Sublayers[0].Attention; *got != *want {
			t.Errorf("attention: got %+v, want %+v", got, want)
		}
	}
}

// Other tools count 320 or 40,960 elements per token and layer for these
// headers, taking key_length and value_length for what the cache holds. It holds the latent of 512 and the
// rotary key of 64, whatever the header says of KV heads, and whether or not
// the file holds the layers' tensors.
func TestLatentCacheOfHandMadeGGUF(t *testing.T) {
	for _, kv := range []int{1, 128} {
		for _, withRope := range []bool{true, false} {
			w := (&ggufWriter{}).set("general.architecture", "deepseek2").set("deepseek2.block_count", 4).set("deepseek2.context_length", 65536).
				set("deepseek2.embedding_length", 7168).set("deepseek2.attention.head_count", 128).set("deepseek2.attention.head_count_kv", kv).
				set("deepseek2.attention.key_length", 192).set("deepseek2.attention.value_length", 128).set("deepseek2.attention.kv_lora_rank", 512)
			if withRope {
				w.set("deepseek2.rope.dimension_count", 64)
			}
			m := describe(t, w.add("token_embd.weight", f16, 129280, 7168)).Model
			if got := m.KVElementsPerToken(); got != 4*576 {
				t.Errorf("%d KV heads: got %v elements per token, want 4 × 576", kv, got)
			}
			if got, want := m.KVBytesPerSequence(65536, format.FP16), int64(4*576*2*65536); got != want {
				t.Errorf("%d KV heads: got %d bytes at 65,536 tokens, want %d", kv, got, want)
			}
		}
	}
}

// gpt-oss: every other layer keeps a window of 128, experts in MXFP4 with biases.
func TestGptOSSGGUF(t *testing.T) {
	const hidden, vocabulary, heads, kv, dim, inner, experts = 2880, 201088, 64, 8, 64, 2880, 128
	w := (&ggufWriter{}).set("general.architecture", "gpt-oss").set("gpt-oss.block_count", 36).
		set("gpt-oss.attention.head_count", heads).set("gpt-oss.attention.head_count_kv", kv).set("gpt-oss.attention.key_length", dim).set("gpt-oss.attention.value_length", dim).
		set("gpt-oss.attention.sliding_window", 128).set("gpt-oss.expert_count", experts).set("gpt-oss.expert_used_count", 4).
		add("token_embd.weight", f16, vocabulary, hidden).add("output_norm.weight", f32, hidden).add("output.weight", f16, vocabulary, hidden)
	for l := range 36 {
		blk := fmt.Sprintf("blk.%d.", l)
		w.add(blk+"attn_norm.weight", f32, hidden).add(blk+"post_attention_norm.weight", f32, hidden).add(blk+"attn_sinks.weight", f32, heads).
			add(blk+"attn_output.weight", f16, hidden, heads*dim).add(blk+"attn_output.bias", f32, hidden).
			add(blk+"ffn_gate_inp.weight", f32, experts, hidden).add(blk+"ffn_gate_inp.bias", f32, experts)
		for name, out := range map[string]int64{"q": heads * dim, "k": kv * dim, "v": kv * dim} {
			w.add(blk+"attn_"+name+".weight", f16, out, hidden).add(blk+"attn_"+name+".bias", f32, out)
		}
		for _, name := range []string{"gate", "up", "down"} {
			w.add(blk+"ffn_"+name+"_exps.weight", mxfp4, experts, inner, hidden).add(blk+"ffn_"+name+"_exps.bias", f32, experts, inner)
		}
	}
	r := describe(t, w)
	same(t, r.Model, reading(t, "gpt-oss-120b").Model)
	if a := r.Model.Blocks[0].Sublayers[0].Attention; a.Window != 128 {
		t.Errorf("layer 0: got a window of %d, want 128", a.Window)
	}
	if a := r.Model.Blocks[1].Sublayers[0].Attention; a.Window != 0 {
		t.Errorf("layer 1: got a window of %d, want none", a.Window)
	}
}

// small is a model of one block, for what does not need a real one.
func small(family string) *ggufWriter {
	return (&ggufWriter{}).set("general.architecture", family).set(family+".block_count", 1).
		set(family+".attention.head_count", 4).set(family+".attention.head_count_kv", 2).
		add("token_embd.weight", f32, 100, 64).add("blk.0.attn_q.weight", f32, 64, 64)
}

// Files of 2023 keep every expert apart.
func TestExpertsApart(t *testing.T) {
	w := small("llama").set("llama.expert_used_count", 2).add("blk.0.ffn_gate_inp.weight", f32, 4, 64)
	for e := range 4 {
		for _, name := range []string{"gate", "up", "down"} {
			w.add(fmt.Sprintf("blk.0.ffn_%s.%d.weight", name, e), f32, 64, 64)
		}
	}
	m := describe(t, w).Model
	if m.RoutedExperts() != 4 || m.TopK() != 2 || m.ExpertParams() != 4*3*64*64 || !m.Tied {
		t.Errorf("got %d experts, top-%d, %d expert parameters", m.RoutedExperts(), m.TopK(), m.ExpertParams())
	}
}

// Layers for multi-token prediction stand behind the main ones.
func TestNextTokenLayers(t *testing.T) {
	w := (&ggufWriter{}).set("general.architecture", "glm4moe").set("glm4moe.block_count", 2).set("glm4moe.nextn_predict_layers", 1).
		set("glm4moe.attention.head_count", 4).add("token_embd.weight", f32, 100, 64).add("blk.0.attn_q.weight", f32, 64, 64).
		add("blk.1.attn_q.weight", f32, 64, 64).add("blk.1.nextn.eh_proj.weight", f32, 64, 128)
	m := describe(t, w).Model
	if len(m.Blocks) != 1 || m.MTP.Depth != 1 || m.MTPParams() != 64*64+64*128 || m.TotalParams() != 100*64+64*64 {
		t.Errorf("got %d blocks, depth %d, %d + %d parameters", len(m.Blocks), m.MTP.Depth, m.TotalParams(), m.MTPParams())
	}
}

func TestUnknownArchitecture(t *testing.T) {
	r := describe(t, small("novel").set("novel.attention.sliding_window", 128).set("novel.attention.compress_every", 4).set("novel.attention.layer_norm_rms_epsilon", float32(1e-6)))
	if len(r.Unread) != 1 || r.Unread[0] != "novel.attention.compress_every" {
		t.Errorf("keys not understood: got %v", r.Unread)
	}
	if r.Known || len(r.Notes) != 2 || !strings.Contains(r.Notes[0], `"novel" is not known`) || !strings.Contains(r.Notes[1], "unbounded") {
		t.Errorf("got known %v, notes %v", r.Known, r.Notes)
	}
	if got := r.Model.KVElementsPerToken(); got != 2*2*16 {
		t.Errorf("KV: got %v elements, want 2 heads × (16 + 16)", got)
	}
	r = describe(t, small("novel").set("novel.attention.sliding_window", 128).set("novel.attention.sliding_window_pattern", []bool{true, false}))
	if a := r.Model.Blocks[0].Sublayers[0].Attention; a.Window != 128 {
		t.Errorf("a pattern per layer is data: got window %d, want 128", a.Window)
	}
}

// Experts in a number format that is not known keep their bytes.
func TestExpertsOfNewType(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("GGUF")
	put(&b, uint32(3), uint64(4), uint64(4),
		"general.architecture", uint32(8), "llama", "llama.block_count", uint32(4), uint32(1),
		"llama.attention.head_count", uint32(4), uint32(4), "llama.expert_used_count", uint32(4), uint32(1),
		"token_embd.weight", uint32(2), uint64(64), uint64(10), uint32(0), uint64(0),
		"blk.0.attn_q.weight", uint32(2), uint64(64), uint64(64), uint32(0), uint64(2560),
		"blk.0.ffn_down_exps.weight", uint32(3), uint64(8), uint64(64), uint64(4), uint32(77), uint64(18944),
		"output_norm.weight", uint32(1), uint64(64), uint32(0), uint64(18944+640))
	v := read(t, "new.gguf", b.Bytes())
	r, err := v.Model()
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Model.WeightBytes().Bytes(); got != v.Bytes || v.Bytes != 2560+16384+640+256 {
		t.Errorf("got %d bytes, the file has %d, written were %d", got, v.Bytes, 2560+16384+640+256)
	}
}

func TestModelRefuses(t *testing.T) {
	check := func(w *ggufWriter, want string) {
		t.Helper()
		_, err := read(t, "m.gguf", w.bytes(3)).Model()
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "m.gguf: ") {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
	empty := func() *ggufWriter { return &ggufWriter{} }
	check(empty(), "general.architecture: missing")
	check(empty().set("general.architecture", "clip"), "vision tower")
	check(empty().set("general.architecture", "llama").set("general.type", "adapter"), "adapter")
	check(empty().set("general.architecture", "llama"), "no tensors")
	check(empty().set("general.architecture", "llama").add("output.weight", f32, 8, 4).add("blk.0.attn_q.weight", f32, 4, 4), "token_embd.weight: missing")
	check(empty().set("general.architecture", "llama").add("token_embd.weight", f32, 8, 4), "block_count: 0")
	check(empty().set("general.architecture", "llama").set("llama.block_count", 1<<30).add("token_embd.weight", f32, 8, 4), "block_count: 1073741824")
	check(empty().set("general.architecture", "llama").add("token_embd.weight", f32, 8, 4).add("blk.900000.attn_q.weight", f32, 4, 4), "block 900000")
	check(empty().set("general.architecture", "llama").add("token_embd.weight", f32, 8, 4).add("blk.0.attn_q.weight", f32, 4, 4), "head_count: 0")
	check(small("llama").set("llama.attention.key_length", 1<<30), "out of range")
	check(small("llama").add("blk.0.ffn_up_exps.weight", f32, 4, 8, 64).add("blk.0.ffn_down_exps.weight", f32, 4, 64, 8), "expert_used_count: 0 of 4")
	check(small("llama").set("llama.expert_used_count", 5).add("blk.0.ffn_down_exps.weight", f32, 4, 64, 8), "expert_used_count: 5 of 4")
	check(small("llama").set("llama.expert_used_count", 1).add("blk.0.ffn_up_exps.weight", f32, 3, 8, 64).add("blk.0.ffn_down_exps.weight", f32, 4, 64, 8), "4 experts, but 3")
	check(small("llama").add("blk.0.ssm_in.weight", f32, 8, 64), "needs all of them")
	check(small("llama").set("llama.nextn_predict_layers", 1), "multi-token prediction")
	if _, err := read(t, "m.safetensors", safetensorsHeader(nil)).Model(); err == nil || !strings.Contains(err.Error(), "config.json") {
		t.Errorf("safetensors: got %v, want an error that asks for the config", err)
	}
}
