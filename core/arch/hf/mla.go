package hf

import (
	"slices"

	"moecost/core/arch"
)

// latent is multi-head latent attention (DeepSeek-V2, arXiv 2405.04434, section
// 2.1): keys and values are made from one compressed latent per token, and a
// rotary key that all heads share stands beside it. Layout: deepseek-ai/DeepSeek-V3
// modeling_deepseek.py, DeepseekV3Attention.
type latent struct {
	heads      int64
	queryRank  int64 // width of the compressed query; 0 if q is projected directly
	latentRank int64
	nope, rope int64 // per head of the query: plain and rotary part
	value      int64 // per head
	bias       bool
}

// deepSeekLatent are the defaults of DeepSeek's config classes.
var deepSeekLatent = latent{queryRank: 1536, nope: 128, rope: 64, value: 128}

// latentAttention reads the keys of DeepSeek's config class. A missing key has
// the family's default; a null q_lora_rank says that there is no compressed query.
func (b *builder) latentAttention(def latent) latent {
	queryRank := int64(0)
	if !b.c.isNull("q_lora_rank") {
		queryRank = b.c.dimOr(def.queryRank, "q_lora_rank")
	}
	b.c.ignore("num_key_value_heads", "head_dim", "qk_head_dim", "rope_interleave")
	return latent{
		heads:      b.c.dim("num_attention_heads"),
		queryRank:  queryRank,
		latentRank: b.c.dimOr(512, "kv_lora_rank"),
		nope:       b.c.dimOr(def.nope, "qk_nope_head_dim"),
		rope:       b.c.dimOr(def.rope, "qk_rope_head_dim"),
		value:      b.c.dimOr(def.value, "v_head_dim"),
		bias:       b.c.boolOr(false, "attention_bias"),
	}
}

func (l latent) attention() arch.Attention {
	return arch.Attention{
		Heads: l.heads, KVHeads: l.heads, KeyDim: l.nope + l.rope, ValueDim: l.value,
		Latent: l.latentRank, Rope: l.rope,
	}
}

// tensors lists the projections and norms under stem. The down-projections are
// whole on every rank: their result is not divided by heads.
func (l latent) tensors(b *builder, stem string) []arch.Tensor {
	const role = arch.AttentionWeights
	var query []arch.Tensor
	if l.queryRank > 0 {
		query = slices.Concat(
			b.linear(stem+"q_a_proj", l.queryRank, b.m.Hidden, l.bias, role, arch.Replicated),
			b.norm(stem+"q_a_layernorm", l.queryRank, false, role),
			b.linear(stem+"q_b_proj", l.heads*(l.nope+l.rope), l.queryRank, false, role, arch.SplitTP))
	} else {
		query = b.linear(stem+"q_proj", l.heads*(l.nope+l.rope), b.m.Hidden, false, role, arch.SplitTP)
	}
	return slices.Concat(query,
		b.linear(stem+"kv_a_proj_with_mqa", l.latentRank+l.rope, b.m.Hidden, l.bias, role, arch.Replicated),
		b.norm(stem+"kv_a_layernorm", l.latentRank, false, role),
		b.linear(stem+"kv_b_proj", l.heads*(l.nope+l.value), l.latentRank, false, role, arch.SplitTP),
		b.rowLinear(stem+"o_proj", b.m.Hidden, l.heads*l.value, l.bias, role))
}

// lightning is the indexer of DeepSeek sparse attention (DeepSeek-V3.2-Exp
// inference/model.py, Indexer): it scores all tokens and keeps the best.
type lightning struct {
	heads, dim, topK int64
}

func (b *builder) lightningIndexer(heads int64) lightning {
	return lightning{
		heads: b.c.dimOr(heads, "index_n_heads"),
		dim:   b.c.dimOr(128, "index_head_dim"),
		topK:  b.c.dimOr(2048, "index_topk"),
	}
}

func (x lightning) index(shared bool) *arch.Index {
	return &arch.Index{Heads: x.heads, KeyDim: x.dim, TopK: x.topK, Shared: shared}
}

// tensors lists the indexer under stem. It is whole on every rank. The head
// weights stay unconverted in every published checkpoint.
func (x lightning) tensors(b *builder, stem string, queryRank int64) []arch.Tensor {
	const role, split = arch.AttentionWeights, arch.Replicated
	return slices.Concat(
		b.linear(stem+"wq_b", x.heads*x.dim, queryRank, false, role, split),
		b.linear(stem+"wk", x.dim, b.m.Hidden, false, role, split),
		b.norm(stem+"k_norm", x.dim, true, role),
		[]arch.Tensor{b.unconverted(b.matrix(stem+"weights_proj.weight", x.heads, b.m.Hidden, role, split))})
}
