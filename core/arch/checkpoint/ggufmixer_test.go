package checkpoint

import (
	"fmt"
	"testing"
)

// Layers without growing memory: the states that the same models' configs imply.
func TestRecurrentGGUF(t *testing.T) {
	next := (&ggufWriter{}).set("general.architecture", "qwen3next").set("qwen3next.block_count", 48).set("qwen3next.attention.head_count", 16).
		set("qwen3next.attention.head_count_kv", 2).set("qwen3next.attention.key_length", 256).set("qwen3next.attention.value_length", 256).
		set("qwen3next.ssm.conv_kernel", 4).set("qwen3next.ssm.state_size", 128).set("qwen3next.ssm.group_count", 16).
		set("qwen3next.ssm.time_step_rank", 32).set("qwen3next.ssm.inner_size", 4096).
		add("token_embd.weight", f16, 151936, 2048)
	linear := (&ggufWriter{}).set("general.architecture", "kimi-linear").set("kimi-linear.block_count", 27).set("kimi-linear.attention.head_count", 32).
		set("kimi-linear.ssm.conv_kernel", 4).set("kimi-linear.kda.head_dim", 128).set("kimi-linear.attention.kv_lora_rank", 512).set("kimi-linear.rope.dimension_count", 64).
		add("token_embd.weight", f16, 163840, 2304)
	jamba := (&ggufWriter{}).set("general.architecture", "jamba").set("jamba.block_count", 32).
		set("jamba.ssm.conv_kernel", 4).set("jamba.ssm.state_size", 16).set("jamba.ssm.inner_size", 8192).set("jamba.ssm.time_step_rank", 256)
	heads, kv := make([]int32, 32), make([]int32, 32)
	for l := range 48 {
		blk := fmt.Sprintf("blk.%d.", l)
		if l%4 == 3 {
			next.add(blk+"attn_q.weight", f16, 8192, 2048)
		} else {
			next.add(blk+"attn_qkv.weight", f16, 8192, 2048).add(blk+"ssm_ba.weight", f16, 64, 2048)
		}
		if l < 27 && (l%4 == 3 || l == 26) {
			linear.add(blk+"attn_kv_a_mqa.weight", f16, 576, 2304)
		} else if l < 27 {
			linear.add(blk+"attn_q.weight", f16, 4096, 2304).add(blk+"ssm_f_a.weight", f16, 128, 2304).add(blk+"ssm_conv1d_q.weight", f32, 4096, 4)
		}
		if l < 32 && l%8 == 4 {
			heads[l], kv[l] = 32, 8
			jamba.add(blk+"attn_q.weight", f16, 4096, 4096)
		} else if l < 32 {
			jamba.add(blk+"ssm_in.weight", f16, 16384, 4096).add(blk+"ssm_x.weight", f16, 288, 8192)
		}
	}
	jamba.set("jamba.attention.head_count", heads).set("jamba.attention.head_count_kv", kv).add("token_embd.weight", f16, 65536, 4096)
	for id, w := range map[string]*ggufWriter{"qwen3-next-80b-a3b": next, "kimi-linear-48b-a3b": linear, "jamba-v0.1": jamba} {
		got, want := describe(t, w).Model, reading(t, id).Model
		if got.StateElementsPerSequence() != want.StateElementsPerSequence() || got.KVElementsPerToken() != want.KVElementsPerToken() {
			t.Errorf("%s: got state %d and KV %v, want %d and %v", id, got.StateElementsPerSequence(), got.KVElementsPerToken(), want.StateElementsPerSequence(), want.KVElementsPerToken())
		}
	}
}

// Gemma 3n and 4: other widths in layers with a window, and last layers that use
// the cache of earlier ones.
func TestWindowWidthsAndSharedCaches(t *testing.T) {
	w := (&ggufWriter{}).set("general.architecture", "gemma4").set("gemma4.block_count", 3).set("gemma4.attention.head_count", 4).
		set("gemma4.attention.head_count_kv", []int32{2, 1, 2}).set("gemma4.attention.key_length", 32).set("gemma4.attention.value_length", 32).
		set("gemma4.attention.key_length_swa", 16).set("gemma4.attention.value_length_swa", 16).set("gemma4.attention.sliding_window", 128).
		set("gemma4.attention.sliding_window_pattern", []bool{true, false, true}).set("gemma4.attention.shared_kv_layers", 1).
		add("token_embd.weight", f32, 100, 64)
	for l := range 3 {
		w.add(fmt.Sprintf("blk.%d.attn_q.weight", l), f32, 64, 64)
	}
	m := describe(t, w).Model
	if got, want := m.KVElementsPerToken(), float64(2*(16+16)+1*(32+32)); got != want {
		t.Errorf("got %v elements per token, want %v", got, want)
	}
	if got, want := m.KVElementsPerTokenUnbounded(), float64(1*(32+32)); got != want {
		t.Errorf("got %v elements per token without a window, want %v", got, want)
	}
}

// DeepSeek-V4-Flash: a window of 128 latents of 512 in every layer, and beyond it
// one entry per 4 or 128 tokens; the former with an indexer.
func TestCompressedGGUF(t *testing.T) {
	ratios := []int32{0, 0}
	for len(ratios) < 43 {
		ratios = append(ratios, 4, 128)
	}
	ratios = ratios[:43]
	w := (&ggufWriter{}).set("general.architecture", "deepseek4").set("deepseek4.block_count", 43).set("deepseek4.attention.head_count", 64).
		set("deepseek4.attention.head_count_kv", 1).set("deepseek4.attention.key_length", 512).set("deepseek4.attention.value_length", 512).
		set("deepseek4.rope.dimension_count", 64).set("deepseek4.attention.sliding_window", 128).set("deepseek4.attention.compress_ratios", append(ratios, 0)).
		set("deepseek4.attention.indexer.head_count", 64).set("deepseek4.attention.indexer.key_length", 128).set("deepseek4.attention.indexer.top_k", 512).
		add("token_embd.weight", f16, 129280, 4096)
	for l, ratio := range ratios {
		w.add(fmt.Sprintf("blk.%d.attn_q_a.weight", l), f16, 1024, 4096)
		if ratio == 4 {
			w.add(fmt.Sprintf("blk.%d.indexer.attn_q_b.weight", l), f16, 8192, 1024)
		}
	}
	got, want := describe(t, w).Model, reading(t, "deepseek-v4-flash").Model
	if got.KVElementsPerToken() != want.KVElementsPerToken() || got.KVBytesPerSequence(1_000_000, got.Base) != want.KVBytesPerSequence(1_000_000, got.Base) {
		t.Errorf("got KV %v and %d bytes at a million tokens, want %v and %d", got.KVElementsPerToken(), got.KVBytesPerSequence(1_000_000, got.Base), want.KVElementsPerToken(), want.KVBytesPerSequence(1_000_000, got.Base))
	}
}
