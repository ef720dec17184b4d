package hf

import (
	"slices"

	"moecost/core/arch"
	"moecost/core/format"
)

// Kimi Linear and Kimi K3: three layers of Kimi Delta Attention to one of latent
// attention, and in K3 experts that work in a latent space and residuals that attend over
// earlier blocks. Layouts: moonshotai/Kimi-Linear-48B-A3B-Instruct
// modeling_kimi.py, vllm model_executor/models/kimi_linear.py; for K3 the
// 497,220 tensors of the published index, which this list reproduces.

// readKimiLinear is the text model of both; K3 adds a vision tower.
func readKimiLinear(b *builder) {
	stem, head := b.stems()
	hidden := b.decoder(stem, head, false)
	if b.m.MaxContext == 0 {
		b.m.MaxContext = b.c.dimIf("model_max_length")
	}
	k := kimiLayers{
		latent:     b.latentAttention(latent{nope: 128, rope: 64, value: 128}),
		outputGate: b.c.boolOr(false, "mla_use_output_gate"),
		delta:      b.deltaAttention(),
		dense:      b.c.dimOr(9216, "intermediate_size"), // of the published 48B
		residuals:  b.c.dimIf("attn_res_block_size") > 0,
	}
	b.c.ignore("mla_use_nope", "linear_attn_config", "activation_situ_beta", "activation_situ_linear_beta", "topk_group")
	layers := b.layers()
	k.experts(b)
	if depth := b.c.dimIf("num_nextn_predict_layers"); depth > 0 {
		b.note("num_nextn_predict_layers: %d MTP modules are not counted; no published checkpoint of this family holds any.", depth)
	}
	delta := b.deltaLayers(layers)
	firstDense, every := b.firstDense(0), max(b.c.dimIf("moe_layer_freq"), 1)
	b.stack(stem+"layers.", layers, func(i int) []arch.Sublayer {
		norm := slices.Concat(b.norm("input_layernorm", hidden, false, arch.AttentionWeights), k.residual(b, "self_attention_res_", arch.AttentionWeights))
		mixer := k.latentLayer(b, norm)
		if i < len(delta) && delta[i] {
			mixer = k.delta.layer(b, "self_attn.", norm)
		}
		sparse := k.moe.Experts > 0 && int64(i) >= firstDense && int64(i)%every == 0
		return []arch.Sublayer{mixer, k.feedForward(b, sparse)}
	})
	b.m.Head = append(b.m.Head, b.namedWith(stem, k.residual(b, "output_attn_res_", arch.EmbeddingAndHead))...)
	b.moonViT()
}

// kimiLayers is what the layers are made of.
type kimiLayers struct {
	latent     latent
	outputGate bool
	delta      deltaAttention
	dense      int64
	moe        arch.MoE
	normed     bool // a norm behind experts in a latent space
	residuals  bool // attention over earlier blocks in front of each sublayer
}

func (k *kimiLayers) experts(b *builder) {
	if !b.c.has("num_experts") {
		return
	}
	k.moe = arch.MoE{
		Experts: b.c.dim("num_experts"), TopK: b.c.dim("num_experts_per_token", "num_experts_per_tok"),
		Shared: b.c.dimOr(0, "num_shared_experts"), Hidden: b.m.Hidden, Inner: b.c.dim("moe_intermediate_size"),
		Groups: b.c.dimIf("num_expert_group"), TopGroups: b.c.dimIf("topk_group"),
	}
	k.moe.SharedInner = k.moe.Shared * k.moe.Inner
	if width := b.c.dimIf("routed_expert_hidden_size"); width > 0 {
		k.moe.Hidden = width
		k.normed = b.c.boolOr(false, "latent_moe_use_norm")
	}
}

// deltaLayers reads linear_attn_config.kda_layers, counted from one.
func (b *builder) deltaLayers(layers int) []bool {
	delta := make([]bool, max(layers, 0))
	linear := b.c.object("linear_attn_config")
	if linear == nil {
		return delta
	}
	for _, n := range linear.intList("kda_layers") {
		if n < 1 || n > int64(layers) {
			b.c.fail(b.c.path+"linear_attn_config.kda_layers", "%d: layers are counted from 1 to num_hidden_layers %d", n, layers)
			return delta
		}
		delta[n-1] = true
	}
	return delta
}

func (k kimiLayers) latentLayer(b *builder, norm []arch.Tensor) arch.Sublayer {
	const role = arch.AttentionWeights
	var gate []arch.Tensor
	if k.outputGate {
		gate = b.linear("self_attn.g_proj", k.latent.heads*k.latent.value, b.m.Hidden, false, role, arch.SplitTP)
	}
	return attend(k.latent.attention(), norm, k.latent.tensors(b, "self_attn."), gate)
}

// residual is the score of earlier blocks: one number per block and token.
func (k kimiLayers) residual(b *builder, stem string, role arch.Role) []arch.Tensor {
	if !k.residuals {
		return nil
	}
	return append(b.norm(stem+"norm", b.m.Hidden, false, role),
		b.unconverted(b.matrix(stem+"proj.weight", 1, b.m.Hidden, role, arch.Replicated)))
}

func (k kimiLayers) feedForward(b *builder, sparse bool) arch.Sublayer {
	hidden := b.m.Hidden
	if !sparse {
		return feed(k.dense, b.norm("post_attention_layernorm", hidden, false, arch.DenseLayers),
			k.residual(b, "mlp_res_", arch.DenseLayers), b.gated("mlp.", hidden, k.dense, false, arch.DenseLayers))
	}
	const stem = "block_sparse_moe."
	m := k.moe
	ts := append(b.router(stem+"gate.weight", m), fp32(b.vector(stem+"gate.e_score_correction_bias", m.Experts, arch.Router)))
	ts = append(ts, b.gatedExperts(m, stem+"experts.{e}.w1.weight", stem+"experts.{e}.w3.weight", stem+"experts.{e}.w2.weight")...)
	if m.Hidden != hidden { // into the latent space and back, once for all experts
		ts = append(ts,
			b.unconverted(b.matrix(stem+"routed_expert_down_proj.weight", m.Hidden, hidden, arch.SharedExperts, arch.Replicated)),
			b.unconverted(b.matrix(stem+"routed_expert_up_proj.weight", hidden, m.Hidden, arch.SharedExperts, arch.Replicated)))
		if k.normed {
			ts = append(ts, b.vector(stem+"routed_expert_norm.weight", m.Hidden, arch.SharedExperts))
		}
	}
	if m.SharedInner > 0 {
		ts = append(ts, b.gated(stem+"shared_experts.", hidden, m.SharedInner, false, arch.SharedExperts)...)
	}
	return route(m, b.norm("post_attention_layernorm", hidden, false, arch.Router), k.residual(b, "mlp_res_", arch.Router), ts)
}

// deltaAttention is Kimi Delta Attention (arXiv 2510.26692): gated DeltaNet with
// a decay per channel; a state of key x value per head.
type deltaAttention struct {
	heads, dim, kernel int64
	fullGate           bool // the output gate is one matrix, not two narrow ones
	fullDecay          bool // so is the decay's (Ling 3.0)
	headDecay          bool // with a full gate, one A_log per head and not per channel (Ling 3.0)
}

func (b *builder) deltaAttention() deltaAttention {
	linear := b.c.object("linear_attn_config")
	if linear == nil {
		return deltaAttention{}
	}
	b.c.log.quiet(linear)
	return deltaAttention{
		heads: linear.dim("num_heads"), dim: linear.dim("head_dim"),
		kernel: linear.dimOr(4, "short_conv_kernel_size"), fullGate: linear.boolOr(false, "use_full_rank_gate"),
	}
}

func (d deltaAttention) layer(b *builder, stem string, norm []arch.Tensor) arch.Sublayer {
	const role, split = arch.AttentionWeights, arch.SplitTP
	// Per element of the state and token: decay (1), read with the key (2),
	// add the correction (2), read with the query (2).
	const flopsPerElement = 7
	width, hidden := d.heads*d.dim, b.m.Hidden
	decays := d.heads
	gate := slices.Concat(
		b.linear(stem+"g_a_proj", d.dim, hidden, false, role, arch.Replicated),
		b.linear(stem+"g_b_proj", width, d.dim, false, role, split))
	if d.fullGate {
		gate = b.linear(stem+"g_proj", width, hidden, false, role, split)
		if !d.headDecay {
			decays = d.dim // K3 stores one per channel of a head, whatever the number of heads
		}
	}
	decay := slices.Concat(
		b.linear(stem+"f_a_proj", d.dim, hidden, false, role, arch.Replicated),
		b.linear(stem+"f_b_proj", width, d.dim, false, role, split))
	if d.fullDecay {
		decay = b.linear(stem+"f_proj", width, hidden, false, role, split)
	}
	state := width * d.dim
	return arch.Sublayer{
		Recurrent: &arch.Recurrent{
			Kind: "kda", Heads: d.heads, State: state, Convolution: 3 * width * max(d.kernel-1, 0),
			StateFormat: format.FP32, FLOPsPerToken: flopsPerElement * state,
		},
		Tensors: slices.Concat(norm,
			b.linear(stem+"q_proj", width, hidden, false, role, split),
			b.linear(stem+"k_proj", width, hidden, false, role, split),
			b.linear(stem+"v_proj", width, hidden, false, role, split),
			b.convolution(stem+"q_conv1d", width, d.kernel, false),
			b.convolution(stem+"k_conv1d", width, d.kernel, false),
			b.convolution(stem+"v_conv1d", width, d.kernel, false),
			[]arch.Tensor{fp32(b.bias(stem+"A_log", decays, role, split)), fp32(b.bias(stem+"dt_bias", width, role, split))},
			decay, b.linear(stem+"b_proj", d.heads, hidden, false, role, split), gate,
			b.norm(stem+"o_norm", d.dim, false, role),
			b.rowLinear(stem+"o_proj", hidden, width, false, role)),
	}
}

// namedWith puts stem in front of the names, for tensors outside a block.
func (b *builder) namedWith(stem string, ts []arch.Tensor) []arch.Tensor {
	b.prefix = stem
	ts = b.named(ts)
	b.prefix = ""
	return ts
}
