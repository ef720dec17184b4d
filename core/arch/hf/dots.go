package hf

import "moecost/core/arch"

// readDots1 is rednote's dots.llm1: DeepSeek's experts with multi-head attention
// and norms on query and key. Layout and defaults: transformers
// models/dots1/{configuration,modeling}_dots1.py.
func readDots1(b *builder) {
	stem, head := b.stems()
	hidden := b.decoder(stem, head, false)
	a := b.heads()
	bias := b.c.boolOr(false, "attention_bias")
	layers := b.layers()
	ffn := b.fineExperts(layers, fineDefaults{experts: 128, topK: 6, shared: 2, inner: 1408, firstDense: 1, correction: true})
	windows := windowRule(qwenWindow).of(b, layers)
	b.stack(stem+"layers.", layers, func(i int) []arch.Sublayer {
		a := a
		a.Window = windows[i]
		return []arch.Sublayer{
			attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights),
				b.projections("self_attn.", a, bias, bias), b.headNorms("self_attn.q_norm", "self_attn.k_norm", a)),
			ffn.layer(b, i),
		}
	})
}
