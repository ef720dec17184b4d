package hf

import "moecost/core/arch"

// GLM-4.5 to 4.7 (grouped-query attention), 4.7-Flash (latent attention) and 5
// (latent attention with a sparse index). Layouts and defaults: transformers
// models/{glm4_moe,glm4_moe_lite,glm_moe_dsa}/{configuration,modeling}_*.py; the
// MTP tensors: vllm model_executor/models/glm4_moe_mtp.py.

// readGLM4 has biases on q, k and v, norms on query and key in the larger
// models, and an MTP module with its own embedding and head.
func readGLM4(b *builder) {
	stem, head := b.stems()
	hidden := b.decoder(stem, head, false)
	a := b.heads()
	bias := b.c.boolOr(false, "attention_bias")
	normed := b.c.boolOr(false, "use_qk_norm")
	layers := b.layers()
	ffn := b.fineExperts(layers, fineDefaults{experts: 128, topK: 8, shared: 1, inner: 1408, firstDense: 1, correction: true})
	block := func(i int) []arch.Sublayer {
		var norms []arch.Tensor
		if normed {
			norms = b.headNorms("self_attn.q_norm", "self_attn.k_norm", a)
		}
		return []arch.Sublayer{
			attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights),
				b.projections("self_attn.", a, bias, false), norms),
			ffn.layer(b, i),
		}
	}
	b.stack(stem+"layers.", layers, block)
	b.nextTokens(b.c.dimIf("num_nextn_predict_layers"), stem+"layers.", layers, true, block)
}

// readGLM4Lite is GLM-4.7-Flash.
func readGLM4Lite(b *builder) {
	b.readLatentMoE(latentMoE{
		fineDefaults: fineDefaults{experts: 64, topK: 4, shared: 1, inner: 1536, firstDense: 1, correction: true},
		latent:       latent{queryRank: 768, nope: 192, rope: 64, value: 256},
	})
}

// readGLM5 is GLM-5 to 5.2. From 5.2 on most layers take over the selection of
// the last layer that has an index of its own.
func readGLM5(b *builder) {
	x := b.lightningIndexer(32)
	shared := b.sharedIndexes()
	b.readLatentMoE(latentMoE{
		fineDefaults: deepSeekV3,
		latent:       latent{queryRank: 2048, nope: 192, rope: 64, value: 256},
		indexer:      &x,
		withoutHeads: true, // the published bytes leave no room for copies
		sharesIndex:  func(i int) bool { return i < len(shared) && shared[i] },
	})
}

// sharedIndexes reads indexer_types, or index_topk_pattern ("FSSS…"), or the
// schedule of index_topk_freq and index_skip_topk_offset.
func (b *builder) sharedIndexes() []bool {
	layers := b.layers()
	if len(b.c.log.errs) > 0 {
		return nil
	}
	b.c.ignore("index_share_for_mtp_iteration", "index_topk_pattern", "index_topk_freq", "index_skip_topk_offset", "layer_types")
	if types := b.c.textList("indexer_types"); len(types) > 0 {
		b.sameLength("indexer_types", len(types), layers)
		shared := make([]bool, len(types))
		for i, t := range types {
			shared[i] = t == "shared"
		}
		return shared
	}
	shared := make([]bool, layers)
	if _, value, ok := b.c.lookup([]string{"index_topk_pattern"}); ok {
		pattern, isText := value.(string)
		if !isText {
			b.c.fail(b.c.path+"index_topk_pattern", "%s is not a string such as \"FSSS\"", show(value))
			return nil
		}
		for i := range min(len(pattern), layers) {
			shared[i] = pattern[i] == 'S'
		}
		return shared
	}
	every, offset := b.c.dimIf("index_topk_freq"), int64(2)
	if b.c.has("index_skip_topk_offset") {
		offset = b.c.dimIf("index_skip_topk_offset")
	}
	for i := range shared {
		shared[i] = every > 1 && max(int64(i)-offset+1, 0)%every != 0
	}
	return shared
}
