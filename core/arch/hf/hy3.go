package hf

import "moecost/core/arch"

// Hy3 (Hunyuan 3): DeepSeek-V3's fine experts behind grouped-query attention with norms
// on query and key, and an MTP module that shares embedding and head. Layout and
// defaults: transformers models/hy_v3/modular_hy_v3.py.
func readHy3(b *builder) {
	hidden := b.decoder("model.", "", false)
	a := b.headsOr(128)
	bias := b.c.boolOr(false, "attention_bias")
	normed := b.c.boolOr(true, "qk_norm", "use_qk_norm")
	layers := b.layers()
	ffn := b.fineExperts(layers, fineDefaults{experts: 192, topK: 8, shared: 1, inner: 1536, firstDense: 1, correction: true})
	b.c.ignore("expert_hidden_dim", "enable_moe_fp32_combine", "enable_attention_fp32_softmax", "enable_lm_head_fp32",
		"moe_router_enable_expert_bias", "moe_router_use_sigmoid", "route_norm", "use_grouped_mm")
	block := func(i int) []arch.Sublayer {
		var norms []arch.Tensor
		if normed {
			norms = b.headNorms("self_attn.q_norm", "self_attn.k_norm", a)
		}
		return []arch.Sublayer{
			attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights), b.projections("self_attn.", a, bias, bias), norms),
			ffn.layer(b, i),
		}
	}
	b.stack("model.layers.", layers, block)
	b.nextTokens(b.c.dimIf("num_nextn_predict_layers"), "model.layers.", layers, false, block)
}
