package hf

// moonViT adds the tower and projector of Kimi K2.5 and K3 where the config
// describes them. Layout: moonshotai/Kimi-K2.5 modeling_kimi_k25.py; K3's tower
// has no biases, RMS norms, a wider attention and a norm behind the projector.
func (b *builder) moonViT() {
	v := b.root.object("vision_config")
	if v == nil || !v.has("vt_hidden_size") {
		return
	}
	b.root.ignore("use_unified_vision_chunk")
	b.c.log.quiet(v)
	hidden, inner := v.dim("vt_hidden_size"), v.dim("vt_intermediate_size")
	attention := v.dimIf("qkv_hidden_size")
	if attention == 0 {
		attention = hidden
	}
	patch, text := v.dimOr(14, "patch_size"), v.dimOr(b.m.Hidden, "text_hidden_size")
	bias, normBias := v.boolOr(true, "linear_bias"), v.textOr("layernorm", "norm_type") == "layernorm"
	attentionBias, patchBias := v.boolOr(true, "attn_bias"), v.boolOr(true, "patch_embed_proj_bias")
	height, width := v.dimOr(64, "init_pos_emb_height"), v.dimOr(64, "init_pos_emb_width")
	merged := hidden
	// the patches that the projector sees as one
	for _, n := range v.intList("merge_kernel_size") {
		merged = product(merged, max(n, 1))
	}

	t := tower{b: b}
	norm := func(name string, n int64) {
		t.table(name+".weight", n)
		if normBias {
			t.table(name+".bias", n)
		}
	}
	b.prefix = "vision_tower."
	t.table("patch_embed.proj.weight", hidden, 3, patch, patch)
	if patchBias {
		t.table("patch_embed.proj.bias", hidden)
	}
	t.table("patch_embed.pos_emb.weight", height, width, hidden)
	t.repeated(v.integer(maxLayers, "vt_num_hidden_layers"), func() {
		norm("encoder.blocks.{i}.norm0", hidden)
		norm("encoder.blocks.{i}.norm1", hidden)
		t.linear("encoder.blocks.{i}.wqkv", 3*attention, hidden, attentionBias)
		t.linear("encoder.blocks.{i}.wo", hidden, attention, attentionBias)
		t.linear("encoder.blocks.{i}.mlp.fc0", inner, hidden, bias)
		t.linear("encoder.blocks.{i}.mlp.fc1", hidden, inner, bias)
	})
	norm("encoder.final_layernorm", hidden)
	switch kind := v.textOr("patchmerger", "mm_projector_type"); kind {
	case "patchmerger":
		norm("mm_projector.pre_norm", hidden)
		t.linear("mm_projector.proj.0", merged, merged, true)
		t.linear("mm_projector.proj.2", text, merged, true)
	case "patchmergerv2":
		t.linear("mm_projector.proj.0", merged, merged, false)
		t.linear("mm_projector.proj.2", text, merged, false)
		t.table("mm_projector.post_norm.weight", text)
	default:
		b.note("vision_config: the projector %q is not known here and not counted.", kind)
	}
	b.m.Vision = append(b.m.Vision, t.ts...)
	b.prefix = ""
}
