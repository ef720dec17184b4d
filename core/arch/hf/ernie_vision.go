package hf

// ernieVision adds what ERNIE 4.5 VL has beside its text model: a second set of
// experts with a router of its own in the mixture layers, the vision tower and the
// resampler. Layout: baidu/ERNIE-4.5-VL-424B-A47B-PT modeling_ernie_45t_vl.py (Hub).
func (b *builder) ernieVision(layers int) {
	experts, inner := b.c.intListOrNumber("moe_num_experts"), b.c.intListOrNumber("moe_intermediate_size")
	v := b.root.object("vision_config")
	if v == nil || len(experts) < 2 || len(inner) < 2 {
		return
	}
	t := &tower{b: b}
	hidden := b.m.Hidden
	first, last := int64(0), int64(layers-1)
	if start := b.c.intListOrNumber("moe_layer_start_index"); len(start) > 0 {
		first = start[len(start)-1]
	}
	if end := b.c.intListOrNumber("moe_layer_end_index"); len(end) > 0 && end[len(end)-1] >= 0 {
		last = min(last, end[len(end)-1])
	}
	t.repeated(max(0, last-first+1), func() {
		const layer = "model.layers.{i}.mlp."
		t.repeated(experts[1], func() {
			t.linear(layer+"experts.{e}.gate_proj", inner[1], hidden, false)
			t.linear(layer+"experts.{e}.up_proj", inner[1], hidden, false)
			t.linear(layer+"experts.{e}.down_proj", hidden, inner[1], false)
		})
		t.table(layer+"gate.weight_1", hidden, experts[1])
		t.table(layer+"moe_statics.e_score_correction_bias", experts[1])
	})

	width := v.dimOr(1280, "embed_dim", "hidden_size")
	patch, channels := v.dimOr(14, "patch_size"), v.dimOr(3, "in_channels", "in_chans")
	wide := product(width, v.dimOr(4, "mlp_ratio"))
	b.prefix = "vision_model."
	t.linear("patch_embed.proj", width, product(channels, patch, patch), false)
	t.blocks(v.dimOr(32, "depth"), width, wide, "fc1", "fc2")
	t.layerNorm("ln", width)

	b.prefix = "model.resampler_model."
	spatial := product(width, square(b.c.dimOr(2, "spatial_conv_size")))
	t.linear("spatial_linear.0", spatial, spatial, true)
	t.linear("spatial_linear.2", spatial, spatial, true)
	t.layerNorm("spatial_linear.3", spatial)
	if b.c.boolOr(true, "use_temporal_conv") {
		t.linear("temporal_linear.0", spatial, product(spatial, b.c.dimOr(2, "temporal_conv_size")), true)
		t.linear("temporal_linear.2", spatial, spatial, true)
		t.layerNorm("temporal_linear.3", spatial)
	}
	t.linear("mlp", hidden, spatial, true)
	t.table("after_norm.weight", hidden)
	b.prefix = ""
	b.m.Vision = t.ts
	b.note("The experts for image tokens (%d per layer) are counted with the vision tower: they take memory, and text does not reach them.", experts[1])
}
