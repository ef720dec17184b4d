package hf

import (
	"slices"

	"moecost/core/arch"
)

// readLongCat is LongCat-Flash: each layer has two latent attentions, two dense
// feed-forward networks and one mixture beside the first of them, whose router
// may also choose experts without weights. Layout: transformers
// models/longcat_flash/modular_longcat_flash.py; MTP: vllm
// model_executor/models/longcat_flash_mtp.py.
func readLongCat(b *builder) {
	stem, head := b.stems()
	hidden := b.decoder(stem, head, false)
	l := b.latentAttention(latent{queryRank: 1536, nope: 128, rope: 64, value: 128})
	inner := b.c.dimOr(12288, "ffn_hidden_size", "intermediate_size")
	moe := arch.MoE{
		Experts: b.c.dimOr(512, "n_routed_experts"), TopK: b.c.dimOr(12, "moe_topk", "num_experts_per_tok"),
		Zero: b.c.dimOr(256, "zero_expert_num"), Hidden: hidden, Inner: b.c.dimOr(2048, "expert_ffn_hidden_size", "moe_intermediate_size"),
	}
	routerBias := b.c.boolOr(false, "router_bias")
	layers := int(b.c.integer(maxLayers, "num_layers"))
	b.c.ignore("num_hidden_layers", "mla_scale_q_lora", "mla_scale_kv_lora", "attention_method", "zero_expert_type")
	depth := b.c.dimOr(1, "num_nextn_predict_layers")

	attention := func(n string) arch.Sublayer {
		return attend(l.attention(), b.norm("input_layernorm"+n, hidden, false, arch.AttentionWeights), l.tensors(b, "self_attn"+n+"."))
	}
	mixture := func() arch.Sublayer {
		router := b.linear("mlp.router.classifier", moe.Experts+moe.Zero, hidden, routerBias, arch.Router, arch.Replicated)
		router = append(router, fp32(b.vector("mlp.router.e_score_correction_bias", moe.Experts+moe.Zero, arch.Router)))
		return route(moe, router, b.gatedExperts(moe,
			"mlp.experts.{e}.gate_proj.weight", "mlp.experts.{e}.up_proj.weight", "mlp.experts.{e}.down_proj.weight"))
	}
	dense := func(n, module string) arch.Sublayer {
		return feed(inner, b.norm("post_attention_layernorm"+n, hidden, false, arch.DenseLayers), b.gated(module, hidden, inner, false, arch.DenseLayers))
	}
	b.stack(stem+"layers.", layers, func(int) []arch.Sublayer {
		return []arch.Sublayer{attention(".0"), mixture(), dense(".0", "mlps.0."), attention(".1"), dense(".1", "mlps.1.")}
	})
	if depth == 0 {
		return
	}
	b.m.MTP.Depth = 1
	b.m.MTP.Blocks = b.blocks(stem+"mtp.layers.", 1, func(int) []arch.Sublayer {
		return []arch.Sublayer{attention(""), dense("", "transformer_layer.mlp.")}
	})
	b.prefix = stem + "mtp."
	embed := b.matrix("embed_tokens.weight", b.m.Vocabulary, hidden, arch.EmbeddingAndHead, arch.SplitVocabulary)
	embed.Use = arch.LookedUp
	b.m.MTP.Tensors = b.named(slices.Concat([]arch.Tensor{embed},
		b.norm("layers.0.enorm.m", hidden, false, arch.DenseLayers),
		b.norm("layers.0.hnorm.m", hidden, false, arch.DenseLayers),
		b.linear("layers.0.eh_proj", hidden, 2*hidden, false, arch.DenseLayers, arch.Replicated),
		b.norm("norm", hidden, false, arch.EmbeddingAndHead)))
	b.prefix = ""
}
