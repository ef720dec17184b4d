package hf

import "moecost/core/arch"

// Falcon 7B, 11B, 40B, 180B: q, k and v in one matrix, layer norms with bias, a
// feed-forward network without gate. Layout and defaults: transformers
// models/falcon/{configuration,modeling}_falcon.py.
func readFalcon(b *builder) {
	hidden := b.c.dim("hidden_size", "n_embed")
	b.embedding(b.c.dim("vocab_size"), hidden, b.c.boolOr(true, "tie_word_embeddings"),
		"transformer.word_embeddings.weight", "transformer.ln_f.weight", "lm_head.weight")
	b.m.Head = append(b.m.Head, b.vector("transformer.ln_f.bias", hidden, arch.EmbeddingAndHead))
	b.m.MaxContext = b.c.dimIf("max_position_embeddings")
	grouped, multiQuery := b.c.boolOr(false, "new_decoder_architecture"), b.c.boolOr(true, "multi_query")
	a := arch.Attention{Heads: b.c.dim("num_attention_heads", "n_head")}
	a.KVHeads = a.Heads
	if kv := b.c.dimIf("num_kv_heads", "n_head_kv"); grouped && kv > 0 {
		a.KVHeads = kv
	} else if !grouped && multiQuery {
		a.KVHeads = 1
	}
	a.KeyDim = b.headDim(a.Heads)
	a.ValueDim = a.KeyDim
	bias := b.c.boolOr(false, "bias")
	inner := b.c.dimIf("ffn_hidden_size")
	if inner == 0 {
		inner = 4 * hidden // the class's default
	}
	norms := int64(2)
	if grouped && b.c.has("num_ln_in_parallel_attn") {
		norms = b.c.dim("num_ln_in_parallel_attn")
	}
	parallel := b.c.boolOr(true, "parallel_attn")
	b.stack("transformer.h.", b.layers(), func(int) []arch.Sublayer {
		attention, mlp := b.norm("input_layernorm", hidden, true, arch.AttentionWeights), []arch.Tensor(nil)
		switch {
		case grouped && norms == 2:
			attention = b.norm("ln_attn", hidden, true, arch.AttentionWeights)
			mlp = b.norm("ln_mlp", hidden, true, arch.DenseLayers)
		case !grouped && !parallel:
			mlp = b.norm("post_attention_layernorm", hidden, true, arch.DenseLayers)
		}
		return []arch.Sublayer{
			attend(a, attention, b.fusedQKV("self_attention.query_key_value", a, bias),
				b.rowLinear("self_attention.dense", hidden, a.Heads*a.ValueDim, bias, arch.AttentionWeights)),
			feed(inner, mlp, b.linear("mlp.dense_h_to_4h", inner, hidden, bias, arch.DenseLayers, arch.SplitTP),
				b.rowLinear("mlp.dense_4h_to_h", hidden, inner, bias, arch.DenseLayers)),
		}
	})
}
