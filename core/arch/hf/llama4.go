package hf

import (
	"slices"

	"moecost/core/arch"
)

// Llama 4: every interleave_moe_layer_step-th layer is a mixture with one shared
// expert, three of four layers attend within chunks, the fourth to everything
// without rotary positions. Query and key norms have no weights. Layout: transformers
// models/llama4/modeling_llama4.py, defaults from configuration_llama4.py.
func readLlama4(b *builder) {
	stem, head := b.stems()
	hidden := b.decoder(stem, head, false)
	a := b.headsOr(128)
	bias := b.c.boolOr(false, "attention_bias")
	moe := arch.MoE{
		Experts: b.c.integer(maxExperts, "num_local_experts"), TopK: b.c.dimOr(1, "num_experts_per_tok"),
		Hidden: hidden, Inner: b.c.dim("intermediate_size"), Shared: 1,
	}
	moe.SharedInner = moe.Inner
	layers := b.layers()
	mixture := b.llama4Mixtures(layers)
	inner := int64(0)
	if slices.Contains(mixture, false) {
		inner = b.c.dimOr(16384, "intermediate_size_mlp")
	}
	chunks := b.llama4Chunks(layers)
	b.c.ignore("use_qk_norm", "intermediate_size_mlp", "interleave_moe_layer_step", "no_rope_layers", "no_rope_layer_interval", "attn_temperature_tuning", "floor_scale", "attn_scale", "for_llm_compressor")

	b.stack(stem+"layers.", layers, func(i int) []arch.Sublayer {
		a := a
		a.Chunk = chunks[i]
		attention := attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights), b.projections("self_attn.", a, bias, bias))
		if !mixture[i] {
			return []arch.Sublayer{attention, feed(inner,
				b.norm("post_attention_layernorm", hidden, false, arch.DenseLayers),
				b.gated("feed_forward.", hidden, inner, false, arch.DenseLayers))}
		}
		return []arch.Sublayer{attention, route(moe,
			b.norm("post_attention_layernorm", hidden, false, arch.Router),
			b.router("feed_forward.router.weight", moe),
			b.fusedExperts("feed_forward.experts.gate_up_proj", "feed_forward.experts.down_proj", moe),
			b.gated("feed_forward.shared_expert.", hidden, moe.SharedInner, false, arch.SharedExperts))}
	})
	if slices.Contains(b.root.textList("architectures"), "Llama4ForConditionalGeneration") {
		b.llama4Vision()
	}
}

// fusedExperts are routed experts that the checkpoint stores as two tensors for
// all of them, gate and up as one matrix.
func (b *builder) fusedExperts(gateUp, down string, m arch.MoE) []arch.Tensor {
	return []arch.Tensor{
		b.experts(gateUp, m.Experts, 2*m.Inner, m.Hidden),
		b.experts(down, m.Experts, m.Hidden, m.Inner),
	}
}

// llama4Mixtures says which layers are mixtures: moe_layers, else the last of every interval.
func (b *builder) llama4Mixtures(layers int) []bool {
	mixture := make([]bool, layers)
	if b.c.has("moe_layers") {
		for _, i := range b.c.intList("moe_layers") {
			if i >= 0 && i < int64(layers) {
				mixture[i] = true
			}
		}
		return mixture
	}
	step := int64(1)
	if b.c.has("interleave_moe_layer_step") {
		step = b.c.dim("interleave_moe_layer_step")
	}
	for i := range mixture {
		mixture[i] = int64(i+1)%step == 0
	}
	return mixture
}

// llama4Chunks gives the chunk of each layer; layers without rotary positions have none.
// no_rope_layers holds 1 for a layer with rotary positions, 0 for one without.
func (b *builder) llama4Chunks(layers int) []int64 {
	chunks := make([]int64, layers)
	chunk := b.c.dimOr(8192, "attention_chunk_size")
	types := b.c.textList("layer_types")
	rope := b.c.intList("no_rope_layers")
	interval := int64(4)
	if b.c.has("no_rope_layer_interval") {
		interval = b.c.dim("no_rope_layer_interval")
	}
	for i := range chunks {
		switch {
		case i < len(types):
			if types[i] == "chunked_attention" {
				chunks[i] = chunk
			}
		case i < len(rope):
			chunks[i] = chunk * min(1, rope[i])
		case int64(i+1)%interval != 0:
			chunks[i] = chunk
		}
	}
	return chunks
}

// llama4Vision adds the vision tower. The defaults are those of the two
// published checkpoints (Scout and Maverick share the tower), which some copies of their configs leave out.
func (b *builder) llama4Vision() {
	v := b.root.object("vision_config")
	if v == nil {
		b.note("vision_config is missing: the vision tower is counted as in the published Llama 4 checkpoints.")
		v = &config{path: "vision_config.", values: map[string]any{}, log: &log{asked: map[string]bool{}}}
	}
	t := &tower{b: b}
	hidden, inner := v.dimOr(1408, "hidden_size"), v.dimOr(5632, "intermediate_size")
	patch, channels := v.dimOr(14, "patch_size"), v.dimOr(3, "num_channels")
	side := v.dimOr(336, "image_size") / max(1, patch)
	projectorIn, projectorOut := v.dimOr(4096, "projector_input_dim"), v.dimOr(4096, "projector_output_dim")

	b.prefix = "vision_model."
	t.linear("patch_embedding.linear", hidden, product(channels, patch, patch), false)
	t.table("class_embedding", hidden)
	t.table("positional_embedding_vlm", square(side)+1, hidden)
	t.layerNorm("layernorm_pre", hidden)
	t.layerNorm("layernorm_post", hidden)
	t.repeated(v.dimOr(34, "num_hidden_layers"), func() {
		for _, name := range []string{"q_proj", "k_proj", "v_proj", "o_proj"} {
			t.linear("model.layers.{i}.self_attn."+name, hidden, hidden, true)
		}
		t.linear("model.layers.{i}.mlp.fc1", inner, hidden, true)
		t.linear("model.layers.{i}.mlp.fc2", hidden, inner, true)
		t.layerNorm("model.layers.{i}.input_layernorm", hidden)
		t.layerNorm("model.layers.{i}.post_attention_layernorm", hidden)
	})
	t.linear("vision_adapter.mlp.fc1", projectorIn, inner, false)
	t.linear("vision_adapter.mlp.fc2", projectorOut, projectorOut, false)
	b.prefix = ""
	t.linear("multi_modal_projector.linear_1", b.m.Hidden, v.dimOr(4096, "vision_output_dim"), false)
	b.m.Vision = t.ts
}
