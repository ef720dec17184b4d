package hf

// qwenVision adds the vision tower of the Qwen-VL line where the config describes it.
// Layouts: transformers models/{qwen3_vl,qwen2_5_vl,qwen2_vl}/modeling_*.py.
func (b *builder) qwenVision() {
	v := b.root.object("vision_config")
	if v == nil {
		return
	}
	b.root.ignore("language_model_only")
	b.prefix = "model.visual."
	switch b.root.textOr("", "model_type") {
	case "qwen3_vl", "qwen3_vl_moe", "qwen3_5", "qwen3_5_moe":
		b.qwen3Vision(v)
	case "qwen2_5_vl":
		b.qwen25Vision(v)
	case "qwen2_vl":
		b.qwen2Vision(v)
	}
	b.prefix = ""
}

func (b *builder) qwen3Vision(v *config) {
	t := &tower{b: b}
	hidden, inner := v.dimOr(1152, "hidden_size"), v.dimOr(4304, "intermediate_size")
	patch, frames, channels := v.dimOr(16, "patch_size"), v.dimOr(2, "temporal_patch_size"), v.dimOr(3, "in_channels")
	merged := product(hidden, square(v.dimOr(2, "spatial_merge_size")))
	out := v.dimOr(3584, "out_hidden_size")

	t.table("patch_embed.proj.weight", hidden, channels, frames, patch, patch)
	t.table("patch_embed.proj.bias", hidden)
	t.table("pos_embed.weight", v.dimOr(2304, "num_position_embeddings"), hidden)
	t.blocks(v.dimOr(27, "depth"), hidden, inner, "linear_fc1", "linear_fc2")
	t.layerNorm("merger.norm", hidden)
	t.linear("merger.linear_fc1", merged, merged, true)
	t.linear("merger.linear_fc2", out, merged, true)
	t.repeated(int64(len(v.intList("deepstack_visual_indexes"))), func() {
		t.layerNorm("deepstack_merger_list.{i}.norm", merged)
		t.linear("deepstack_merger_list.{i}.linear_fc1", merged, merged, true)
		t.linear("deepstack_merger_list.{i}.linear_fc2", out, merged, true)
	})
	b.m.Vision = t.ts
}

// qwen25Vision has RMS norms and a gated feed-forward network.
func (b *builder) qwen25Vision(v *config) {
	t := &tower{b: b}
	hidden, inner := v.dimOr(1280, "hidden_size"), v.dimOr(3420, "intermediate_size")
	patch, frames, channels := v.dimOr(14, "patch_size"), v.dimOr(2, "temporal_patch_size"), v.dimOr(3, "in_channels", "in_chans")
	merged := product(hidden, square(v.dimOr(2, "spatial_merge_size")))

	t.table("patch_embed.proj.weight", hidden, channels, frames, patch, patch)
	t.repeated(v.dimOr(32, "depth"), func() {
		t.table("blocks.{i}.norm1.weight", hidden)
		t.table("blocks.{i}.norm2.weight", hidden)
		t.linear("blocks.{i}.attn.qkv", 3*hidden, hidden, true)
		t.linear("blocks.{i}.attn.proj", hidden, hidden, true)
		for _, name := range []string{"gate_proj", "up_proj"} {
			t.linear("blocks.{i}.mlp."+name, inner, hidden, true)
		}
		t.linear("blocks.{i}.mlp.down_proj", hidden, inner, true)
	})
	t.table("merger.ln_q.weight", hidden)
	t.linear("merger.mlp.0", merged, merged, true)
	t.linear("merger.mlp.2", v.dimOr(3584, "out_hidden_size"), merged, true)
	b.m.Vision = t.ts
}

// qwen2Vision: embed_dim is the tower's width, hidden_size the text model's.
func (b *builder) qwen2Vision(v *config) {
	t := &tower{b: b}
	hidden := v.dimOr(1280, "embed_dim")
	inner := hidden * v.dimOr(4, "mlp_ratio")
	patch, frames, channels := v.dimOr(14, "patch_size"), v.dimOr(2, "temporal_patch_size"), v.dimOr(3, "in_channels", "in_chans")
	merged := product(hidden, square(v.dimOr(2, "spatial_merge_size")))

	t.table("patch_embed.proj.weight", hidden, channels, frames, patch, patch)
	t.blocks(v.dimOr(32, "depth"), hidden, inner, "fc1", "fc2")
	t.layerNorm("merger.ln_q", hidden)
	t.linear("merger.mlp.0", merged, merged, true)
	t.linear("merger.mlp.2", v.dimOr(3584, "hidden_size"), merged, true)
	b.m.Vision = t.ts
}
