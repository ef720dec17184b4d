package hf

import (
	"math"

	"moecost/core/arch"
)

// Llama-Nemotron (nemotron-nas, "Puzzle"): Llama's layers after a search that
// left out attention in some and gave each feed-forward network a width of its own.
// Layout and the rounding of the widths: nvidia/Llama-3_3-Nemotron-Super-49B-v1
// block_config.py and modeling_decilm.py (Hub).
func readNemotronNAS(b *builder) {
	hidden := b.decoder("model.", "", false)
	heads := b.c.dim("num_attention_heads")
	width := b.headDim(heads)
	bias, mlpBias := b.c.boolOr(false, "attention_bias"), b.c.boolOr(false, "mlp_bias")
	layers := b.layers()
	blocks := b.c.objects("block_configs")
	b.sameLength("block_configs", len(blocks), layers)
	b.c.ignore("intermediate_size", "num_key_value_heads")
	b.stack("model.layers.", layers, func(i int) []arch.Sublayer {
		attention, ffn := blocks[i].part("attention"), blocks[i].part("ffn")
		var layer []arch.Sublayer
		switch {
		case attention.boolOr(false, "no_op"):
		case attention.boolOr(false, "replace_with_linear"):
			layer = append(layer, feed(0, b.norm("input_layernorm", hidden, false, arch.AttentionWeights),
				b.linear("self_attn.linear_attn", hidden, hidden, false, arch.AttentionWeights, arch.SplitTP)))
		default:
			a := arch.Attention{Heads: heads, KVHeads: heads / max(1, min(heads, attention.dim("n_heads_in_group"))), KeyDim: width, ValueDim: width}
			a.Window = attention.dimIf("window_length")
			layer = append(layer, attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights), b.projections("self_attn.", a, bias, bias)))
		}
		switch {
		case ffn.boolOr(false, "no_op"):
		case ffn.boolOr(false, "replace_with_linear"):
			layer = append(layer, feed(0, b.norm("post_attention_layernorm", hidden, false, arch.DenseLayers),
				b.linear("mlp.linear_mlp", hidden, hidden, false, arch.DenseLayers, arch.SplitTP)))
		default:
			inner := nasInner(ffn.floatOr(0, "ffn_mult"), hidden)
			layer = append(layer, feed(inner, b.norm("post_attention_layernorm", hidden, false, arch.DenseLayers),
				b.gated("mlp.", hidden, inner, mlpBias, arch.DenseLayers)))
		}
		return layer
	})
}

// nasInner is two thirds of so many times the hidden size, rounded up to a multiple of 256.
func nasInner(mult float64, hidden int64) int64 {
	const multiple = 256
	inner := math.Floor(2 * mult * float64(hidden) / 3)
	if !(inner >= 1 && inner <= maxDim) {
		return 1
	}
	return (int64(inner) + multiple - 1) / multiple * multiple
}
