package hf

import (
	"slices"

	"moecost/core/arch"
)

// ERNIE 4.5: mixtures between a first and a last layer, shared experts as wide as so
// many routed ones, a bias of the router in single precision. Layout and defaults:
// transformers models/ernie4_5_moe/{configuration,modeling}_ernie4_5_moe.py;
// MTP: vllm model_executor/models/ernie_mtp.py.
func readErnie(b *builder) {
	stem, head := b.stems()
	hidden := b.decoder(stem, head, true)
	a := b.heads()
	bias := b.c.boolOr(false, "use_bias")
	inner := b.c.dim("intermediate_size")
	layers := b.layers()
	moe := arch.MoE{
		Experts: b.ernieFirst("moe_num_experts"), TopK: b.c.dimOr(6, "moe_k"), Hidden: hidden,
		Inner: b.ernieFirst("moe_intermediate_size"), Shared: b.c.dimOr(2, "moe_num_shared_experts"),
	}
	moe.SharedInner = product(moe.Inner, moe.Shared)
	every := int64(1)
	if b.c.has("moe_layer_interval") {
		every = b.c.dim("moe_layer_interval")
	}
	first, last := int64(1), int64(layers-1)
	if b.c.has("moe_layer_start_index") {
		first = b.ernieFirst("moe_layer_start_index")
	}
	if end := b.c.intListOrNumber("moe_layer_end_index"); len(end) > 0 && slices.Max(end) >= 0 {
		last = slices.Max(end)
	}
	dense := func() arch.Sublayer {
		return feed(inner, b.norm("post_attention_layernorm", hidden, false, arch.DenseLayers),
			b.gated("mlp.", hidden, inner, bias, arch.DenseLayers))
	}
	attention := func() arch.Sublayer {
		return attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights), b.projections("self_attn.", a, bias, bias))
	}
	b.stack(stem+"layers.", layers, func(i int) []arch.Sublayer {
		if n := int64(i); (n+1)%every != 0 || n < first || n > last {
			return []arch.Sublayer{attention(), dense()}
		}
		return []arch.Sublayer{attention(), b.ernieMixture(moe, bias)}
	})
	b.ernieVision(layers)
	b.c.ignore("use_rmsnorm", "moe_use_aux_free", "moe_gate", "moe_gate_act", "moe_capacity", "moe_aux_loss_lambda", "moe_group", "moe_multimodal_dispatch_use_allgather",
		"moe_multimodal_paired_experts", "moe_world_size", "moe_group_experts", "moe_dropout_prob", "moe_all_to_all_dropout", "moe_use_hard_gate", "moe_dense_experts_token_type_id",
		"moe_reverse_token_drop", "moe_gate_lm", "rope_3d", "freq_allocation", "im_patch_id", "pixel_hidden_size", "compression_ratio", "dpo_config", "max_text_id",
		"moe_layer_feed_fake_token", "moe_orthogonal_loss_lambda", "moe_z_loss_lambda", "moe_norm_gate_logits", "moe_norm_min", "moe_fuse_experts", "modality_detach", "token_balance_loss",
		"multi_token_pred_lambda", "num_nextn_predict_layers", "max_sequence_length")
	b.ernieMTP(b.predictLayers("num_nextn_predict_layers"), func(int) []arch.Sublayer {
		return []arch.Sublayer{attention(), dense()}
	})
}

func (b *builder) ernieMixture(m arch.MoE, bias bool) arch.Sublayer {
	const stem = "mlp.experts.{e}."
	tensors := [][]arch.Tensor{
		b.norm("post_attention_layernorm", m.Hidden, false, arch.Router),
		{fp32(b.matrix("mlp.gate.weight", m.Experts, m.Hidden, arch.Router, arch.Replicated))},
		{fp32(b.vector("mlp.moe_statics.e_score_correction_bias", m.Experts, arch.Router))},
		b.gatedExperts(m, stem+"gate_proj.weight", stem+"up_proj.weight", stem+"down_proj.weight"),
	}
	if m.Shared > 0 {
		tensors = append(tensors, b.gated("mlp.shared_experts.", m.Hidden, m.SharedInner, bias, arch.SharedExperts))
	}
	return route(m, tensors...)
}

// ernieFirst reads a key that holds one number, or one per modality in the
// vision-language models, text first.
func (b *builder) ernieFirst(keys ...string) int64 {
	values := b.c.intListOrNumber(keys...)
	if len(values) == 0 {
		return b.c.dim(keys...)
	}
	return values[0]
}

func (b *builder) ernieMTP(depth int, block func(int) []arch.Sublayer) {
	if depth == 0 {
		return
	}
	b.m.MTP.Depth = depth
	b.m.MTP.Blocks = b.blocks("model.mtp_block.", depth, block)
	hidden := b.m.Hidden
	b.m.MTP.Tensors = slices.Concat(
		b.linear("model.mtp_linear_proj.{i}", hidden, 2*hidden, false, arch.DenseLayers, arch.Replicated),
		b.norm("model.mtp_emb_norm.{i}", hidden, false, arch.DenseLayers),
		b.norm("model.mtp_hidden_norm.{i}", hidden, false, arch.DenseLayers))
	for i := range b.m.MTP.Tensors {
		b.m.MTP.Tensors[i].Copies = int64(depth)
	}
}
