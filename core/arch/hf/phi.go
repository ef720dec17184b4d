package hf

import (
	"slices"

	"moecost/core/arch"
)

// readPhiMoE is Phi-3.5-MoE: layer norms with bias, biases in attention and
// head, Mixtral's experts. Layout: transformers models/phimoe/modeling_phimoe.py.
func readPhiMoE(b *builder) {
	hidden := b.decoder("model.", "", false)
	b.m.Head = append(b.m.Head, b.vector("model.norm.bias", hidden, arch.EmbeddingAndHead))
	if b.c.boolOr(false, "lm_head_bias") {
		b.m.Head = append(b.m.Head, b.bias("lm_head.bias", b.m.Vocabulary, arch.EmbeddingAndHead, arch.SplitVocabulary))
	}
	a := b.heads()
	bias := b.c.boolOr(false, "attention_bias")
	b.c.ignore("input_jitter_noise")
	moe := arch.MoE{
		Experts: b.c.integer(maxExperts, "num_local_experts"), TopK: b.c.dimOr(2, "num_experts_per_tok"),
		Hidden: hidden, Inner: b.c.dim("intermediate_size"),
	}
	layers := b.layers()
	windows := windowRule(uniformWindow).of(b, layers)
	b.stack("model.layers.", layers, func(i int) []arch.Sublayer {
		a := a
		a.Window = windows[i]
		return []arch.Sublayer{
			attend(a, b.norm("input_layernorm", hidden, true, arch.AttentionWeights), b.projections("self_attn.", a, bias, bias)),
			route(moe, b.norm("post_attention_layernorm", hidden, true, arch.Router),
				b.router("block_sparse_moe.gate.weight", moe), b.wExperts(moe)),
		}
	})
}

// readPhi3 is Phi-3, 3.5 and 4 (phi3): q, k, v in one matrix, gate and up in
// one. Layout: transformers models/phi3/modeling_phi3.py.
func readPhi3(b *builder) {
	hidden := b.decoder("model.", "", false)
	a := b.heads()
	inner := b.c.dim("intermediate_size")
	b.c.ignore("attention_bias", "mlp_bias", "lm_head_bias", "full_attn_mod", "interpolate_factor") // the class looks at none
	layers := b.layers()
	windows := windowRule(uniformWindow).of(b, layers)
	b.stack("model.layers.", layers, func(i int) []arch.Sublayer {
		a := a
		a.Window = windows[i]
		return []arch.Sublayer{
			attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights),
				b.fusedQKV("self_attn.qkv_proj", a, false),
				b.rowLinear("self_attn.o_proj", hidden, a.Heads*a.ValueDim, false, arch.AttentionWeights)),
			feed(inner, b.norm("post_attention_layernorm", hidden, false, arch.DenseLayers), slices.Concat(
				b.linear("mlp.gate_up_proj", 2*inner, hidden, false, arch.DenseLayers, arch.SplitTP),
				b.rowLinear("mlp.down_proj", hidden, inner, false, arch.DenseLayers))),
		}
	})
}
