package hf

import "moecost/core/arch"

// Gemma 1, 2 and 3: tied embeddings, heads of 256. From Gemma 2 on a norm before and after
// each sublayer and sliding windows; from Gemma 3 on norms on query and key. The
// published configs leave out what the config class has as default. Layouts and defaults:
// transformers models/{gemma,gemma2,gemma3}/{configuration,modeling}_*.py.
type gemma struct {
	vocab, heads, kvHeads int64
	sandwich, headNorms   bool
	windows               windowRule
}

func (g gemma) read(b *builder) {
	stem, head := b.stems()
	hidden := b.decoderOf(b.c.dimOr(g.vocab, "vocab_size"), stem, head, true)
	a := arch.Attention{
		Heads: b.c.dimOr(g.heads, "num_attention_heads"), KVHeads: b.c.dimOr(g.kvHeads, "num_key_value_heads"),
		KeyDim: b.c.dimOr(256, "head_dim"),
	}
	a.ValueDim = a.KeyDim
	bias := b.c.boolOr(false, "attention_bias")
	inner := b.c.dim("intermediate_size")
	layers := b.layers()
	windows := g.windows.of(b, layers)
	b.c.ignore("sliding_window_size") // Gemma 2 says sliding_window twice
	b.stack(stem+"layers.", layers, func(i int) []arch.Sublayer {
		a := a
		a.Window = windows[i]
		attention := [][]arch.Tensor{b.norm("input_layernorm", hidden, false, arch.AttentionWeights), b.projections("self_attn.", a, bias, bias)}
		if g.headNorms {
			attention = append(attention, b.headNorms("self_attn.q_norm", "self_attn.k_norm", a))
		}
		mlp := b.gated("mlp.", hidden, inner, false, arch.DenseLayers)
		if !g.sandwich {
			return []arch.Sublayer{attend(a, attention...),
				feed(inner, b.norm("post_attention_layernorm", hidden, false, arch.DenseLayers), mlp)}
		}
		attention = append(attention, b.norm("post_attention_layernorm", hidden, false, arch.AttentionWeights))
		return []arch.Sublayer{attend(a, attention...), feed(inner,
			b.norm("pre_feedforward_layernorm", hidden, false, arch.DenseLayers), mlp,
			b.norm("post_feedforward_layernorm", hidden, false, arch.DenseLayers))}
	})
	if v := b.root.object("vision_config"); v != nil && b.root != b.c {
		b.gemma3Vision(v)
	}
}

func gemmaFamilies() []family {
	gemma1 := gemma{vocab: 256000, heads: 16, kvHeads: 16}
	gemma2 := gemma{vocab: 256000, heads: 8, kvHeads: 4, sandwich: true, windows: everyNth(4096, 2, "sliding_window_pattern")}
	gemma3 := gemma{vocab: 262208, heads: 8, kvHeads: 4, sandwich: true, headNorms: true, windows: everyNth(4096, 6, "sliding_window_pattern")}
	return []family{
		{types: []string{"gemma"}, read: gemma1.read},
		{types: []string{"gemma2"}, read: gemma2.read},
		{types: []string{"gemma3_text", "gemma3"}, read: gemma3.read},
		{types: []string{"gemma4_text", "gemma4"}, read: readGemma4},
	}
}

// gemma3Vision is the SigLIP tower and the projector. Layout: transformers
// models/{siglip,gemma3}/modeling_*.py.
func (b *builder) gemma3Vision(v *config) {
	t := &tower{b: b}
	hidden, inner := v.dimOr(768, "hidden_size"), v.dimOr(3072, "intermediate_size")
	patch, channels := v.dimOr(16, "patch_size"), v.dimOr(3, "num_channels")
	side := v.dimOr(224, "image_size") / max(1, patch)

	b.prefix = "vision_tower.vision_model."
	t.table("embeddings.patch_embedding.weight", hidden, channels, patch, patch)
	t.table("embeddings.patch_embedding.bias", hidden)
	t.table("embeddings.position_embedding.weight", square(side), hidden)
	t.repeated(v.dimOr(12, "num_hidden_layers"), func() {
		t.layerNorm("encoder.layers.{i}.layer_norm1", hidden)
		t.layerNorm("encoder.layers.{i}.layer_norm2", hidden)
		for _, name := range []string{"q_proj", "k_proj", "v_proj", "out_proj"} {
			t.linear("encoder.layers.{i}.self_attn."+name, hidden, hidden, true)
		}
		t.linear("encoder.layers.{i}.mlp.fc1", inner, hidden, true)
		t.linear("encoder.layers.{i}.mlp.fc2", hidden, inner, true)
	})
	t.layerNorm("post_layernorm", hidden)
	b.prefix = ""
	t.table("multi_modal_projector.mm_input_projection_weight", hidden, b.m.Hidden)
	t.table("multi_modal_projector.mm_soft_emb_norm.weight", hidden)
	b.m.Vision = t.ts
}
