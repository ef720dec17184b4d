package hf

import (
	"slices"

	"moecost/core/arch"
)

// readMiniMaxM3: grouped-query attention whose layers, but the first ones,
// select blocks of tokens with an index per KV head, and a shared expert.
// Layout: vllm models/minimax_m3 (MiniMaxM3SparseAttention, MiniMaxM3MoE).
func readMiniMaxM3(b *builder) {
	stem, head := b.stems()
	hidden := b.decoder(stem, head, false)
	a := b.heads()
	moe := arch.MoE{
		Experts: b.c.dim("num_local_experts"), TopK: b.c.dim("num_experts_per_tok"),
		Shared: b.c.dimOr(1, "n_shared_experts"), Hidden: hidden, Inner: b.c.dim("intermediate_size"),
	}
	moe.SharedInner = moe.Shared * moe.Inner
	dense := b.c.dimOr(12288, "dense_intermediate_size")
	layers := b.layers()
	sparse := b.sparseLayers(layers, 0)
	index, indexed := b.blockIndex(layers)
	b.c.ignore("moe_intermediate_size", "shared_intermediate_size", "attention_output_gate", "use_gemma_norm", "use_qk_norm", "qk_norm_type",
		"use_routing_bias", "sparse_attention_config", "swiglu_beta")
	b.root.ignore("img_token_compression_config", "image_grid_pinpoints", "image_seq_length", "multimodal_projector_bias", "num_reward_heads",
		"process_image_mode", "vision_feature_layer", "vision_feature_select_strategy", "projector_hidden_size", "projector_hidden_act")
	if depth := b.c.dimIf("num_nextn_predict_layers", "num_mtp_modules"); depth > 0 {
		b.note("The config names MTP modules, but the published checkpoint (854 GB in BF16) has no room for them: none are counted.")
	}
	b.c.ignore("num_mtp_modules")

	attention := func(i int) arch.Sublayer {
		a := a
		ts := slices.Concat(b.projections("self_attn.", a, false, false), b.headNorms("self_attn.q_norm", "self_attn.k_norm", a))
		if index != nil && (i >= len(indexed) || indexed[i]) {
			a.Index = index
			const role = arch.AttentionWeights
			ts = append(ts, slices.Concat(
				b.linear("self_attn.index_q_proj", index.Heads*index.KeyDim, hidden, false, role, arch.SplitTP),
				b.linear("self_attn.index_k_proj", index.KeyDim, hidden, false, role, arch.Replicated),
				b.norm("self_attn.index_q_norm", index.KeyDim, false, role),
				b.norm("self_attn.index_k_norm", index.KeyDim, false, role))...)
		}
		return attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights), ts)
	}
	block := func(i int) []arch.Sublayer {
		if i < len(sparse) && !sparse[i] {
			return []arch.Sublayer{attention(i), feed(dense, b.norm("post_attention_layernorm", hidden, false, arch.DenseLayers),
				b.gated("mlp.", hidden, dense, false, arch.DenseLayers))}
		}
		const stem = "block_sparse_moe."
		return []arch.Sublayer{attention(i), route(moe, b.norm("post_attention_layernorm", hidden, false, arch.Router),
			[]arch.Tensor{fp32(b.router(stem+"gate.weight", moe)[0]), fp32(b.vector(stem+"e_score_correction_bias", moe.Experts, arch.Router))},
			b.gatedExperts(moe, stem+"experts.{e}.w1.weight", stem+"experts.{e}.w3.weight", stem+"experts.{e}.w2.weight"),
			b.gated(stem+"shared_experts.", hidden, moe.SharedInner, false, arch.SharedExperts))}
	}
	b.stack(stem+"layers.", layers, block)
}

// blockIndex reads sparse_attention_config: the index and the layers that have it.
func (b *builder) blockIndex(layers int) (*arch.Index, []bool) {
	c := b.c.object("sparse_attention_config")
	if c == nil {
		return nil, nil
	}
	b.c.log.quiet(c)
	if !c.boolOr(true, "use_sparse_attention") || len(b.c.log.errs) > 0 {
		return nil, nil
	}
	x := &arch.Index{Heads: c.dimOr(4, "sparse_num_index_heads"), KeyDim: c.dimOr(128, "sparse_index_dim")}
	x.TopK = product(c.dimOr(16, "sparse_topk_blocks"), c.dimOr(128, "sparse_block_size"))
	indexed := make([]bool, layers)
	freq := c.intList("sparse_attention_freq")
	for i := range indexed {
		indexed[i] = len(freq) == 0 || i < len(freq) && freq[i] != 0
	}
	return x, indexed
}
