package hf

// The vision and audio towers of Gemma 4. Layouts and defaults: transformers
// models/gemma4/{configuration,modular}_gemma4.py.

// gemma4Vision is a gated tower with a two-dimensional position table.
func (b *builder) gemma4Vision(v *config) {
	t := &tower{b: b}
	hidden, inner := v.dimOr(768, "hidden_size"), v.dimOr(3072, "intermediate_size")
	heads, width := v.dimOr(12, "num_attention_heads"), v.dimOr(64, "head_dim")
	kv := v.dimOr(heads, "num_key_value_heads")
	patch := v.dimOr(16, "patch_size")
	clipped := v.boolOr(false, "use_clipped_linears")

	b.prefix = "model.vision_tower."
	t.table("patch_embedder.input_proj.weight", hidden, product(3, patch, patch))
	t.table("patch_embedder.position_embedding_table", 2, v.dimOr(10240, "position_embedding_size"), hidden)
	t.repeated(v.dimOr(16, "num_hidden_layers"), func() {
		const layer = "encoder.layers.{i}."
		t.clipped(layer+"self_attn.q_proj", heads*width, hidden, clipped)
		t.clipped(layer+"self_attn.k_proj", kv*width, hidden, clipped)
		t.clipped(layer+"self_attn.v_proj", kv*width, hidden, clipped)
		t.clipped(layer+"self_attn.o_proj", hidden, heads*width, clipped)
		t.table(layer+"self_attn.q_norm.weight", width)
		t.table(layer+"self_attn.k_norm.weight", width)
		t.clipped(layer+"mlp.gate_proj", inner, hidden, clipped)
		t.clipped(layer+"mlp.up_proj", inner, hidden, clipped)
		t.clipped(layer+"mlp.down_proj", hidden, inner, clipped)
		for _, name := range []string{"input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm"} {
			t.table(layer+name+".weight", hidden)
		}
	})
	if v.boolOr(false, "standardize") {
		t.table("std_bias", hidden)
		t.table("std_scale", hidden)
	}
	b.prefix = "model."
	t.linear("embed_vision.embedding_projection", b.m.Hidden, hidden, false)
	b.prefix = ""
	b.m.Vision = append(b.m.Vision, t.ts...)
}

// gemma4Audio is a conformer: half a feed-forward network, attention, a
// convolution and the other half in each layer. It hears 128 mel bands, which two
// convolutions thin out to a quarter.
func (b *builder) gemma4Audio(v *config) {
	t := &tower{b: b}
	hidden, out := v.dimOr(1024, "hidden_size"), v.dimOr(1536, "output_proj_dims")
	head := hidden / max(1, v.dimOr(8, "num_attention_heads"))
	kernel := v.dimOr(5, "conv_kernel_size")
	clipped := v.boolOr(true, "use_clipped_linears")
	channels := v.intList("subsampling_conv_channels")
	if len(channels) != 2 {
		channels = []int64{128, 32}
	}
	const bands = 128

	b.prefix = "model.audio_tower."
	const sample = "subsample_conv_projection."
	t.table(sample+"layer0.conv.weight", channels[0], 1, 3, 3)
	t.table(sample+"layer0.norm.weight", channels[0])
	t.table(sample+"layer1.conv.weight", channels[1], channels[0], 3, 3)
	t.table(sample+"layer1.norm.weight", channels[1])
	t.linear(sample+"input_proj_linear", hidden, product(bands/4, channels[1]), false)
	t.repeated(v.dimOr(12, "num_hidden_layers"), func() {
		const layer = "layers.{i}."
		for _, name := range []string{"q_proj", "k_proj", "v_proj", "post"} {
			t.clipped(layer+"self_attn."+name, hidden, hidden, clipped)
		}
		t.linear(layer+"self_attn.relative_k_proj", hidden, hidden, false)
		t.table(layer+"self_attn.per_dim_scale", head)
		for _, half := range []string{"feed_forward1.", "feed_forward2."} {
			t.table(layer+half+"pre_layer_norm.weight", hidden)
			t.clipped(layer+half+"ffw_layer_1", 4*hidden, hidden, clipped)
			t.clipped(layer+half+"ffw_layer_2", hidden, 4*hidden, clipped)
			t.table(layer+half+"post_layer_norm.weight", hidden)
		}
		t.table(layer+"lconv1d.pre_layer_norm.weight", hidden)
		t.clipped(layer+"lconv1d.linear_start", 2*hidden, hidden, clipped)
		t.table(layer+"lconv1d.depthwise_conv1d.weight", hidden, 1, kernel)
		t.table(layer+"lconv1d.conv_norm.weight", hidden)
		t.clipped(layer+"lconv1d.linear_end", hidden, hidden, clipped)
		for _, name := range []string{"norm_pre_attn", "norm_post_attn", "norm_out"} {
			t.table(layer+name+".weight", hidden)
		}
	})
	t.linear("output_proj", out, hidden, true)
	b.prefix = "model."
	t.linear("embed_audio.embedding_projection", b.m.Hidden, out, false)
	b.prefix = ""
	b.m.Vision = append(b.m.Vision, t.ts...)
	b.audio = true
}

// clipped is a matrix that may come with four bounds, which training keeps its
// input and output within.
func (t *tower) clipped(name string, out, in int64, bounds bool) {
	t.linear(name+".linear", out, in, false)
	if !bounds {
		return
	}
	for _, bound := range []string{".input_min", ".input_max", ".output_min", ".output_max"} {
		t.table(name+bound, 1)
	}
}
