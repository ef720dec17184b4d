package hf

import "moecost/core/arch"

// Grok-1 and Grok-2: norms before and after attention and feed-forward part;
// Grok-2 adds a dense feed-forward network beside the experts. Layouts:
// hpcai-tech/grok-1 modeling_grok1.py (Hub), sglang srt/models/grok.py.

func readGrok1(b *builder) {
	hidden := b.decoder("model.", "", true)
	a := b.heads()
	b.c.ignore("attn_output_multiplier", "embedding_multiplier_scale", "output_multiplier_scale", "max_attn_value")
	moe := b.grokMoE(hidden, "intermediate_size")
	b.stack("model.layers.", b.layers(), func(int) []arch.Sublayer {
		return []arch.Sublayer{
			attend(a, b.norm("pre_attn_norm", hidden, false, arch.AttentionWeights), b.projections("attn.", a, false, false),
				b.norm("post_attn_norm", hidden, false, arch.AttentionWeights)),
			route(moe, b.norm("pre_moe_norm", hidden, false, arch.Router),
				b.router("moe_block.gate.weight", moe),
				b.gatedExperts(moe, "moe_block.experts.{e}.linear.weight", "moe_block.experts.{e}.linear_v.weight", "moe_block.experts.{e}.linear_1.weight"),
				b.norm("post_moe_norm", hidden, false, arch.Router)),
		}
	})
}

func readGrok2(b *builder) {
	hidden := b.decoder("model.", "", false)
	a := b.heads()
	moe := b.grokMoE(hidden, "moe_intermediate_size", "intermediate_size")
	residual := b.c.boolOr(false, "residual_moe")
	b.c.ignore("embedding_multiplier_scale", "output_multiplier_scale", "router_logit_softcapping", "attn_temperature_len",
		"scaling_factor", "extrapolation_factor", "attn_factor", "beta_fast", "beta_slow")
	if window := b.c.number("sliding_window_size"); window > 0 {
		b.note("sliding_window_size is %d, but no published Grok uses a window: the KV cache is counted for the whole context.", window)
	}
	b.c.ignore("global_attn_every_n")
	inner := b.c.dim("intermediate_size")
	b.stack("model.layers.", b.layers(), func(int) []arch.Sublayer {
		layer := []arch.Sublayer{
			attend(a, b.norm("pre_attn_norm", hidden, false, arch.AttentionWeights), b.projections("self_attn.", a, false, false),
				b.norm("post_attn_norm", hidden, false, arch.AttentionWeights)),
			route(moe, b.norm("pre_moe_norm", hidden, false, arch.Router),
				b.router("block_sparse_moe.gate.weight", moe), b.wExperts(moe),
				b.norm("post_moe_norm", hidden, false, arch.Router)),
		}
		if residual {
			layer = append(layer, feed(inner, b.gated("mlp.", hidden, inner, false, arch.DenseLayers)))
		}
		return layer
	})
}

func (b *builder) grokMoE(hidden int64, inner ...string) arch.MoE {
	return arch.MoE{
		Experts: b.c.integer(maxExperts, "num_experts", "num_local_experts"),
		TopK:    b.c.dimOr(2, "num_experts_per_tok"),
		Hidden:  hidden, Inner: b.c.dim(inner...),
	}
}
