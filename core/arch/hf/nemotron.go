package hf

import (
	"slices"

	"moecost/core/arch"
	"moecost/core/format"
)

// Nemotron-H and Nemotron 3: every layer is one sublayer (Mamba-2, attention,
// mixture or dense network) in an order that the config spells out. Experts have
// no gate; in Super and Ultra they work in a latent space. Layout and defaults: transformers
// models/nemotron_h/{configuration,modular}_nemotron_h.py; MTP: vllm
// model_executor/models/nemotron_h_mtp.py.
func readNemotronH(b *builder) {
	hidden := b.c.dim("hidden_size")
	b.embedding(b.c.dimOr(131072, "vocab_size"), hidden, b.c.boolOr(false, "tie_word_embeddings"),
		"backbone.embeddings.weight", "backbone.norm_f.weight", "lm_head.weight")
	b.m.MaxContext = b.c.dimIf("max_position_embeddings")
	n := b.nemotron()
	kinds := b.nemotronKinds("hybrid_override_pattern", "layers_block_type", "layer_types")
	if len(kinds) == 0 {
		b.c.fail(b.c.path+"hybrid_override_pattern", "missing: this family needs it, or layers_block_type")
	}
	b.c.ignore("num_query_groups", "chunk_size", "expand", "mamba_hidden_act", "num_logits_to_keep", "rescale_prenorm_residual", "residual_in_fp32",
		"time_step_floor", "time_step_max", "time_step_min", "time_step_limit", "time_step_rank", "use_mamba_kernels", "moe_shared_expert_overlap",
		"moe_intermediate_size", "moe_shared_expert_intermediate_size", "n_shared_experts", "num_experts_per_tok", "n_group", "topk_group", "moe_latent_size")
	if b.c.has("num_hidden_layers") {
		b.sameLength("hybrid_override_pattern", len(kinds), b.layers())
	}
	b.stack("backbone.layers.", len(kinds), func(i int) []arch.Sublayer {
		return []arch.Sublayer{n.sublayer(b, kinds[i])}
	})
	b.nemotronMTP(n, b.predictLayers("num_nextn_predict_layers"))
}

// nemotronKinds reads the order of the layers, as letters or as a list of words.
func (b *builder) nemotronKinds(patternKey string, listKeys ...string) []string {
	letters := map[rune]string{'M': "mamba", '*': "attention", 'E': "moe", '-': "mlp"}
	words := map[string]string{
		"mamba": "mamba", "linear_attention": "mamba", "attention": "attention", "full_attention": "attention", "moe": "moe", "mlp": "mlp",
	}
	var kinds []string
	if list := b.c.textList(listKeys...); len(list) > 0 {
		for i, word := range list {
			if words[word] == "" {
				b.c.fail(b.c.path+listKeys[0], "entry %d, %q, is unknown: mamba, attention, moe or mlp would do", i, word)
			}
			kinds = append(kinds, words[word])
		}
		return kinds
	}
	pattern := b.c.textOr("", patternKey)
	if len(pattern) > maxLayers {
		b.c.fail(b.c.path+patternKey, "%d layers: at most %d would do", len(pattern), maxLayers)
		return nil
	}
	for i, letter := range pattern {
		if letter == '|' {
			continue // marks the stages of a pipeline
		}
		if letters[letter] == "" {
			b.c.fail(b.c.path+patternKey, "letter %d, %q, is unknown: M, *, E or - would do", i, letter)
		}
		kinds = append(kinds, letters[letter])
	}
	return kinds
}

type nemotron struct {
	mamba                  mamba2
	attention              arch.Attention
	attentionBias, mlpBias bool
	inner                  int64 // of the dense layers
	moe                    arch.MoE
}

func (b *builder) nemotron() nemotron {
	n := nemotron{
		mamba: mamba2{
			heads: b.c.dimOr(128, "mamba_num_heads"), headDim: b.c.dimOr(64, "mamba_head_dim"),
			groups: b.c.dimOr(8, "n_groups", "mamba_n_groups"), state: b.c.dimOr(128, "ssm_state_size"),
			kernel: b.c.dimOr(4, "conv_kernel", "mamba_d_conv"), convBias: b.c.boolOr(true, "use_conv_bias", "mamba_conv_bias"),
			bias: b.c.boolOr(false, "use_bias", "mamba_proj_bias"), format: b.stateFormat(format.FP32, "mamba_ssm_cache_dtype"),
		},
		attention: arch.Attention{
			Heads: b.c.dimOr(32, "num_attention_heads"), KVHeads: b.c.dimOr(8, "num_key_value_heads"),
			KeyDim: b.c.dimOr(128, "head_dim", "attention_head_dim"),
		},
		attentionBias: b.c.boolOr(false, "attention_bias"), mlpBias: b.c.boolOr(false, "mlp_bias"),
		inner: b.c.dimOr(21504, "intermediate_size"),
	}
	n.attention.ValueDim = n.attention.KeyDim
	if b.c.dimIf("n_routed_experts", "num_local_experts") > 0 {
		n.moe = arch.MoE{
			Experts: b.c.integer(maxExperts, "n_routed_experts", "num_local_experts"), TopK: b.c.dimOr(2, "num_experts_per_tok"),
			Hidden: b.m.Hidden, Inner: b.c.dimOr(7688, "moe_intermediate_size"),
			Shared: b.c.dimOr(1, "n_shared_experts"), SharedInner: b.c.dimOr(7688, "moe_shared_expert_intermediate_size"),
			Groups: b.c.dimIf("n_group"), TopGroups: b.c.dimIf("topk_group"),
		}
		if latent := b.c.dimIf("moe_latent_size"); latent > 0 {
			n.moe.Hidden = latent
		}
	}
	return n
}

func (n nemotron) sublayer(b *builder, kind string) arch.Sublayer {
	hidden := b.m.Hidden
	switch kind {
	case "mamba":
		return n.mamba.layer(b, "norm", "mixer.")
	case "attention":
		return attend(n.attention, b.norm("norm", hidden, false, arch.AttentionWeights),
			b.projections("mixer.", n.attention, n.attentionBias, n.attentionBias))
	case "mlp":
		return feed(n.inner, b.norm("norm", hidden, false, arch.DenseLayers), b.plain("mixer.", hidden, n.inner, n.mlpBias, arch.DenseLayers))
	}
	return n.mixture(b)
}

func (n nemotron) mixture(b *builder) arch.Sublayer {
	hidden, m := b.m.Hidden, n.moe
	if m.Experts == 0 {
		b.c.fail(b.c.path+"n_routed_experts", "missing: the pattern has MoE layers")
	}
	tensors := [][]arch.Tensor{
		b.norm("norm", hidden, false, arch.Router),
		b.router("mixer.gate.weight", m),
		{fp32(b.vector("mixer.gate.e_score_correction_bias", m.Experts, arch.Router))},
		{
			b.experts("mixer.experts.{e}.up_proj.weight", m.Experts, m.Inner, m.Hidden),
			b.experts("mixer.experts.{e}.down_proj.weight", m.Experts, m.Hidden, m.Inner),
		},
		b.plain("mixer.shared_experts.", hidden, m.SharedInner, n.mlpBias, arch.SharedExperts),
	}
	if m.Hidden != hidden { // into the latent space and back, once for all experts
		tensors = append(tensors,
			b.linear("mixer.fc1_latent_proj", m.Hidden, hidden, n.mlpBias, arch.SharedExperts, arch.Replicated),
			b.linear("mixer.fc2_latent_proj", hidden, m.Hidden, n.mlpBias, arch.SharedExperts, arch.Replicated))
	}
	return route(m, tensors...)
}

// nemotronMTP: so many repetitions of a short pattern; embedding and head are the main model's.
func (b *builder) nemotronMTP(n nemotron, depth int) {
	if depth == 0 {
		return
	}
	kinds := b.nemotronKinds("mtp_hybrid_override_pattern", "mtp_layers_block_type")
	if len(kinds) == 0 {
		kinds = []string{"attention", "moe"}
	}
	hidden := b.m.Hidden
	b.m.MTP.Depth = depth
	b.m.MTP.Blocks = b.blocks("mtp.layers.", depth*len(kinds), func(i int) []arch.Sublayer {
		s := n.sublayer(b, kinds[i%len(kinds)])
		if i%len(kinds) == 0 {
			s.Tensors = slices.Concat(s.Tensors,
				b.norm("enorm", hidden, false, arch.DenseLayers), b.norm("hnorm", hidden, false, arch.DenseLayers),
				b.linear("eh_proj", hidden, 2*hidden, false, arch.DenseLayers, arch.Replicated))
		}
		if i%len(kinds) == len(kinds)-1 {
			s.Tensors = append(s.Tensors, b.norm("final_layernorm", hidden, false, arch.EmbeddingAndHead)...)
		}
		return []arch.Sublayer{s}
	})
}
