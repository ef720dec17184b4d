package hf

import (
	"moecost/core/arch"
	"moecost/core/format"
)

// DeepSeek: the first MoE with plain attention, then V2, V3 (with R1 and V3.1)
// and V3.2. Layouts: the modeling_deepseek.py of each checkpoint and, for V3.2,
// deepseek-ai/DeepSeek-V3.2-Exp inference/model.py. Defaults: the config classes
// beside them (configuration_deepseek.py).

// readDeepSeekMoE is DeepSeek-MoE 16B: multi-head attention.
func readDeepSeekMoE(b *builder) {
	stem, head := b.stems()
	hidden := b.decoder(stem, head, false)
	a := b.heads()
	bias := b.c.boolOr(false, "attention_bias")
	layers := b.layers()
	ffn := b.fineExperts(layers, fineDefaults{experts: 64, topK: 6, shared: 2, inner: 1407})
	b.stack(stem+"layers.", layers, func(i int) []arch.Sublayer {
		return []arch.Sublayer{
			attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights),
				b.projections("self_attn.", a, bias, bias)),
			ffn.layer(b, i),
		}
	})
}

// readDeepSeekV2 is V2 and V2-Lite.
func readDeepSeekV2(b *builder) {
	if !b.c.boolOr(true, "use_mla") { // the language models of DeepSeek-VL2-Tiny and DeepSeek-OCR
		readDeepSeekMoE(b)
		b.c.ignore("q_lora_rank", "kv_lora_rank", "qk_nope_head_dim", "qk_rope_head_dim", "v_head_dim", "n_group", "topk_group")
		return
	}
	b.readLatentMoE(latentMoE{fineDefaults: fineDefaults{experts: 64, topK: 6, shared: 2, inner: 1407}, latent: deepSeekLatent})
}

// readDeepSeekV3 is V3, R1, V3.1 and what took the architecture over: Kimi K2
// (K2.5 with a vision tower), Moonlight, GigaChat, Mistral Large 3.
func readDeepSeekV3(b *builder) {
	b.readLatentMoE(latentMoE{fineDefaults: deepSeekV3, latent: deepSeekLatent})
	b.moonViT()
}

var deepSeekV3 = fineDefaults{experts: 256, topK: 8, shared: 1, inner: 2048, firstDense: 3, correction: true}

// readDeepSeekV32 adds the sparse index. Its FP8 checkpoints hold all norms in
// FP32 (the bytes of deepseek-ai/DeepSeek-V3.2-Exp agree to the byte).
func readDeepSeekV32(b *builder) {
	x := b.lightningIndexer(64)
	b.readLatentMoE(latentMoE{fineDefaults: deepSeekV3, latent: deepSeekLatent, indexer: &x})
	if b.quant.method == "fp8" {
		b.m.StoreVectors(format.FP32)
	}
}

// latentMoE is latent attention with fine experts, and what varies in it.
type latentMoE struct {
	fineDefaults
	latent       latent         // defaults of missing keys
	indexer      *lightning     // sparse attention; nil if none
	sharesIndex  func(int) bool // layers that select with an earlier layer's index
	withoutHeads bool           // MTP modules use the main model's embedding and head
}

func (b *builder) readLatentMoE(v latentMoE) {
	stem, head := b.stems()
	hidden := b.decoder(stem, head, false)
	l := b.latentAttention(v.latent)
	layers := b.layers()
	ffn := b.fineExperts(layers, v.fineDefaults)
	block := func(i int) []arch.Sublayer {
		a := l.attention()
		ts := l.tensors(b, "self_attn.")
		if v.indexer != nil {
			shared := v.sharesIndex != nil && v.sharesIndex(i)
			a.Index = v.indexer.index(shared)
			if !shared {
				ts = append(ts, v.indexer.tensors(b, "self_attn.indexer.", l.queryRank)...)
			}
		}
		return []arch.Sublayer{
			attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights), ts),
			ffn.layer(b, i),
		}
	}
	b.stack(stem+"layers.", layers, block)
	b.nextTokens(b.c.dimIf("num_nextn_predict_layers"), stem+"layers.", layers, !v.withoutHeads, block)
}
