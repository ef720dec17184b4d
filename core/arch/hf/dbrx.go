package hf

import (
	"slices"

	"moecost/core/arch"
)

// DBRX: layer norms without bias, q, k and v in one matrix, experts stacked in three.
// Layout and defaults: transformers models/dbrx/{configuration,modeling}_dbrx.py.
func readDBRX(b *builder) {
	hidden := b.c.dim("d_model", "hidden_size")
	b.embedding(b.c.dim("vocab_size"), hidden, b.c.boolOr(false, "tie_word_embeddings"),
		"transformer.wte.weight", "transformer.norm_f.weight", "lm_head.weight")
	b.m.MaxContext = b.c.dimIf("max_seq_len")
	attention, ffn := b.c.part("attn_config"), b.c.part("ffn_config")
	a := arch.Attention{Heads: b.c.dim("n_heads"), KVHeads: attention.dimOr(1, "kv_n_heads")}
	a.KeyDim = b.headDim(a.Heads)
	a.ValueDim = a.KeyDim
	moe := arch.MoE{
		Experts: ffn.integer(maxExperts, "moe_num_experts"), TopK: ffn.dimOr(1, "moe_top_k"),
		Hidden: hidden, Inner: ffn.dim("ffn_hidden_size"),
	}
	b.c.ignore("emb_pdrop")
	const norms = "norm_attn_norm."
	b.stack("transformer.blocks.", b.layers(), func(int) []arch.Sublayer {
		return []arch.Sublayer{
			attend(a, b.norm(norms+"norm_1", hidden, false, arch.AttentionWeights),
				b.fusedQKV(norms+"attn.Wqkv", a, false),
				b.rowLinear(norms+"attn.out_proj", hidden, a.Heads*a.ValueDim, false, arch.AttentionWeights)),
			route(moe, b.norm(norms+"norm_2", hidden, false, arch.Router),
				b.router("ffn.router.layer.weight", moe),
				b.gatedExperts(moe, "ffn.experts.mlp.w1", "ffn.experts.mlp.v1", "ffn.experts.mlp.w2")),
		}
	})
}

// part is a nested object that the family cannot do without.
func (c *config) part(key string) *config {
	if inner := c.object(key); inner != nil {
		return inner
	}
	c.fail(c.path+key, "missing: this family needs it, an object")
	return &config{path: c.path + key + ".", values: map[string]any{}, log: c.log}
}

// fusedQKV is one matrix for q, k and v. It is listed as its two parts under one name,
// because the rows of k and v divide over fewer ranks than those of q.
func (b *builder) fusedQKV(name string, a arch.Attention, bias bool) []arch.Tensor {
	return slices.Concat(
		b.linear(name, a.Heads*a.KeyDim, b.m.Hidden, bias, arch.AttentionWeights, arch.SplitTP),
		b.linear(name, a.KVHeads*(a.KeyDim+a.ValueDim), b.m.Hidden, bias, arch.AttentionWeights, arch.SplitKVHeads))
}
