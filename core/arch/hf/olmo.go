package hf

import "moecost/core/arch"

// The OLMo line: norms over all heads of query and key at once. Layouts:
// transformers models/{olmoe,flex_olmo,olmo2,olmo3}/modeling_*.py.

func readOLMoE(b *builder) {
	hidden := b.decoder("model.", "", false)
	a := b.heads()
	bias := b.c.boolOr(false, "attention_bias")
	moe := arch.MoE{
		Experts: b.c.integer(maxExperts, "num_experts"), TopK: b.c.dimOr(8, "num_experts_per_tok"),
		Hidden: hidden, Inner: b.c.dim("intermediate_size"),
	}
	b.c.ignore("clip_qkv")
	const stem = "mlp.experts.{e}."
	b.stack("model.layers.", b.layers(), func(int) []arch.Sublayer {
		return []arch.Sublayer{
			attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights),
				b.projections("self_attn.", a, bias, bias), b.wideNorms(a)),
			route(moe, b.norm("post_attention_layernorm", hidden, false, arch.Router),
				b.router("mlp.gate.weight", moe),
				b.gatedExperts(moe, stem+"gate_proj.weight", stem+"up_proj.weight", stem+"down_proj.weight")),
		}
	})
}

// readOLMo2 is OLMo 2 and 3: the norms stand behind attention and feed-forward
// network; OLMo 3 slides a window in three of four layers.
func readOLMo2(b *builder) {
	hidden := b.decoder("model.", "", false)
	a := b.heads()
	bias := b.c.boolOr(false, "attention_bias")
	inner := b.c.dim("intermediate_size")
	layers := b.layers()
	windows := make([]int64, layers)
	if b.c.textOr("", "model_type") == "olmo3" {
		windows = everyNth(4096, 4, "sliding_window_pattern").of(b, layers)
	}
	b.stack("model.layers.", layers, func(i int) []arch.Sublayer {
		a := a
		a.Window = windows[i]
		return []arch.Sublayer{
			attend(a, b.projections("self_attn.", a, bias, bias), b.wideNorms(a),
				b.norm("post_attention_layernorm", hidden, false, arch.AttentionWeights)),
			feed(inner, b.gated("mlp.", hidden, inner, false, arch.DenseLayers),
				b.norm("post_feedforward_layernorm", hidden, false, arch.DenseLayers)),
		}
	})
}

// wideNorms have a weight for every element of all heads.
func (b *builder) wideNorms(a arch.Attention) []arch.Tensor {
	return append(b.norm("self_attn.q_norm", a.Heads*a.KeyDim, false, arch.AttentionWeights),
		b.norm("self_attn.k_norm", a.KVHeads*a.KeyDim, false, arch.AttentionWeights)...)
}
