package hf

import (
	"slices"

	"moecost/core/arch"
)

// Qwen's mixtures of experts with softmax attention in every layer. Layouts:
// transformers models/{qwen2_moe,qwen3_moe,qwen3_vl_moe}/modeling_*.py.

// readQwen2MoE: biases on q, k and v, and one shared expert behind a sigmoid gate.
func readQwen2MoE(b *builder) {
	qkvBias := b.c.boolOr(true, "qkv_bias")
	b.readQwenMoE(qkvBias, false, false, b.c.dimOr(5632, "shared_expert_intermediate_size"))
}

// readQwen3MoE: norms on query and key, no shared expert. Also the text part of Qwen3-VL.
func readQwen3MoE(b *builder) {
	bias := b.c.boolOr(false, "attention_bias")
	b.c.ignore("qkv_bias", "use_qk_norm") // some configs carry them; the class does not look at them
	b.readQwenMoE(bias, bias, true, b.c.dimIf("shared_expert_intermediate_size"))
	b.qwenVision()
}

func (b *builder) readQwenMoE(qkvBias, outBias, headNorms bool, shared int64) {
	stem, head := b.stems()
	hidden := b.decoder(stem, head, false)
	a := b.heads()
	layers := b.layers()
	windows := windowRule(qwenWindow).of(b, layers)
	ffn := b.qwenFeedForward(hidden, shared)
	ffn.fused = b.root != b.c && b.quant.method == "" // Qwen3-VL
	b.stack(stem+"layers.", layers, func(i int) []arch.Sublayer {
		a := a
		a.Window = windows[i]
		var norms []arch.Tensor
		if headNorms {
			norms = b.headNorms("self_attn.q_norm", "self_attn.k_norm", a)
		}
		return []arch.Sublayer{
			attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights), b.projections("self_attn.", a, qkvBias, outBias), norms),
			ffn.layer(b, i),
		}
	})
}

// qwenFeedForward says for each layer whether it is dense or a mixture.
type qwenFeedForward struct {
	hidden int64
	moe    arch.MoE
	inner  int64   // of the dense layers
	step   int64   // one layer in so many is a mixture
	dense  []int64 // layers that are not, whatever step says
	fused  bool    // the checkpoint stores all experts of a layer in two tensors
}

// qwenFeedForward reads the mixture of Qwen2, 3, 3-Next and 3.5; a config without
// num_experts is a dense model of the same family.
func (b *builder) qwenFeedForward(hidden, shared int64) qwenFeedForward {
	f := qwenFeedForward{hidden: hidden, inner: b.c.dimIf("intermediate_size")}
	f.dense = b.c.intList("mlp_only_layers")
	experts := b.c.dimIf("num_experts", "num_local_experts")
	if experts > maxExperts {
		b.c.fail(b.c.path+"num_experts", "%d is out of range: at most %d would do", experts, maxExperts)
	}
	if experts == 0 {
		f.inner = b.c.dim("intermediate_size")
		return f
	}
	f.step = 1
	if b.c.has("decoder_sparse_step") {
		f.step = max(1, b.c.dim("decoder_sparse_step"))
	}
	f.moe = arch.MoE{
		Experts: experts, TopK: b.c.dim("num_experts_per_tok"),
		Hidden: hidden, Inner: b.c.dim("moe_intermediate_size"), SharedInner: shared,
	}
	if shared > 0 {
		f.moe.Shared = 1
	}
	return f
}

func (f qwenFeedForward) layer(b *builder, i int) arch.Sublayer {
	if f.step == 0 || int64(i+1)%f.step != 0 || slices.Contains(f.dense, int64(i)) {
		inner := f.inner
		if inner == 0 {
			inner = b.c.dim("intermediate_size")
		}
		return feed(inner, b.norm("post_attention_layernorm", f.hidden, false, arch.DenseLayers),
			b.gated("mlp.", f.hidden, inner, false, arch.DenseLayers))
	}
	return f.mixture(b)
}

func (f qwenFeedForward) mixture(b *builder) arch.Sublayer {
	const stem = "mlp.experts.{e}."
	experts := b.gatedExperts(f.moe, stem+"gate_proj.weight", stem+"up_proj.weight", stem+"down_proj.weight")
	if f.fused {
		experts = b.fusedExperts("mlp.experts.gate_up_proj", "mlp.experts.down_proj", f.moe)
	}
	var shared []arch.Tensor
	if f.moe.Shared > 0 {
		shared = append(b.gated("mlp.shared_expert.", f.hidden, f.moe.SharedInner, false, arch.SharedExperts),
			b.matrix("mlp.shared_expert_gate.weight", 1, f.hidden, arch.SharedExperts, arch.Replicated))
	}
	return route(f.moe, b.norm("post_attention_layernorm", f.hidden, false, arch.Router),
		b.router("mlp.gate.weight", f.moe),
		experts, shared)
}
