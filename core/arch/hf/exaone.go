package hf

import "moecost/core/arch"

// EXAONE 4 and K-EXAONE: norms on query and key, sliding windows in most layers.
// EXAONE 4 has its norms behind the sublayers. Layouts: transformers
// models/{exaone4,exaone_moe}/modeling_*.py.

func readExaone4(b *builder) {
	hidden := b.decoder("model.", "", false)
	a := b.heads()
	inner := b.c.dim("intermediate_size")
	layers := b.layers()
	windows := b.exaoneWindows(layers)
	b.stack("model.layers.", layers, func(i int) []arch.Sublayer {
		a := a
		a.Window = windows[i]
		return []arch.Sublayer{
			attend(a, b.projections("self_attn.", a, false, false), b.headNorms("self_attn.q_norm", "self_attn.k_norm", a),
				b.norm("post_attention_layernorm", hidden, false, arch.AttentionWeights)),
			feed(inner, b.gated("mlp.", hidden, inner, false, arch.DenseLayers),
				b.norm("post_feedforward_layernorm", hidden, false, arch.DenseLayers)),
		}
	})
}

func readExaoneMoE(b *builder) {
	hidden := b.decoder("model.", "", false)
	a := b.heads()
	inner := b.c.dim("intermediate_size")
	layers := b.layers()
	windows := b.exaoneWindows(layers)
	moe := arch.MoE{
		Experts: b.c.integer(maxExperts, "num_experts", "n_routed_experts"), TopK: b.c.dim("num_experts_per_tok"),
		Hidden: hidden, Inner: b.c.dim("moe_intermediate_size"), Shared: b.c.dimOr(1, "num_shared_experts", "n_shared_experts"),
		Groups: b.c.dimIf("n_group"), TopGroups: b.c.dimIf("topk_group"),
	}
	moe.SharedInner = product(moe.Inner, moe.Shared)
	mixture := b.exaoneMixtures(layers)
	if b.predictLayers("num_nextn_predict_layers") > 0 {
		b.note("num_nextn_predict_layers: the layout of this family's multi-token-prediction layer is not known here; it is not counted.")
	}
	b.stack("model.layers.", layers, func(i int) []arch.Sublayer {
		a := a
		a.Window = windows[i]
		attention := attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights),
			b.projections("self_attn.", a, false, false), b.headNorms("self_attn.q_norm", "self_attn.k_norm", a))
		if !mixture[i] {
			return []arch.Sublayer{attention, feed(inner, b.norm("post_attention_layernorm", hidden, false, arch.DenseLayers),
				b.gated("mlp.", hidden, inner, false, arch.DenseLayers))}
		}
		const stem = "mlp.experts.{e}."
		return []arch.Sublayer{attention, route(moe, b.norm("post_attention_layernorm", hidden, false, arch.Router),
			b.router("mlp.gate.weight", moe),
			[]arch.Tensor{fp32(b.vector("mlp.gate.e_score_correction_bias", moe.Experts, arch.Router))},
			b.gatedExperts(moe, stem+"gate_proj.weight", stem+"up_proj.weight", stem+"down_proj.weight"),
			b.sharedExperts("mlp.shared_experts.", moe))}
	})
}

// exaoneWindows reads layer_types, or a pattern of L (local) and G (global) that
// repeats, or none at all.
func (b *builder) exaoneWindows(layers int) []int64 {
	window := b.c.dimIf("sliding_window")
	if windows, found := typedWindows(b, layers, window); found {
		return windows
	}
	windows := make([]int64, layers)
	_, value, found := b.c.lookup([]string{"sliding_window_pattern"})
	if !found || window == 0 {
		return windows
	}
	pattern, ok := value.(string)
	if !ok {
		return everyNth(window, 4, "sliding_window_pattern").of(b, layers)
	}
	for i := range windows {
		if len(pattern) > 0 && pattern[i%len(pattern)] == 'L' {
			windows[i] = window
		}
	}
	return windows
}

// exaoneMixtures reads is_moe_layer, else all layers behind the leading dense ones.
func (b *builder) exaoneMixtures(layers int) []bool {
	mixture := make([]bool, layers)
	list := b.c.list("is_moe_layer", "mlp_layer_types")
	if len(list) > 0 {
		b.sameLength("is_moe_layer", len(list), layers)
		for i := range mixture {
			mixture[i] = i < len(list) && (list[i] == true || list[i] == "sparse")
		}
		return mixture
	}
	dense := int(b.c.dimOr(1, "first_k_dense_replace"))
	for i := range mixture {
		mixture[i] = i >= dense
	}
	return mixture
}
