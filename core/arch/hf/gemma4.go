package hf

import (
	"slices"

	"moecost/core/arch"
)

// Gemma 4: sliding windows with one global layer in six, whose heads are wider
// and may use the key as value; in the 26B-A4B experts beside a dense network
// that its model card calls the shared expert; in the small ones per-layer
// embeddings and layers that use an earlier layer's cache. Layout and defaults:
// transformers models/gemma4/{configuration,modeling}_gemma4.py.
func readGemma4(b *builder) {
	stem, head := b.stems()
	layers := b.layers()
	hidden := b.decoderOf(b.c.dimOr(262144, "vocab_size"), stem, head, true)
	perLayer := b.c.dimOr(256, "hidden_size_per_layer_input")
	if perLayer > 0 {
		b.perLayerEmbedding(stem, perLayer, int64(layers))
	}
	local := arch.Attention{Heads: b.c.dimOr(8, "num_attention_heads"), KVHeads: b.c.dimOr(4, "num_key_value_heads"), KeyDim: b.c.dimOr(256, "head_dim")}
	local.ValueDim = local.KeyDim
	global := local
	global.KeyDim = b.c.dimOr(512, "global_head_dim")
	global.ValueDim = global.KeyDim
	keyIsValue := b.c.boolOr(false, "attention_k_eq_v")
	if kv := b.c.dimIf("num_global_key_value_heads"); keyIsValue && kv > 0 {
		global.KVHeads = kv
	}
	bias := b.c.boolOr(false, "attention_bias")
	b.c.ignore("use_bidirectional_attention", "vocab_size_per_layer_input")
	b.root.ignore("vision_soft_tokens_per_image")
	f := b.gemma4FeedForward(hidden)
	windows := b.gemma4Windows(layers)
	own := layers - int(b.c.dimIf("num_kv_shared_layers")) // layers with a cache of their own

	b.stack(stem+"layers.", layers, func(i int) []arch.Sublayer {
		a := local
		a.Window = windows[i]
		if a.Window == 0 {
			a = global
		}
		a.SharesKV = i >= own && own > 0
		qkvo := b.projections("self_attn.", a, bias, bias)
		if keyIsValue && a.Window == 0 {
			qkvo = slices.DeleteFunc(qkvo, func(t arch.Tensor) bool {
				return t.Name == "self_attn.v_proj.weight" || t.Name == "self_attn.v_proj.bias"
			})
		}
		return []arch.Sublayer{
			attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights), qkvo,
				b.headNorms("self_attn.q_norm", "self_attn.k_norm", a),
				b.norm("post_attention_layernorm", hidden, false, arch.AttentionWeights)),
			f.layer(b, a.SharesKV, perLayer),
		}
	})
	if b.root == b.c {
		return
	}
	if v := b.root.object("vision_config"); v != nil {
		b.gemma4Vision(v)
	}
	if v := b.root.object("audio_config"); v != nil {
		b.gemma4Audio(v)
	}
}

// gemma4Windows: layer_types, else five windows to one global layer; the last layer is
// always global.
func (b *builder) gemma4Windows(layers int) []int64 {
	windows := everyNth(512, 6, "sliding_window_pattern").of(b, layers)
	if len(windows) > 0 {
		windows[len(windows)-1] = 0
	}
	return windows
}

// perLayerEmbedding is a second table with a row per token for every layer.
func (b *builder) perLayerEmbedding(stem string, width, layers int64) {
	const role = arch.EmbeddingAndHead
	table := b.m.Embedding[0]
	table.Name = stem + "embed_tokens_per_layer.weight"
	table.Shape = []int64{b.c.dimOr(262144, "vocab_size_per_layer_input"), layers * width}
	b.m.Embedding = append(b.m.Embedding, table)
	// Applied, so that the projection is not taken for a second head.
	projection := b.vector(stem+"per_layer_model_projection.weight", 1, role)
	projection.Shape = []int64{layers * width, b.m.Hidden}
	b.m.Embedding = append(b.m.Embedding, projection, b.vector(stem+"per_layer_projection_norm.weight", width, role))
}

type gemma4FeedForward struct {
	inner  int64
	double bool // layers without a cache of their own are twice as wide
	moe    arch.MoE
}

func (b *builder) gemma4FeedForward(hidden int64) gemma4FeedForward {
	f := gemma4FeedForward{inner: b.c.dim("intermediate_size"), double: b.c.boolOr(false, "use_double_wide_mlp")}
	if b.c.boolOr(false, "enable_moe_block") {
		f.moe = arch.MoE{
			Experts: b.c.integer(maxExperts, "num_experts"), TopK: b.c.dim("top_k_experts", "num_experts_per_tok"),
			Hidden: hidden, Inner: b.c.dim("moe_intermediate_size", "expert_intermediate_size"),
			Shared: 1, SharedInner: f.inner,
		}
	}
	return f
}

func (f gemma4FeedForward) layer(b *builder, sharesKV bool, perLayer int64) arch.Sublayer {
	hidden, inner := b.m.Hidden, f.inner
	if f.double && sharesKV {
		inner *= 2
	}
	role := arch.DenseLayers
	if f.moe.Experts > 0 {
		role = arch.SharedExperts
	}
	scalar := b.vector("layer_scalar", 1, arch.DenseLayers)
	common := slices.Concat(
		b.norm("pre_feedforward_layernorm", hidden, false, role),
		b.gated("mlp.", hidden, inner, false, role),
		b.norm("post_feedforward_layernorm", hidden, false, role),
		[]arch.Tensor{scalar})
	if perLayer > 0 {
		common = slices.Concat(common,
			b.linear("per_layer_input_gate", perLayer, hidden, false, arch.DenseLayers, arch.Replicated),
			b.linear("per_layer_projection", hidden, perLayer, false, arch.DenseLayers, arch.Replicated),
			b.norm("post_per_layer_input_norm", hidden, false, arch.DenseLayers))
	}
	if f.moe.Experts == 0 {
		return feed(inner, common)
	}
	return route(f.moe, common,
		b.norm("post_feedforward_layernorm_1", hidden, false, arch.SharedExperts),
		b.norm("pre_feedforward_layernorm_2", hidden, false, arch.Router),
		b.norm("post_feedforward_layernorm_2", hidden, false, arch.Router),
		b.router("router.proj.weight", f.moe),
		[]arch.Tensor{
			b.vector("router.scale", hidden, arch.Router),
			b.vector("router.per_expert_scale", f.moe.Experts, arch.Router),
		},
		b.fusedExperts("experts.gate_up_proj", "experts.down_proj", f.moe))
}
