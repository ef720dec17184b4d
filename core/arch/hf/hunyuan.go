package hf

import "moecost/core/arch"

// Hunyuan: A13B (norms on query and key behind the rotary positions) and Large
// (pairs of layers share keys and values). Some keys hold one number or one per layer. Layouts:
// vllm model_executor/models/hunyuan_v1.py, transformers models/hunyuan_v1_moe.
func readHunyuan(b *builder) {
	hidden := b.decoder("model.", "", false)
	a := b.heads()
	bias := b.c.boolOr(false, "attention_bias")
	norms := b.c.boolOr(false, "use_qk_norm")
	share := int64(1) // layers that use one cache
	if b.c.boolOr(false, "use_cla") {
		share = max(1, b.c.dimOr(2, "cla_share_factor"))
	}
	inner := b.c.dim("intermediate_size")
	layers := b.layers()
	experts := b.numberPerLayer(layers, 1, "num_experts")
	topK := b.numberPerLayer(layers, 1, "moe_topk", "num_experts_per_tok")
	width := b.numberPerLayer(layers, inner, "moe_intermediate_size")
	shared := b.numberPerLayer(layers, 1, "num_shared_expert")
	if !b.c.boolOr(true, "use_mixed_mlp_moe") {
		shared = make([]int64, layers)
	}
	dense := int(b.c.dimIf("moe_layer_num_skipped"))

	b.stack("model.layers.", layers, func(i int) []arch.Sublayer {
		a := a
		a.SharesKV = int64(i)%share != 0
		var qk []arch.Tensor
		if norms { // also where k is another layer's: it is normed anew
			qk = append(b.norm("self_attn.query_layernorm", a.KeyDim, false, arch.AttentionWeights),
				b.norm("self_attn.key_layernorm", a.KeyDim, false, arch.AttentionWeights)...)
		}
		attention := attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights), b.projections("self_attn.", a, bias, bias), qk)
		if i < dense || experts[i] <= 1 {
			return []arch.Sublayer{attention, feed(inner, b.norm("post_attention_layernorm", hidden, false, arch.DenseLayers),
				b.gated("mlp.", hidden, inner, false, arch.DenseLayers))}
		}
		moe := arch.MoE{
			Experts: experts[i], TopK: topK[i], Hidden: hidden, Inner: width[i],
			Shared: shared[i], SharedInner: product(inner, shared[i]),
		}
		const stem = "mlp.experts.{e}."
		tensors := [][]arch.Tensor{
			b.norm("post_attention_layernorm", hidden, false, arch.Router),
			b.router("mlp.gate.wg.weight", moe),
			b.gatedExperts(moe, stem+"gate_proj.weight", stem+"up_proj.weight", stem+"down_proj.weight"),
		}
		if moe.Shared > 0 {
			tensors = append(tensors, b.gated("mlp.shared_mlp.", hidden, moe.SharedInner, false, arch.SharedExperts))
		}
		return []arch.Sublayer{attention, route(moe, tensors...)}
	})
}

// numberPerLayer reads a key that holds one number for all layers or a list with one each.
func (b *builder) numberPerLayer(layers int, def int64, keys ...string) []int64 {
	out := make([]int64, layers)
	name, value, found := b.c.lookup(keys)
	if items, ok := value.([]any); ok {
		b.sameLength(keys[0], len(items), layers)
		for i := range out {
			if i < len(items) {
				out[i] = b.c.wholeNumber(name, items[i], 0, maxDim)
			}
		}
		return out
	}
	if found {
		def = b.c.wholeNumber(name, value, 0, maxDim)
	} else {
		b.c.assume(name, def)
	}
	for i := range out {
		out[i] = def
	}
	return out
}
