package hf

import (
	"slices"
	"strconv"
	"strings"

	"moecost/core/arch"
)

// StepFun. Step-3: queries through a shared narrow projection, one KV head of 256
// (multi-matrix factorisation attention); 3.5 and 3.7: grouped-query attention with more
// heads in the sliding layers. Layouts: vllm
// model_executor/models/{step3_text,step3p5,step3p5_mtp}.py; defaults: the
// config classes beside the checkpoints.

// readStep3 is Step-3; the config's text part.
func readStep3(b *builder) {
	hidden := b.decoder("model.", "", false)
	b.stepContext()
	heads, dim := b.c.dim("num_attention_heads"), b.c.dimOr(256, "head_dim")
	rank := b.c.dimOr(dim, "share_q_dim")
	groups := b.c.dimOr(1, "num_attention_groups", "num_key_value_heads")
	layers := b.layers()
	ffn := b.stepExperts(layers)
	const role = arch.AttentionWeights
	b.stack("model.layers.", layers, func(i int) []arch.Sublayer {
		return []arch.Sublayer{
			attend(arch.Attention{Heads: heads, KVHeads: groups, KeyDim: dim, ValueDim: dim},
				b.norm("input_layernorm", hidden, false, role),
				b.linear("self_attn.q_proj", rank, hidden, false, role, arch.Replicated),
				b.linear("self_attn.k_proj", groups*dim, hidden, false, role, arch.SplitKVHeads),
				b.linear("self_attn.v_proj", groups*dim, hidden, false, role, arch.SplitKVHeads),
				b.norm("self_attn.inter_norm", rank, false, role),
				b.linear("self_attn.wq", heads*dim, rank, false, role, arch.SplitTP),
				b.rowLinear("self_attn.o_proj", hidden, heads*dim, false, role)),
			ffn.layer(b, i),
		}
	})
}

// readStep35 is Step-3.5 and 3.7.
func readStep35(b *builder) {
	hidden := b.decoder("model.", "", false)
	b.stepContext()
	full := b.stepHeads(b.c)
	sliding := full
	kind := "sliding_attention"
	if other := b.c.object("attention_other_setting"); other != nil {
		b.c.log.quiet(other)
		kind = other.textOr(kind, "attention_type")
		sliding = b.stepHeads(other)
	} else if b.c.has("sliding_window") {
		b.note("attention_other_setting is missing: the published Step-3.5 and 3.7 have 96 query heads in their sliding layers; %d are counted here, as in the others.", full.Heads)
	}
	sliding.Window = b.c.dimIf("sliding_window")
	gated := b.c.boolOr(false, "use_head_wise_attn_gate")
	bias := b.c.boolOr(false, "attention_bias")
	b.c.ignore("att_impl_type", "use_qk_norm", "zero_centered", "sink", "need_fp32_gate", "use_rope_layers", "yarn_only_types", "use_moe")
	layers := b.layers()
	ffn := b.stepExperts(layers)
	types := b.c.textList("layer_types")
	if len(types) > 0 && len(types) < layers {
		b.sameLength("layer_types", len(types), layers)
	}
	block := func(i int) []arch.Sublayer {
		a := full
		if len(types) > 0 && i < len(types) && types[i] == kind || len(types) == 0 && i%2 == 0 && sliding.Window > 0 {
			a = sliding
		}
		var gate []arch.Tensor
		if gated {
			gate = b.linear("self_attn.g_proj", a.Heads, hidden, false, arch.AttentionWeights, arch.SplitTP)
		}
		return []arch.Sublayer{
			attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights),
				b.projections("self_attn.", a, bias, false), b.headNorms("self_attn.q_norm", "self_attn.k_norm", a), gate),
			ffn.layer(b, i),
		}
	}
	b.stack("model.layers.", layers, block)
	b.nextTokens(b.c.dimIf("num_nextn_predict_layers"), "model.layers.", layers, false, block)
	for _, module := range b.m.MTP.Blocks { // a head of its own per module, the embedding shared
		head := b.matrix(module.Prefix+"shared_head.output.weight", b.m.Vocabulary, hidden, arch.EmbeddingAndHead, arch.SplitVocabulary)
		b.m.MTP.Tensors = append(b.m.MTP.Tensors, head)
	}
}

func (b *builder) stepContext() {
	if b.m.MaxContext == 0 {
		b.m.MaxContext = b.c.dimIf("max_position_embedding", "max_seq_len")
	}
	b.root.ignore("im_end_token", "im_patch_token", "im_start_token", "image_token_len", "patch_token_len", "understand_projector_stride",
		"projector_bias", "image_token_id", "max_position_embedding")
}

// stepHeads reads the attention of c: of the config, or of the other kind of layer.
func (b *builder) stepHeads(c *config) arch.Attention {
	heads := c.dim("num_attention_heads")
	groups := c.dimIf("num_attention_groups", "num_key_value_heads")
	if groups == 0 {
		groups = heads
	}
	dim := c.dimIf("head_dim")
	if dim == 0 {
		dim = b.headDim(heads)
	}
	return arch.Attention{Heads: heads, KVHeads: groups, KeyDim: dim, ValueDim: dim}
}

// stepFeedForward is one shared expert and many routed ones, packed, or a dense network.
type stepFeedForward struct {
	dense      int64
	moe        arch.MoE
	sparse     []bool
	routerBias bool
}

func (b *builder) stepExperts(layers int) stepFeedForward {
	f := stepFeedForward{
		dense: b.c.dim("intermediate_size"),
		moe: arch.MoE{
			Experts: b.c.dim("moe_num_experts", "num_experts"), TopK: b.c.dim("moe_top_k", "num_experts_per_tok"),
			Hidden: b.m.Hidden, Inner: b.c.dim("moe_intermediate_size"),
		},
		routerBias: b.c.boolOr(false, "use_moe_router_bias"),
	}
	b.c.ignore("n_shared_experts", "moe_every_n_layer", "moe_layer_offset")
	f.moe.SharedInner = b.c.dimIf("share_expert_dim")
	if f.moe.SharedInner == 0 {
		f.moe.SharedInner = f.moe.Inner * f.moe.TopK // the config class's default
		b.c.assume(b.c.path+"share_expert_dim", f.moe.SharedInner)
	}
	f.moe.Shared = 1
	f.sparse = b.stepSparseLayers(layers)
	return f
}

// stepSparseLayers reads moe_layers_enum ("4,5,6"), else the number of leading
// dense layers, which is one if the config does not say.
func (b *builder) stepSparseLayers(layers int) []bool {
	if len(b.c.log.errs) > 0 {
		return nil
	}
	sparse := make([]bool, layers)
	listed := b.c.textOr("", "moe_layers_enum")
	if listed == "" {
		first := b.firstDense(1)
		for i := range sparse {
			sparse[i] = int64(i) >= first
		}
		return sparse
	}
	for _, s := range strings.Split(listed, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil || n < 0 {
			b.c.fail(b.c.path+"moe_layers_enum", "%s is not a list of layer numbers such as \"4,5,6\"", show(listed))
			return sparse
		}
		if n < layers {
			sparse[n] = true
		}
	}
	return sparse
}

func (f stepFeedForward) layer(b *builder, i int) arch.Sublayer {
	if i >= len(f.sparse) || !f.sparse[i] {
		return feed(f.dense, b.norm("post_attention_layernorm", b.m.Hidden, false, arch.DenseLayers),
			b.gated("mlp.", b.m.Hidden, f.dense, false, arch.DenseLayers))
	}
	gate := b.router("moe.gate.weight", f.moe)
	if f.routerBias {
		gate = append(gate, fp32(b.vector("moe.router_bias", f.moe.Experts, arch.Router)))
	}
	return route(f.moe, b.norm("post_attention_layernorm", b.m.Hidden, false, arch.Router), gate,
		b.gatedExperts(f.moe, "moe.gate_proj.weight", "moe.up_proj.weight", "moe.down_proj.weight"),
		slices.Clone(b.gated("share_expert.", b.m.Hidden, f.moe.SharedInner, false, arch.SharedExperts)))
}
