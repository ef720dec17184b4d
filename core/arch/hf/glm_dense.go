package hf

import (
	"slices"

	"moecost/core/arch"
)

// GLM-4 dense: 9B (glm) and the 0414 releases (glm4), which add a norm behind each sublayer. Biases
// on q, k and v only, gate and up in one matrix. Layouts and defaults: transformers
// models/{glm,glm4}/{configuration,modeling}_*.py.
func readGLMDense(b *builder) {
	stem, head := b.stems()
	hidden := b.decoder(stem, head, false)
	a := b.headsOr(128)
	bias := b.c.boolOr(b.m.Family == "glm", "attention_bias")
	inner := b.c.dim("intermediate_size")
	behind := func(name string, role arch.Role) []arch.Tensor {
		if b.m.Family == "glm" {
			return nil
		}
		return b.norm(name, hidden, false, role)
	}
	b.stack(stem+"layers.", b.layers(), func(int) []arch.Sublayer {
		return []arch.Sublayer{
			attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights), b.projections("self_attn.", a, bias, false),
				behind("post_self_attn_layernorm", arch.AttentionWeights)),
			feed(inner, b.norm("post_attention_layernorm", hidden, false, arch.DenseLayers), slices.Concat(
				b.linear("mlp.gate_up_proj", 2*inner, hidden, false, arch.DenseLayers, arch.SplitTP),
				b.rowLinear("mlp.down_proj", hidden, inner, false, arch.DenseLayers)),
				behind("post_mlp_layernorm", arch.DenseLayers)),
		}
	})
}
