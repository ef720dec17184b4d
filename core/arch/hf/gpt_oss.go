package hf

import "moecost/core/arch"

// gpt-oss: biases everywhere, a learned sink per head, window and full attention
// in turn, experts with biases. Layout: transformers models/gpt_oss/modeling_gpt_oss.py.
func readGPTOSS(b *builder) {
	hidden := b.decoder("model.", "", false)
	a := b.headsOr(64)
	bias := b.c.boolOr(true, "attention_bias")
	moe := arch.MoE{
		Experts: b.c.integer(maxExperts, "num_local_experts", "num_experts"),
		TopK:    b.c.dimOr(4, "num_experts_per_tok", "experts_per_token"),
		Hidden:  hidden, Inner: b.c.dim("intermediate_size"),
	}
	b.c.ignore("initial_context_length") // the same as in rope_scaling
	layers := b.layers()
	windows := everyNth(128, 2, "sliding_window_pattern").of(b, layers)
	b.stack("model.layers.", layers, func(i int) []arch.Sublayer {
		a := a
		a.Window = windows[i]
		sinks := b.bias("self_attn.sinks", a.Heads, arch.AttentionWeights, arch.SplitTP)
		return []arch.Sublayer{
			attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights),
				b.projections("self_attn.", a, bias, bias), []arch.Tensor{sinks}),
			route(moe, b.norm("post_attention_layernorm", hidden, false, arch.Router),
				b.router("mlp.router.weight", moe),
				[]arch.Tensor{b.vector("mlp.router.bias", moe.Experts, arch.Router)},
				b.fusedExperts("mlp.experts.gate_up_proj", "mlp.experts.down_proj", moe),
				b.expertBiases(moe)),
		}
	})
}

func (b *builder) expertBiases(m arch.MoE) []arch.Tensor {
	ts := []arch.Tensor{
		b.vector("mlp.experts.gate_up_proj_bias", 2*m.Inner, arch.RoutedExperts),
		b.vector("mlp.experts.down_proj_bias", m.Hidden, arch.RoutedExperts),
	}
	for i := range ts {
		ts[i].Copies, ts[i].Split = m.Experts, arch.SplitExperts
	}
	return ts
}
