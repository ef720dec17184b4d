package hf

import "moecost/core/arch"

// Arcee's Trinity (afmoe): leading dense layers, a gate on the output of attention, norms
// before and after each sublayer, three sliding windows to one global layer.
// Layout: arcee-ai/Trinity modeling_afmoe.py (Hub), vllm model_executor/models/afmoe.py.
func readAFMoE(b *builder) {
	hidden := b.decoder("model.", "", false)
	a := b.heads()
	layers := b.layers()
	windows := everyNth(2048, 4, "global_attn_every_n_layers").of(b, layers)
	dense := int(b.c.dimOr(2, "num_dense_layers"))
	inner := b.c.dim("intermediate_size")
	moe := arch.MoE{
		Experts: b.c.integer(maxExperts, "num_experts", "num_local_experts"), TopK: b.c.dimOr(8, "num_experts_per_tok"),
		Hidden: hidden, Inner: b.c.dim("moe_intermediate_size"), Shared: b.c.dimOr(1, "num_shared_experts"),
		Groups: b.c.dimIf("n_group"), TopGroups: b.c.dimIf("topk_group"),
	}
	moe.SharedInner = product(moe.Inner, moe.Shared)
	b.c.ignore("global_attn_every_n_layers", "mup_enabled", "route_norm", "route_scale", "score_func", "num_expert_groups", "num_limited_groups",
		"use_grouped_mm", "load_balance_coeff")
	b.stack("model.layers.", layers, func(i int) []arch.Sublayer {
		a := a
		a.Window = windows[i]
		attention := attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights),
			b.projections("self_attn.", a, false, false),
			b.linear("self_attn.gate_proj", a.Heads*a.ValueDim, hidden, false, arch.AttentionWeights, arch.SplitTP),
			b.headNorms("self_attn.q_norm", "self_attn.k_norm", a),
			b.norm("post_attention_layernorm", hidden, false, arch.AttentionWeights))
		if i < dense {
			return []arch.Sublayer{attention, feed(inner, b.norm("pre_mlp_layernorm", hidden, false, arch.DenseLayers),
				b.gated("mlp.", hidden, inner, false, arch.DenseLayers), b.norm("post_mlp_layernorm", hidden, false, arch.DenseLayers))}
		}
		const stem = "mlp.experts.{e}."
		return []arch.Sublayer{attention, route(moe, b.norm("pre_mlp_layernorm", hidden, false, arch.Router),
			b.router("mlp.router.gate.weight", moe),
			[]arch.Tensor{fp32(b.vector("mlp.expert_bias", moe.Experts, arch.Router))},
			b.gatedExperts(moe, stem+"gate_proj.weight", stem+"up_proj.weight", stem+"down_proj.weight"),
			b.sharedExperts("mlp.shared_experts.", moe),
			b.norm("post_mlp_layernorm", hidden, false, arch.Router))}
	})
}

// sharedExperts are one gated network as wide as all shared experts together.
func (b *builder) sharedExperts(stem string, m arch.MoE) []arch.Tensor {
	if m.SharedInner == 0 {
		return nil
	}
	return b.gated(stem, b.m.Hidden, m.SharedInner, false, arch.SharedExperts)
}
