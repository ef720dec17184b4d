package hf

import "moecost/core/arch"

// Cohere's Command line: attention and feed-forward network beside each other
// behind one norm without bias, tied embeddings. Layouts and defaults: transformers
// models/{cohere,cohere2}/{configuration,modeling}_*.py.
func readCohere(b *builder) {
	hidden := b.decoder("model.", "", true)
	a := b.heads()
	bias := b.c.boolOr(false, "attention_bias")
	norms := b.c.boolOr(false, "use_qk_norm")
	b.c.ignore("layer_switch", "order_of_interleaved_layers", "use_embedding_sharing", "use_gated_activation",
		"use_parallel_block", "use_parallel_embedding")
	inner := b.c.dim("intermediate_size")
	layers := b.layers()
	windows := make([]int64, layers)
	if b.c.textOr("", "model_type") != "cohere" {
		windows = everyNth(4096, 4, "sliding_window_pattern").of(b, layers)
	}
	b.stack("model.layers.", layers, func(i int) []arch.Sublayer {
		a := a
		a.Window = windows[i]
		var qk []arch.Tensor
		if norms { // one weight per element of every head
			qk = b.wideNorms(a)
			qk[0].Shape = []int64{a.Heads, a.KeyDim}
			qk[1].Shape = []int64{a.KVHeads, a.KeyDim}
		}
		return []arch.Sublayer{
			attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights), b.projections("self_attn.", a, bias, bias), qk),
			feed(inner, b.gated("mlp.", hidden, inner, false, arch.DenseLayers)),
		}
	})
}
