package hf

import (
	"slices"

	"moecost/core/arch"
)

// Dense decoders of Llama's layout: attention and a gated feed-forward network,
// a norm in front of each. What tells the families apart is a row of llamaHeirs.
// Layouts and defaults: huggingface/transformers
// src/transformers/models/<type>/{configuration,modeling}_<type>.py.
type llamaHeir struct {
	types     []string
	qkvBias   flag
	outBias   flag
	mlpBias   flag
	headNorms [2]string // names of the per-head norms of query and key, if any
	headDim   int64     // the class's default where it is not hidden over heads
	tied      bool      // the class's default of tie_word_embeddings
	windows   windowRule
}

// flag is a switch of the config with its default; without a key it is fixed.
type flag struct {
	key string
	set bool
}

func (f flag) read(c *config) bool {
	if f.key == "" {
		return f.set
	}
	return c.boolOr(f.set, f.key)
}

var qkNorms = [2]string{"self_attn.q_norm", "self_attn.k_norm"}

func llamaHeirs() []llamaHeir {
	biased := flag{key: "attention_bias"}
	mlpBiased := flag{key: "mlp_bias"}
	return []llamaHeir{
		{types: []string{"llama", "llama_text", "yi", "aquila"}, qkvBias: biased, outBias: biased, mlpBias: mlpBiased, windows: uniformWindow},
		{types: []string{"mistral", "ministral", "ministral3"}, windows: uniformWindow},
		{types: []string{"qwen2", "qwen2_vl", "qwen2_vl_text", "qwen2_5_vl", "qwen2_5_vl_text", "qwen2_5_omni_text"}, qkvBias: flag{set: true}, windows: qwenWindow},
		{types: []string{"qwen3", "qwen3_vl", "qwen3_vl_text"}, qkvBias: biased, outBias: biased, headNorms: qkNorms, headDim: 128, windows: qwenWindow},
		{types: []string{"granite"}, qkvBias: biased, outBias: biased, mlpBias: mlpBiased},
		{types: []string{"seed_oss"}, qkvBias: flag{"attention_bias", true}, outBias: flag{key: "attention_out_bias"}, mlpBias: mlpBiased, headDim: 128},
		{types: []string{"smollm3"}, qkvBias: biased, outBias: biased, mlpBias: mlpBiased, tied: true, windows: qwenWindow},
		{types: []string{"internlm3"}, qkvBias: flag{key: "qkv_bias"}, outBias: flag{key: "bias"}, mlpBias: flag{key: "bias"}},
		{types: []string{"ernie4_5"}, qkvBias: flag{key: "use_bias"}, outBias: flag{key: "use_bias"}, mlpBias: flag{key: "use_bias"}, headDim: 128, tied: true},
	}
}

func llamaFamilies() []family {
	var out []family
	for _, heir := range llamaHeirs() {
		out = append(out, family{types: heir.types, read: heir.read})
	}
	return out
}

func (h llamaHeir) read(b *builder) {
	stem, head := b.stems()
	hidden := b.decoder(stem, head, h.tied)
	a := b.headsOr(h.headDim)
	b.c.ignore("no_rope_layers", "no_rope_layer_interval") // positions only
	qkv, out, mlp := h.qkvBias.read(b.c), h.outBias.read(b.c), h.mlpBias.read(b.c)
	inner := b.c.dim("intermediate_size")
	layers := b.layers()
	windows := h.windows.of(b, layers)
	b.stack(stem+"layers.", layers, func(i int) []arch.Sublayer {
		a := a
		a.Window = windows[i]
		var norms []arch.Tensor
		if h.headNorms[0] != "" {
			norms = b.headNorms(h.headNorms[0], h.headNorms[1], a)
		}
		return []arch.Sublayer{
			attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights), b.projections("self_attn.", a, qkv, out), norms),
			feed(inner, b.norm("post_attention_layernorm", hidden, false, arch.DenseLayers), b.gated("mlp.", hidden, inner, mlp, arch.DenseLayers)),
		}
	})
	b.qwenVision()
	b.mistralVision()
}

// stems are the prefixes of the text model and of the head in the checkpoint.
// Multimodal checkpoints put them one level deeper, in one of two orders.
func (b *builder) stems() (model, head string) {
	if b.c == b.root {
		return "model.", ""
	}
	inside := []string{"qwen2_vl", "qwen2_5_vl", "qwen3_vl", "qwen3_vl_moe", "qwen3_5", "qwen3_5_moe", "gemma4"}
	if slices.Contains(inside, b.root.textOr("", "model_type")) {
		return "model.language_model.", ""
	}
	return "language_model.model.", "language_model."
}

// headsOr is heads with the config class's default for a missing head_dim.
func (b *builder) headsOr(headDim int64) arch.Attention {
	if headDim > 0 && !b.c.has("head_dim") {
		b.c.assume(b.c.path+"head_dim", headDim)
		heads, kv := b.headCounts()
		return arch.Attention{Heads: heads, KVHeads: kv, KeyDim: headDim, ValueDim: headDim}
	}
	return b.heads()
}
