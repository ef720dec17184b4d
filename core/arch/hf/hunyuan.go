package hf

import "moecost/core/arch"

// Hunyuan: A13B (norms on query and key behind the rotary positions) and Large
// (pairs of layers share keys and values), and the dense models of the line. Some keys hold one number or one
// per layer. Layouts:
// vllm model_executor/models/hunyuan_v1.py, transformers models/hunyuan_v1_moe.
func readHunyuan(b *builder) {
	hidden := b.decoder("model.", "", false)
	a := b.heads()
	bias := b.c.boolOr(false, "attention_bias")
	norms := b.c.boolOr(b.m.Family != "hunyuan", "use_qk_norm") // the classes in transformers always have them
	share := int64(1)                                           // layers that use one cache
	if b.c.boolOr(false, "use_cla") {
		share = max(1, b.c.dimOr(2, "cla_share_factor"))
	}
	b.c.ignore(hunyuanUnused...)
	if b.c.boolOr(false, "use_mla") {
		b.c.fail(b.c.path+"use_mla", "true: no published Hunyuan has latent attention, and its layout is unknown here")
	}
	inner := b.c.dim("intermediate_size")
	layers := b.layers()
	experts := b.numberPerLayer(layers, 1, "num_experts")
	topK := b.numberPerLayer(layers, 1, "moe_topk", "num_experts_per_tok")
	width := b.numberPerLayer(layers, inner, "moe_intermediate_size")
	shared := b.numberPerLayer(layers, 1, "num_shared_expert")
	if !b.c.boolOr(true, "use_mixed_mlp_moe") {
		shared = make([]int64, layers)
	}
	dense := int(b.c.dimIf("moe_layer_num_skipped"))

	b.stack("model.layers.", layers, func(i int) []arch.Sublayer {
		a := a
		a.SharesKV = int64(i)%share != 0
		var qk []arch.Tensor
		if norms { // also where k is another layer's: it is normed anew
			qk = append(b.norm("self_attn.query_layernorm", a.KeyDim, false, arch.AttentionWeights),
				b.norm("self_attn.key_layernorm", a.KeyDim, false, arch.AttentionWeights)...)
		}
		attention := attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights), b.projections("self_attn.", a, bias, bias), qk)
		if i < dense || experts[i] <= 1 {
			return []arch.Sublayer{attention, feed(inner, b.norm("post_attention_layernorm", hidden, false, arch.DenseLayers),
				b.gated("mlp.", hidden, inner, false, arch.DenseLayers))}
		}
		moe := arch.MoE{
			Experts: experts[i], TopK: topK[i], Hidden: hidden, Inner: width[i],
			Shared: shared[i], SharedInner: product(inner, shared[i]),
		}
		const stem = "mlp.experts.{e}."
		tensors := [][]arch.Tensor{
			b.norm("post_attention_layernorm", hidden, false, arch.Router),
			b.router("mlp.gate.wg.weight", moe),
			b.gatedExperts(moe, stem+"gate_proj.weight", stem+"up_proj.weight", stem+"down_proj.weight"),
		}
		if moe.Shared > 0 {
			tensors = append(tensors, b.gated("mlp.shared_mlp.", hidden, moe.SharedInner, false, arch.SharedExperts))
		}
		return []arch.Sublayer{attention, route(moe, tensors...)}
	})
}

// hunyuanUnused are keys of the class that describe a vision tower which these checkpoints do not
// hold, switches of training, and positions.
var hunyuanUnused = []string{
	"add_classification_head", "class_num", "pool_type", "skip_cls_token", "dense_list", "cla_share_factor", "mlp_bias",
	"anyres_pooling_size", "anyres_vit_max_image_size", "anyres_vit_two_views", "num_media_embeds", "org_vocab_size",
	"im_start_id", "im_end_id", "im_newline_id", "mask_init_id", "pad_id", "text_start_id", "text_end_id", "video_start_id", "video_end_id",
	"group_limited_greedy", "norm_topk_prob", "routed_scaling_factor", "moe_intermediate_size", "moe_topk", "num_shared_expert", "moe_drop_tokens", "moe_random_routing_dropped_token", "n_group", "topk_group", "norm_type",
	"kv_lora_rank", "q_lora_rank", "qk_nope_head_dim", "qk_rope_head_dim", "v_head_dim",
	"position_embedding_xdrope", "xdrope_section", "use_rotary_pos_emb",
	"vit_add_patchemb_bias", "vit_input_resolution", "vit_mapping_type", "vit_norm_type", "vit_patch", "vit_path",
	"vit_remove_prenorm", "vit_token", "vit_type", "vit_used_rms_norm",
}
