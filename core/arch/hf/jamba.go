package hf

import (
	"slices"

	"moecost/core/arch"
)

// Jamba: one softmax attention layer in eight, Mamba in the others, every other
// layer a mixture. Layout and defaults: transformers models/jamba/{configuration,modeling}_jamba.py.
func readJamba(b *builder) {
	hidden := b.c.dim("hidden_size")
	b.embedding(b.c.dim("vocab_size"), hidden, b.c.boolOr(false, "tie_word_embeddings"),
		"model.embed_tokens.weight", "model.final_layernorm.weight", "lm_head.weight")
	b.m.MaxContext = b.c.dimIf("max_position_embeddings")
	a := b.heads()
	inner := b.c.dim("intermediate_size")
	moe := arch.MoE{
		Experts: b.c.integer(maxExperts, "num_experts"), TopK: b.c.dimOr(2, "num_experts_per_tok"),
		Hidden: hidden, Inner: inner,
	}
	mamba := b.mamba()
	b.c.ignore("num_logits_to_keep", "calc_logits_for_entire_prompt", "use_mamba_kernels", "mamba_inner_layernorms")
	attention := b.every(8, 4, "attn_layer_period", "attn_layer_offset")
	mixture := b.every(2, 1, "expert_layer_period", "expert_layer_offset")
	const stem = "feed_forward.experts.{e}."
	b.stack("model.layers.", b.layers(), func(i int) []arch.Sublayer {
		mixer := mamba.layer(b)
		if attention(i) {
			mixer = attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights), b.projections("self_attn.", a, false, false))
		}
		if moe.Experts == 1 || !mixture(i) {
			return []arch.Sublayer{mixer, feed(inner, b.norm("pre_ff_layernorm", hidden, false, arch.DenseLayers),
				b.gated("feed_forward.", hidden, inner, false, arch.DenseLayers))}
		}
		return []arch.Sublayer{mixer, route(moe, b.norm("pre_ff_layernorm", hidden, false, arch.Router),
			b.router("feed_forward.router.weight", moe),
			b.gatedExperts(moe, stem+"gate_proj.weight", stem+"up_proj.weight", stem+"down_proj.weight"))}
	})
}

// every reads a period and an offset: layer i is meant if i mod period is the offset.
func (b *builder) every(period, offset int64, periodKey, offsetKey string) func(i int) bool {
	period, offset = max(1, b.c.dimOr(period, periodKey)), b.c.dimOr(offset, offsetKey)
	return func(i int) bool { return int64(i)%period == offset }
}

// mamba is the first Mamba (Gu and Dao, arXiv 2312.00752) with Jamba's three inner norms.
type mamba struct {
	inner, state, rank, kernel int64
	convBias, bias             bool
}

func (b *builder) mamba() mamba {
	m := mamba{
		inner: b.m.Hidden * b.c.dimOr(2, "mamba_expand"),
		state: b.c.dimOr(16, "mamba_d_state"), kernel: b.c.dimOr(4, "mamba_d_conv"),
		convBias: b.c.boolOr(true, "mamba_conv_bias"), bias: b.c.boolOr(false, "mamba_proj_bias"),
	}
	m.rank = (b.m.Hidden + 15) / 16 // "auto", the class's default
	if _, rank, found := b.c.lookup([]string{"mamba_dt_rank"}); found && rank != "auto" {
		m.rank = b.c.dim("mamba_dt_rank")
	}
	return m
}

func (m mamba) layer(b *builder) arch.Sublayer {
	const role = arch.AttentionWeights
	// Per element of the state and token: step size times A (1), decay (1),
	// step size times B times input (2), add (1), read with C (2).
	const flopsPerElement = 7
	decay := b.bias("mamba.A_log", m.inner, role, arch.SplitTP)
	decay.Shape = []int64{m.inner, m.state}
	return arch.Sublayer{
		Recurrent: &arch.Recurrent{
			Kind: "mamba", Heads: m.inner,
			// The cache of transformers keeps the whole kernel's width, not one less.
			State: m.inner * m.state, Convolution: m.inner * m.kernel, StateFormat: b.quant.base,
			FLOPsPerToken: flopsPerElement * m.inner * m.state,
		},
		Tensors: slices.Concat(
			b.norm("input_layernorm", b.m.Hidden, false, role),
			b.linear("mamba.in_proj", 2*m.inner, b.m.Hidden, m.bias, role, arch.SplitTP),
			b.convolution("mamba.conv1d", m.inner, m.kernel, m.convBias),
			b.rowLinear("mamba.x_proj", m.rank+2*m.state, m.inner, false, role),
			b.linear("mamba.dt_proj", m.inner, m.rank, true, role, arch.SplitTP),
			[]arch.Tensor{decay, b.bias("mamba.D", m.inner, role, arch.SplitTP)},
			b.norm("mamba.dt_layernorm", m.rank, false, role),
			b.norm("mamba.b_layernorm", m.state, false, role),
			b.norm("mamba.c_layernorm", m.state, false, role),
			b.rowLinear("mamba.out_proj", b.m.Hidden, m.inner, m.bias, role)),
	}
}
