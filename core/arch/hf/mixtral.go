package hf

import "moecost/core/arch"

// Mixtral 8x7B and 8x22B: Mistral's attention, all layers MoE. Layout:
// transformers models/mixtral/modeling_mixtral.py.
func readMixtral(b *builder) {
	hidden := b.decoder("model.", "", false)
	a := b.heads()
	moe := arch.MoE{
		Experts: b.c.integer(maxExperts, "num_local_experts", "num_experts"),
		TopK:    b.c.dimOr(2, "num_experts_per_tok"),
		Hidden:  hidden,
		Inner:   b.c.dim("intermediate_size"),
	}
	layers := b.layers()
	windows := windowRule(uniformWindow).of(b, layers)
	b.stack("model.layers.", layers, func(i int) []arch.Sublayer {
		a := a
		a.Window = windows[i]
		return []arch.Sublayer{
			attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights), b.projections("self_attn.", a, false, false)),
			route(moe, b.norm("post_attention_layernorm", hidden, false, arch.Router),
				b.router("block_sparse_moe.gate.weight", moe), b.wExperts(moe)),
		}
	})
}

// wExperts are routed experts under Mixtral's names: w1 gates, w3 is up, w2 down.
func (b *builder) wExperts(m arch.MoE) []arch.Tensor {
	const stem = "block_sparse_moe.experts.{e}."
	return b.gatedExperts(m, stem+"w1.weight", stem+"w3.weight", stem+"w2.weight")
}
