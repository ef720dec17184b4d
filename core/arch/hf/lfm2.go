package hf

import (
	"slices"

	"moecost/core/arch"
)

// Liquid's LFM2: gated short convolutions with some softmax attention between
// them; in the lfm2_moe all but the first layers are mixtures. Layouts and defaults:
// transformers models/{lfm2,lfm2_moe}/{configuration,modeling}_*.py.
func readLFM2(b *builder) {
	hidden := b.c.dim("hidden_size", "block_dim")
	tied := b.tied(b.c.boolOr(true, "tie_embedding"))
	b.embedding(b.c.dim("vocab_size"), hidden, tied, "model.embed_tokens.weight", "model.embedding_norm.weight", "lm_head.weight")
	b.m.MaxContext = b.c.dimIf("max_position_embeddings")
	a := b.heads()
	layers := b.layers()
	full := b.lfm2Attention(layers)
	kernel := b.c.dimOr(3, "conv_L_cache")
	bias := b.c.boolOr(false, "conv_bias")
	inner := b.lfm2Inner()
	moe, dense := b.lfm2MoE(hidden, layers)
	b.c.ignore("conv_dim", "conv_dim_out", "block_dim", "block_norm_eps", "block_use_swiglu", "block_use_xavier_init", "conv_use_xavier_init",
		"use_pos_enc", "num_heads", "theta", "routed_scaling_factor")

	b.stack("model.layers.", layers, func(i int) []arch.Sublayer {
		mixer := b.shortConvolution(kernel, bias)
		if full[i] {
			qkvo := b.projections("self_attn.", a, false, false)
			qkvo[len(qkvo)-1].Name = "self_attn.out_proj.weight"
			mixer = attend(a, b.norm("operator_norm", hidden, false, arch.AttentionWeights), qkvo,
				b.headNorms("self_attn.q_layernorm", "self_attn.k_layernorm", a))
		}
		if i < dense {
			return []arch.Sublayer{mixer, feed(inner, b.norm("ffn_norm", hidden, false, arch.DenseLayers), []arch.Tensor{
				b.matrix("feed_forward.w1.weight", inner, hidden, arch.DenseLayers, arch.SplitTP),
				b.matrix("feed_forward.w3.weight", inner, hidden, arch.DenseLayers, arch.SplitTP),
				b.matrix("feed_forward.w2.weight", hidden, inner, arch.DenseLayers, arch.SplitTP),
			})}
		}
		const stem = "feed_forward.experts.{e}."
		router := b.router("feed_forward.gate.weight", moe)
		if b.c.boolOr(true, "use_expert_bias") {
			router = append(router, fp32(b.vector("feed_forward.expert_bias", moe.Experts, arch.Router)))
		}
		return []arch.Sublayer{mixer, route(moe, b.norm("ffn_norm", hidden, false, arch.Router), router,
			b.gatedExperts(moe, stem+"w1.weight", stem+"w3.weight", stem+"w2.weight"))}
	})
}

// lfm2Attention says which layers attend: those that layer_types or full_attn_idxs name.
func (b *builder) lfm2Attention(layers int) []bool {
	full := make([]bool, layers)
	if types := b.c.textList("layer_types"); len(types) > 0 {
		b.sameLength("layer_types", len(types), layers)
		for i := range full {
			full[i] = i < len(types) && types[i] == "full_attention"
		}
		return full
	}
	if !b.c.has("full_attn_idxs") {
		b.c.fail(b.c.path+"layer_types", "missing: this family needs it, or full_attn_idxs")
	}
	for _, i := range b.c.intList("full_attn_idxs") {
		if i >= 0 && i < int64(layers) {
			full[i] = true
		}
	}
	return full
}

// lfm2Inner is the width of the dense layers. With block_auto_adjust_ff_dim (the
// default of lfm2) it is two thirds of the key, rounded up to block_multiple_of.
func (b *builder) lfm2Inner() int64 {
	inner := b.c.dim("intermediate_size", "block_ff_dim")
	if b.m.Family == "lfm2_moe" || !b.c.boolOr(true, "block_auto_adjust_ff_dim") {
		return inner
	}
	inner = int64(float64(2*inner/3) * b.c.floatOr(1, "block_ffn_dim_multiplier"))
	multiple := max(1, b.c.dimOr(256, "block_multiple_of"))
	return max(1, min(maxDim, (inner+multiple-1)/multiple*multiple))
}

// lfm2MoE returns the mixture and the number of dense layers in front, all of them in lfm2.
func (b *builder) lfm2MoE(hidden int64, layers int) (arch.MoE, int) {
	if b.m.Family != "lfm2_moe" {
		return arch.MoE{}, layers
	}
	return arch.MoE{
		Experts: b.c.integer(maxExperts, "num_experts"), TopK: b.c.dimOr(4, "num_experts_per_tok"),
		Hidden: hidden, Inner: b.c.dim("moe_intermediate_size"),
	}, int(b.c.dimOr(2, "num_dense_layers"))
}

// shortConvolution gates, convolves and gates again; it keeps the last inputs and nothing else.
func (b *builder) shortConvolution(kernel int64, bias bool) arch.Sublayer {
	hidden := b.m.Hidden
	const role = arch.AttentionWeights
	return arch.Sublayer{
		Recurrent: &arch.Recurrent{
			Kind: "short-convolution", Heads: hidden,
			Convolution: product(max(kernel, 1)-1, hidden), StateFormat: b.quant.base,
		},
		Tensors: slices.Concat(
			b.norm("operator_norm", hidden, false, role),
			b.linear("conv.in_proj", 3*hidden, hidden, bias, role, arch.SplitTP),
			b.convolution("conv.conv", hidden, kernel, bias),
			b.rowLinear("conv.out_proj", hidden, hidden, bias, role)),
	}
}
