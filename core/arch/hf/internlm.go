package hf

import "moecost/core/arch"

// InternLM 2 and 2.5: Llama's layers under other names, q, k and v in one matrix. Layout:
// internlm/internlm2_5-7b-chat modeling_internlm2.py (Hub). InternLM 3 is a row of llamaHeirs.
func readInternLM2(b *builder) {
	hidden := b.c.dim("hidden_size")
	b.embedding(b.c.dim("vocab_size"), hidden, b.tied(false), "model.tok_embeddings.weight", "model.norm.weight", "output.weight")
	b.m.MaxContext = b.c.dimIf("max_position_embeddings")
	a := b.heads()
	bias := b.c.boolOr(false, "bias")
	inner := b.c.dim("intermediate_size")
	b.stack("model.layers.", b.layers(), func(int) []arch.Sublayer {
		return []arch.Sublayer{
			attend(a, b.norm("attention_norm", hidden, false, arch.AttentionWeights), b.fusedQKV("attention.wqkv", a, bias),
				b.rowLinear("attention.wo", hidden, a.Heads*a.ValueDim, bias, arch.AttentionWeights)),
			feed(inner, b.norm("ffn_norm", hidden, false, arch.DenseLayers), []arch.Tensor{
				b.matrix("feed_forward.w1.weight", inner, hidden, arch.DenseLayers, arch.SplitTP),
				b.matrix("feed_forward.w3.weight", inner, hidden, arch.DenseLayers, arch.SplitTP),
				b.matrix("feed_forward.w2.weight", hidden, inner, arch.DenseLayers, arch.SplitTP),
			}),
		}
	})
}
