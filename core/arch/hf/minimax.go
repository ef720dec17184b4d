package hf

import (
	"slices"

	"moecost/core/arch"
	"moecost/core/format"
)

// MiniMax. Text-01 and M1: seven lightning-attention layers to one softmax
// attention (arXiv 2501.08313; MiniMaxAI/MiniMax-Text-01 modeling_minimax_text_01.py,
// transformers models/minimax). M2: softmax attention everywhere, norms over the
// full width of query and key (vllm model_executor/models/minimax_m2.py).

// readMiniMax01 is Text-01 and M1.
func readMiniMax01(b *builder) {
	stem, head := b.stems()
	hidden := b.decoder(stem, head, false)
	a := b.heads()
	moe := b.miniMaxExperts()
	layers := b.layers()
	full := b.softmaxLayers(layers)
	b.c.ignore("postnorm", "layernorm_full_attention_alpha", "layernorm_full_attention_beta", "layernorm_linear_attention_alpha",
		"layernorm_linear_attention_beta", "layernorm_mlp_alpha", "layernorm_mlp_beta", "shared_moe_mode", "sliding_window", "block_size",
		"full_attn_alpha_factor", "full_attn_beta_factor", "linear_attn_alpha_factor", "linear_attn_beta_factor", "mlp_alpha_factor", "mlp_beta_factor")
	b.stack(stem+"layers.", layers, func(i int) []arch.Sublayer {
		mixer := lightningAttention(b, a)
		if i < len(full) && full[i] {
			mixer = attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights), b.projections("self_attn.", a, false, false))
		}
		return []arch.Sublayer{mixer, b.miniMaxMixture(moe, false)}
	})
}

// softmaxLayers reads attn_type_list (1 is softmax) or layer_types.
func (b *builder) softmaxLayers(layers int) []bool {
	if len(b.c.log.errs) > 0 {
		return nil
	}
	full := make([]bool, layers)
	if types := b.c.textList("layer_types"); len(types) > 0 {
		b.sameLength("layer_types", len(types), layers)
		for i := range min(len(types), layers) {
			full[i] = types[i] == "full_attention"
		}
		return full
	}
	if !b.c.has("attn_type_list") {
		b.c.fail(b.c.path+"attn_type_list", "missing: this family needs it (0 for lightning attention, 1 for softmax, one per layer)")
		return full
	}
	for i, n := range b.perLayer("attn_type_list", layers) {
		full[i] = n == 1
	}
	return full
}

// lightningAttention is linear attention with a decay per head: the state is
// key x value per head, and its sum is normalised and gated.
func lightningAttention(b *builder, a arch.Attention) arch.Sublayer {
	const role = arch.AttentionWeights
	// Per element of the state and token: decay (1), outer product and add (2),
	// read with the query (2).
	const flopsPerElement = 5
	inner := a.Heads * a.KeyDim
	state := inner * a.KeyDim
	return arch.Sublayer{
		Recurrent: &arch.Recurrent{
			Kind: "lightning", Heads: a.Heads, State: state, StateFormat: format.FP32,
			FLOPsPerToken: flopsPerElement * state,
		},
		Tensors: slices.Concat(
			b.norm("input_layernorm", b.m.Hidden, false, role),
			b.linear("self_attn.qkv_proj", 3*inner, b.m.Hidden, false, role, arch.SplitTP),
			b.linear("self_attn.output_gate", inner, b.m.Hidden, false, role, arch.SplitTP),
			[]arch.Tensor{b.bias("self_attn.norm.weight", inner, role, arch.SplitTP)},
			b.rowLinear("self_attn.out_proj", b.m.Hidden, inner, false, role)),
	}
}

func (b *builder) miniMaxExperts() arch.MoE {
	moe := arch.MoE{
		Experts: b.c.dimOr(8, "num_local_experts", "num_experts"), TopK: b.c.dimOr(2, "num_experts_per_tok"),
		Hidden: b.m.Hidden, Inner: b.c.dim("intermediate_size"),
	}
	if inner := b.c.dimIf("shared_intermediate_size"); inner > 0 {
		moe.Shared, moe.SharedInner = 1, inner
	}
	return moe
}

// miniMaxMixture lists router and experts under the names of Mixtral.
func (b *builder) miniMaxMixture(moe arch.MoE, correction bool) arch.Sublayer {
	gate := b.router("block_sparse_moe.gate.weight", moe)
	if correction {
		gate = append(gate, fp32(b.vector("block_sparse_moe.e_score_correction_bias", moe.Experts, arch.Router)))
	}
	var shared []arch.Tensor
	if moe.SharedInner > 0 {
		shared = append(b.gated("shared_mlp.", moe.Hidden, moe.SharedInner, false, arch.SharedExperts),
			b.matrix("coefficient.weight", 1, moe.Hidden, arch.SharedExperts, arch.Replicated))
	}
	return route(moe, b.norm("post_attention_layernorm", b.m.Hidden, false, arch.Router), gate,
		b.gatedExperts(moe, "block_sparse_moe.experts.{e}.w1.weight", "block_sparse_moe.experts.{e}.w3.weight", "block_sparse_moe.experts.{e}.w2.weight"), shared)
}

// readMiniMaxM2 is M2 to M2.7. The config promises MTP modules; the published
// checkpoints hold none.
func readMiniMaxM2(b *builder) {
	stem, head := b.stems()
	hidden := b.decoder(stem, head, false)
	a := b.heads()
	moe := b.miniMaxExperts()
	layers := b.layers()
	normed := b.c.boolOr(true, "use_qk_norm")
	perHead := b.c.textOr("per_layer", "qk_norm_type") == "per_head"
	correction := b.c.boolOr(true, "use_routing_bias")
	b.c.ignore("mtp_transformer_layers", "attn_type_list", "layer_types", "sliding_window", "attn_window_size", "swa_rope_theta",
		"max_seq_len", "layernorm_full_attention_beta", "layernorm_linear_attention_beta", "layernorm_mlp_beta")
	if b.c.boolOr(false, "use_mtp") && b.c.dimIf("num_mtp_modules") > 0 {
		b.note("use_mtp: the config names %d MTP modules, but the published checkpoints hold none, so none are counted.", b.c.dimIf("num_mtp_modules"))
	}
	b.stack(stem+"layers.", layers, func(int) []arch.Sublayer {
		var norms []arch.Tensor
		switch {
		case normed && perHead:
			norms = b.headNorms("self_attn.q_norm", "self_attn.k_norm", a)
		case normed:
			norms = []arch.Tensor{
				b.bias("self_attn.q_norm.weight", a.Heads*a.KeyDim, arch.AttentionWeights, arch.SplitTP),
				b.bias("self_attn.k_norm.weight", a.KVHeads*a.KeyDim, arch.AttentionWeights, arch.SplitKVHeads),
			}
		}
		return []arch.Sublayer{
			attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights), b.projections("self_attn.", a, false, false), norms),
			b.miniMaxMixture(moe, correction),
		}
	})
}
