package hf

import "moecost/core/arch"

// readMiMo is Xiaomi's MiMo-V2-Flash: five sliding layers to one full one, with
// more KV heads and attention sinks in the sliding ones, values narrower than
// keys, and experts without a shared one. Layout: vllm
// model_executor/models/mimo_v2_flash.py; defaults: its config class.
func readMiMo(b *builder) {
	stem, head := b.stems()
	hidden := b.decoder(stem, head, false)
	full, sliding := b.mimoHeads("", 4), b.mimoHeads("swa_", 8)
	sliding.Window = b.c.dimOr(128, "sliding_window_size", "sliding_window")
	bias := b.c.boolOr(false, "attention_bias")
	sinks, fullSinks := b.c.boolOr(true, "add_swa_attention_sink_bias"), b.c.boolOr(false, "add_full_attention_sink_bias")
	b.c.ignore("sliding_window", "attention_chunk_size", "attention_value_scale", "hybrid_block_size", "attention_projection_layout")
	layers := b.layers()
	ffn := b.fineExperts(layers, fineDefaults{experts: 256, topK: 8, inner: 2048, firstDense: 1, correction: true})
	var pattern []int64
	if len(b.c.log.errs) == 0 {
		if !b.c.has("hybrid_layer_pattern") {
			b.c.fail(b.c.path+"hybrid_layer_pattern", "missing: this family needs it (0 for full attention, 1 for sliding, one per layer)")
		} else {
			pattern = b.perLayer("hybrid_layer_pattern", layers)
		}
	}
	if !b.c.has("num_nextn_predict_layers") {
		b.note("The config says nothing of the three MTP modules of the published checkpoint: they are not counted.")
	}
	b.stack(stem+"layers.", layers, func(i int) []arch.Sublayer {
		a, sunk := full, fullSinks
		if pattern[i] == 1 {
			a, sunk = sliding, sinks
		}
		var sink []arch.Tensor
		if sunk {
			sink = []arch.Tensor{b.bias("self_attn.attention_sink_bias", a.Heads, arch.AttentionWeights, arch.SplitTP)}
		}
		return []arch.Sublayer{
			attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights), b.projections("self_attn.", a, bias, false), sink),
			ffn.layer(b, i),
		}
	})
}

func (b *builder) mimoHeads(prefix string, groups int64) arch.Attention {
	return arch.Attention{
		Heads: b.c.dimOr(64, prefix+"num_attention_heads"), KVHeads: b.c.dimOr(groups, prefix+"num_key_value_heads"),
		KeyDim: b.c.dimOr(192, prefix+"head_dim"), ValueDim: b.c.dimOr(128, prefix+"v_head_dim"),
	}
}
