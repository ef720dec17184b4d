package hf

// mistralVision adds the Pixtral tower and the projector of Mistral Small 3.1
// and later. Layouts and defaults: transformers models/{pixtral,mistral3}/{configuration,modeling}_*.py.
func (b *builder) mistralVision() {
	v := b.root.object("vision_config")
	if v == nil || b.root.textOr("", "model_type") != "mistral3" {
		return
	}
	t := &tower{b: b}
	hidden, inner := v.dimOr(1024, "hidden_size"), v.dimOr(4096, "intermediate_size")
	patch, channels := v.dimOr(16, "patch_size"), v.dimOr(3, "num_channels")
	bias := b.root.boolOr(false, "multimodal_projector_bias")
	merge := b.root.dimOr(2, "spatial_merge_size")
	b.root.ignore("vision_feature_layer", "projector_hidden_act")

	b.prefix = "vision_tower."
	t.table("patch_conv.weight", hidden, channels, patch, patch)
	t.table("ln_pre.weight", hidden)
	t.repeated(v.dimOr(24, "num_hidden_layers"), func() {
		const layer = "transformer.layers.{i}."
		t.table(layer+"attention_norm.weight", hidden)
		t.table(layer+"ffn_norm.weight", hidden)
		for _, name := range []string{"q_proj", "k_proj", "v_proj", "o_proj"} {
			t.linear(layer+"attention."+name, hidden, hidden, false)
		}
		t.linear(layer+"feed_forward.gate_proj", inner, hidden, false)
		t.linear(layer+"feed_forward.up_proj", inner, hidden, false)
		t.linear(layer+"feed_forward.down_proj", hidden, inner, false)
	})
	b.prefix = "multi_modal_projector."
	t.table("norm.weight", hidden)
	t.linear("patch_merger.merging_layer", hidden, product(hidden, square(merge)), false)
	t.linear("linear_1", b.m.Hidden, hidden, bias)
	t.linear("linear_2", b.m.Hidden, b.m.Hidden, bias)
	b.prefix = ""
	b.m.Vision = t.ts
}
