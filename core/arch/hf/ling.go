package hf

import (
	"slices"

	"moecost/core/arch"
)

// readLing is inclusionAI's Ling and Ring, first and second generation:
// grouped-query attention in one fused matrix, fine experts, and from Ling 2.0 on norms on
// query and key, an expert bias and dense leading layers. Layout: vllm
// model_executor/models/bailing_moe.py; defaults: configuration_bailing_moe_v2.py
// beside the checkpoints.
func readLing(b *builder) {
	hidden := b.c.dim("hidden_size")
	b.embedding(b.c.dim("vocab_size"), hidden, b.c.boolOr(false, "tie_word_embeddings"),
		"model.word_embeddings.weight", "model.norm.weight", "lm_head.weight")
	b.m.MaxContext = b.c.dimIf("max_position_embeddings")
	a := b.heads()
	bias, outBias := b.c.boolOr(b.c.boolOr(false, "use_bias"), "use_qkv_bias"), b.c.boolOr(false, "use_bias")
	normed := b.c.boolOr(false, "use_qk_norm")
	layers := b.layers()
	ffn := b.fineExperts(layers, fineDefaults{experts: 256, topK: 8, inner: 512})
	b.lingExperts(&ffn)
	const role = arch.AttentionWeights
	block := func(i int) []arch.Sublayer {
		ts := b.linear("attention.query_key_value", (a.Heads+2*a.KVHeads)*a.KeyDim, hidden, bias, role, arch.SplitTP)
		if normed {
			ts = append(ts, b.headNorms("attention.query_layernorm", "attention.key_layernorm", a)...)
		}
		return []arch.Sublayer{
			attend(a, b.norm("input_layernorm", hidden, false, role), slices.Concat(ts, b.rowLinear("attention.dense", hidden, a.Heads*a.ValueDim, outBias, role))),
			ffn.lingLayer(b, i),
		}
	}
	b.stack("model.layers.", layers, block)
	b.nextTokens(b.c.dimIf("num_nextn_predict_layers"), "model.layers.", layers, false, block)
}
