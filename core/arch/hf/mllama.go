package hf

import (
	"slices"

	"moecost/core/arch"
)

// Llama 3.2 Vision: Llama's layers, some of which attend to the image instead of
// the text, and a vision tower. Layout and defaults: transformers
// models/mllama/{configuration,modeling}_mllama.py.
func readMllama(b *builder) {
	vocab := b.c.dim("vocab_size")
	hidden := b.decoderOf(vocab, "language_model.model.", "language_model.", false)
	const special = 8 // rows of the input embedding for image tokens
	b.m.Embedding[0].Shape[0] = vocab + special
	a := b.heads()
	inner := b.c.dim("intermediate_size")
	layers := b.layers()
	cross := b.c.intList("cross_attention_layers")
	b.stack("language_model.model.layers.", layers, func(i int) []arch.Sublayer {
		before := b.norm("input_layernorm", hidden, false, arch.AttentionWeights)
		mlp := slices.Concat(b.norm("post_attention_layernorm", hidden, false, arch.DenseLayers), b.gated("mlp.", hidden, inner, false, arch.DenseLayers))
		if !slices.Contains(cross, int64(i)) {
			return []arch.Sublayer{attend(a, before, b.projections("self_attn.", a, false, false)), feed(inner, mlp)}
		}
		return []arch.Sublayer{feed(inner, before, b.projections("cross_attn.", a, false, false),
			b.headNorms("cross_attn.q_norm", "cross_attn.k_norm", a),
			[]arch.Tensor{b.vector("cross_attn_attn_gate", 1, arch.AttentionWeights), b.vector("cross_attn_mlp_gate", 1, arch.DenseLayers)}, mlp)}
	})
	if len(cross) > 0 {
		b.note("%d of %d layers attend to the image and not to the text: they are counted without a cache.", len(cross), layers)
	}
	if v := b.root.object("vision_config"); v != nil && b.root != b.c {
		b.mllamaVision(v)
	}
}

func (b *builder) mllamaVision(v *config) {
	t := &tower{b: b}
	hidden, inner := v.dimOr(1280, "hidden_size"), v.dimOr(5120, "intermediate_size")
	patch, channels := v.dimOr(14, "patch_size"), v.dimOr(3, "num_channels")
	tiles := v.dimOr(4, "max_num_tiles")
	positions := square(v.dimOr(448, "image_size")/max(1, patch)) + 1
	ratios := int64(8) // ways to lay up to four tiles out
	if list := v.list("supported_aspect_ratios"); len(list) > 0 {
		ratios = int64(len(list))
	}
	layer := func(stem string, gated bool) func() {
		return func() {
			for _, name := range []string{"q_proj", "k_proj", "v_proj", "o_proj"} {
				t.linear(stem+"self_attn."+name, hidden, hidden, false)
			}
			t.linear(stem+"mlp.fc1", inner, hidden, true)
			t.linear(stem+"mlp.fc2", hidden, inner, true)
			t.layerNorm(stem+"input_layernorm", hidden)
			t.layerNorm(stem+"post_attention_layernorm", hidden)
			if gated {
				t.table(stem+"gate_attn", 1)
				t.table(stem+"gate_ffn", 1)
			}
		}
	}

	b.prefix = "vision_model."
	t.table("patch_embedding.weight", hidden, channels, patch, patch)
	t.table("class_embedding", hidden)
	t.table("gated_positional_embedding.gate", 1)
	t.table("gated_positional_embedding.embedding", positions, hidden)
	t.table("gated_positional_embedding.tile_embedding.weight", ratios+1, tiles, positions, hidden)
	for _, name := range []string{"pre_tile_positional_embedding", "post_tile_positional_embedding"} {
		t.table(name+".gate", 1)
		t.table(name+".embedding.weight", ratios+1, tiles, hidden)
	}
	t.layerNorm("layernorm_pre", hidden)
	t.layerNorm("layernorm_post", hidden)
	t.repeated(v.dimOr(32, "num_hidden_layers"), layer("transformer.layers.{i}.", false))
	t.repeated(v.dimOr(8, "num_global_layers"), layer("global_transformer.layers.{i}.", true))
	b.prefix = ""
	t.linear("multi_modal_projector", b.m.Hidden, v.dimOr(7680, "vision_output_dim"), true)
	b.m.Vision = t.ts
}
