package hf

import (
	"slices"

	"moecost/core/arch"
)

// readLingHybrid is Ling and Ring 3.0: groups of layers of which the last, and
// those of an incomplete last group, are gated latent attention and the others
// Kimi Delta Attention with full-rank gates. Layout: vllm
// model_executor/models/bailing_moe_v3.py. The hybrids of 2.5 and 2.6 have the same model_type
// with lightning attention; they are left to the reader of unknown families.
func readLingHybrid(b *builder) {
	if !b.c.has("no_kda_lora", "kda_safe_gate", "kda_lower_bound", "short_conv_kernel_size") {
		readUnknown(b)
		b.note("This is a hybrid with lightning attention (Ling 2.5 or 2.6), whose layers are not known here: it is counted as latent attention throughout.")
		return
	}
	hidden := b.c.dim("hidden_size")
	b.embedding(b.c.dim("vocab_size"), hidden, b.c.boolOr(false, "tie_word_embeddings"),
		"model.word_embeddings.weight", "model.norm.weight", "lm_head.weight")
	b.m.MaxContext = b.c.dimIf("max_position_embeddings")
	l := b.latentAttention(deepSeekLatent)
	heads := b.c.dim("num_attention_heads")
	d := deltaAttention{heads: heads, dim: b.c.dimOr(128, "head_dim"), kernel: b.c.dimOr(4, "short_conv_kernel_size"), fullGate: true, fullDecay: true, headDecay: true}
	gateWidth := map[string]int64{"head_wise": heads, "element_wise": heads * l.value}[b.c.textOr("", "gated_attention_proj_granularity_type")]
	group := int(b.c.integer(maxLayers, "layer_group_size"))
	layers := b.layers()
	ffn := b.fineExperts(layers, fineDefaults{experts: 256, topK: 8, inner: 512})
	b.lingExperts(&ffn)
	b.c.ignore("no_kda_lora", "kda_safe_gate", "kda_lower_bound", "rotary_dim", "group_norm_size", "linear_silu", "use_qk_norm")
	const role = arch.AttentionWeights
	block := func(i int) []arch.Sublayer {
		norm := b.norm("input_layernorm", hidden, false, role)
		mixer := d.layer(b, "attention.", norm)
		if (i+1)%group == 0 || i >= layers/group*group {
			ts := l.tensors(b, "attention.")
			for t := range ts { // this family's name for the output projection
				if ts[t].Name == "attention.o_proj.weight" {
					ts[t].Name = "attention.dense.weight"
				}
			}
			if gateWidth > 0 {
				ts = append(ts, b.linear("attention.g_proj", gateWidth, hidden, false, role, arch.SplitTP)...)
			}
			mixer = attend(l.attention(), norm, ts)
		}
		return []arch.Sublayer{mixer, ffn.lingLayer(b, i)}
	}
	b.stack("model.layers.", layers, block)
	b.nextTokens(b.c.dimIf("num_nextn_predict_layers"), "model.layers.", layers, false, block)
}

// lingExperts reads what the experts of Ling have of their own.
func (b *builder) lingExperts(f *fineExperts) {
	f.correction = b.c.boolOr(f.correction, "moe_router_enable_expert_bias")
	if inner := b.c.dimIf("moe_shared_expert_intermediate_size"); inner > 0 && f.moe.Shared > 0 {
		f.moe.SharedInner = product(f.moe.Shared, inner)
	}
	b.c.ignore("norm_head", "norm_softmax", "embedding_dropout", "multi_gate", "score_function", "router_type", "mtp_loss_scaling_factor",
		"use_rmsnorm", "using_split_qkv_in_self_attention", "use_sliding_window", "sliding_window", "num_key_value_heads", "use_bias", "use_qkv_bias",
		"moe_router_enable_routed_scaling", "moe_router_enable_shared_expert", "moe_router_topk_scaling_factor")
}

// lingLayer is layer under this family's name for the balancing bias.
func (f fineExperts) lingLayer(b *builder, i int) arch.Sublayer {
	s := f.layer(b, i)
	s.Tensors = slices.Clone(s.Tensors)
	for t := range s.Tensors {
		if s.Tensors[t].Name == "mlp.gate.e_score_correction_bias" {
			s.Tensors[t].Name = "mlp.gate.expert_bias"
		}
	}
	return s
}
