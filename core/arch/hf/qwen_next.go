package hf

import (
	"slices"

	"moecost/core/arch"
	"moecost/core/format"
)

// Qwen3-Next and Qwen3.5: three gated DeltaNet layers to one gated softmax
// attention, and a multi-token-prediction layer. Layouts: transformers
// models/{qwen3_next,qwen3_5,qwen3_5_moe}/modeling_*.py; the names of the MTP
// tensors: vllm model_executor/models/{qwen3_next_mtp,qwen3_5_mtp}.py.

// readQwen3Next: the config has no key for the MTP layer. Qwen3-Next-80B-A3B
// holds one (its published total says so), Qwen3-Coder-Next none.
func readQwen3Next(b *builder) {
	mtp := b.predictLayers("mtp_num_hidden_layers", "num_nextn_predict_layers")
	if !b.c.has("mtp_num_hidden_layers", "num_nextn_predict_layers") {
		mtp = 1
		b.note("The config does not say whether the checkpoint holds a multi-token-prediction layer. One is counted, as in Qwen3-Next-80B-A3B; Qwen3-Coder-Next and many fine-tunes hold none.")
	}
	b.readGatedDeltaNet(512, deltaNet.fusedProjections, false, mtp)
}

// readQwen35 is Qwen3.5 and 3.6, mixture or dense, with the vision tower.
func readQwen35(b *builder) {
	shared := int64(0)
	if b.c.has("num_experts") {
		shared = 512
	}
	b.readGatedDeltaNet(shared, deltaNet.separateProjections, true, b.predictLayers("mtp_num_hidden_layers", "num_nextn_predict_layers"))
	b.qwenVision()
}

func (b *builder) readGatedDeltaNet(sharedDefault int64, projections func(deltaNet, *builder) []arch.Tensor, fused bool, mtp int) {
	stem, head := b.stems()
	hidden := b.decoder(stem, head, false)
	a := b.headsOr(256)
	bias := b.c.boolOr(false, "attention_bias")
	gate := b.c.boolOr(true, "attn_output_gate")
	d := b.deltaNet()
	if sharedDefault > 0 {
		sharedDefault = b.c.dimOr(sharedDefault, "shared_expert_intermediate_size")
	}
	ffn := b.qwenFeedForward(hidden, sharedDefault)
	layers := b.layers()
	full := b.fullAttention(layers, 4)
	b.c.ignore("use_sliding_window", "mlp_only_layers") // no layer of this line has a window

	softmax := func() arch.Sublayer {
		qkvo := b.projections("self_attn.", a, bias, bias)
		if gate {
			qkvo[0].Shape[0] *= 2 // the other half of q_proj gates the output
		}
		return attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights), qkvo,
			b.headNorms("self_attn.q_norm", "self_attn.k_norm", a))
	}
	body := ffn // converted checkpoints and MTP layers store expert by expert
	body.fused = fused && b.quant.method == ""
	b.stack(stem+"layers.", layers, func(i int) []arch.Sublayer {
		if full[i] {
			return []arch.Sublayer{softmax(), body.layer(b, i)}
		}
		return []arch.Sublayer{d.layer(b, projections), body.layer(b, i)}
	})
	if mtp == 0 {
		return
	}
	b.m.MTP.Depth = mtp
	b.m.MTP.Blocks = b.blocks("mtp.layers.", mtp, func(i int) []arch.Sublayer {
		return []arch.Sublayer{softmax(), ffn.layer(b, layers-1)}
	})
	b.prefix = "mtp."
	b.m.MTP.Tensors = slices.Concat(
		b.linear("fc", hidden, 2*hidden, false, arch.DenseLayers, arch.Replicated),
		b.norm("pre_fc_norm_embedding", hidden, false, arch.DenseLayers),
		b.norm("pre_fc_norm_hidden", hidden, false, arch.DenseLayers),
		b.norm("norm", hidden, false, arch.EmbeddingAndHead))
	if b.c.boolOr(false, "mtp_use_dedicated_embeddings") {
		b.m.MTP.Tensors = append(b.m.MTP.Tensors, b.m.Embedding[0],
			b.matrix("lm_head.weight", b.m.Vocabulary, hidden, arch.EmbeddingAndHead, arch.SplitVocabulary))
	}
	b.prefix = ""
}

// fullAttention says which layers are softmax attention: those that layer_types names, else the
// last of every interval.
func (b *builder) fullAttention(layers int, interval int64) []bool {
	if len(b.c.log.errs) > 0 {
		return nil
	}
	full := make([]bool, layers)
	types := b.c.textList("layer_types")
	if b.c.has("full_attention_interval") {
		interval = b.c.dim("full_attention_interval")
	}
	if len(types) > 0 {
		b.sameLength("layer_types", len(types), layers)
	}
	for i := range full {
		if len(types) > 0 {
			full[i] = i < len(types) && types[i] == "full_attention"
		} else {
			full[i] = int64(i+1)%interval == 0
		}
	}
	return full
}

// deltaNet is a gated DeltaNet mixer (Yang et al., arXiv 2412.06464): a state of
// key x value per value head, and a short convolution over q, k and v.
type deltaNet struct {
	keyHeads, valueHeads int64
	keyDim, valueDim     int64 // per head
	kernel               int64
	state                format.Format
}

func (b *builder) deltaNet() deltaNet {
	return deltaNet{
		keyHeads: b.c.dimOr(16, "linear_num_key_heads"), valueHeads: b.c.dimOr(32, "linear_num_value_heads"),
		keyDim: b.c.dimOr(128, "linear_key_head_dim"), valueDim: b.c.dimOr(128, "linear_value_head_dim"),
		kernel: b.c.dimOr(4, "linear_conv_kernel_dim"),
		state:  b.stateFormat(format.FP32, "mamba_ssm_dtype"),
	}
}

func (d deltaNet) keys() int64     { return d.keyHeads * d.keyDim }
func (d deltaNet) values() int64   { return d.valueHeads * d.valueDim }
func (d deltaNet) channels() int64 { return 2*d.keys() + d.values() }

func (d deltaNet) layer(b *builder, projections func(deltaNet, *builder) []arch.Tensor) arch.Sublayer {
	const role = arch.AttentionWeights
	// Per element of the state and token: decay (1), read with the key (2),
	// add the correction (2), read with the query (2).
	const flopsPerElement = 7
	state := product(d.valueHeads, d.keyDim, d.valueDim)
	small := []arch.Tensor{
		b.bias("linear_attn.dt_bias", d.valueHeads, role, arch.SplitTP),
		fp32(b.bias("linear_attn.A_log", d.valueHeads, role, arch.SplitTP)),
		fp32(b.vector("linear_attn.norm.weight", d.valueDim, role)),
	}
	return arch.Sublayer{
		Recurrent: &arch.Recurrent{
			Kind: "gated-deltanet", Heads: d.valueHeads,
			State: state, Convolution: product(d.kernel-1, d.channels()), StateFormat: d.state,
			FLOPsPerToken: flopsPerElement * state,
		},
		Tensors: slices.Concat(
			b.norm("input_layernorm", b.m.Hidden, false, role), projections(d, b),
			b.convolution("linear_attn.conv1d", d.channels(), d.kernel, false), small,
			b.rowLinear("linear_attn.out_proj", b.m.Hidden, d.values(), false, role)),
	}
}

// fusedProjections are those of Qwen3-Next: q, k, v and the output gate z in one
// matrix, the write strength b and the decay a in another.
func (d deltaNet) fusedProjections(b *builder) []arch.Tensor {
	return slices.Concat(
		b.linear("linear_attn.in_proj_qkvz", d.channels()+d.values(), b.m.Hidden, false, arch.AttentionWeights, arch.SplitTP),
		b.linear("linear_attn.in_proj_ba", 2*d.valueHeads, b.m.Hidden, false, arch.AttentionWeights, arch.SplitTP))
}

// separateProjections are those of Qwen3.5: the same numbers in four matrices.
func (d deltaNet) separateProjections(b *builder) []arch.Tensor {
	const role = arch.AttentionWeights
	return slices.Concat(
		b.linear("linear_attn.in_proj_qkv", d.channels(), b.m.Hidden, false, role, arch.SplitTP),
		b.linear("linear_attn.in_proj_z", d.values(), b.m.Hidden, false, role, arch.SplitTP),
		b.linear("linear_attn.in_proj_b", d.valueHeads, b.m.Hidden, false, role, arch.SplitTP),
		b.linear("linear_attn.in_proj_a", d.valueHeads, b.m.Hidden, false, role, arch.SplitTP))
}
