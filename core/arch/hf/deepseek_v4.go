package hf

import (
	"slices"

	"moecost/core/arch"
	"moecost/core/format"
)

// DeepSeek-V4 (Pro and Flash): one latent per token that serves all heads as key
// and value, kept for a short window and, compressed over 4 or 128 tokens, for the
// rest; four residual streams mixed by hyper-connections; experts in every layer,
// the first layers routed by a table of token ids. Layout: vllm
// model_executor/models/deepseek_v4.py, deepseek_v4_mtp.py and
// layers/deepseek_compressor.py; defaults: transformers
// models/deepseek_v4/configuration_deepseek_v4.py. Counts and bytes agree with the
// published Pro checkpoint to the unit.

// indexedCompression is the tokens per entry of the layers with a sparse index.
const indexedCompression = 4

// singleLatent is the attention of DeepSeek-V4.
type singleLatent struct {
	heads, dim, rope  int64
	queryRank         int64
	outRank, outGroup int64 // grouped output projection
	window            int64
	compression       []int64 // tokens per compressed entry of each layer; 0 or 1 is none
	indexer           lightning
}

func readDeepSeekV4(b *builder) {
	stem := ""
	hidden := b.c.dim("hidden_size")
	b.embedding(b.c.dim("vocab_size"), hidden, b.c.boolOr(false, "tie_word_embeddings"), "embed.weight", "norm.weight", "head.weight")
	b.m.MaxContext = b.c.dimIf("max_position_embeddings")
	b.expertFormat()
	layers := b.layers()
	a := b.singleLatent(layers)
	moe := arch.MoE{
		Experts: b.c.dimOr(256, "n_routed_experts", "num_local_experts"),
		TopK:    b.c.dimOr(6, "num_experts_per_tok"),
		Shared:  b.c.dimOr(1, "n_shared_experts"),
		Hidden:  hidden,
		Inner:   b.c.dimOr(2048, "moe_intermediate_size"),
	}
	moe.SharedInner = moe.Shared * moe.Inner
	h := hyperConnections{streams: b.c.dimOr(4, "hc_mult")}
	hashed := b.hashedLayers(layers)
	b.c.ignore("num_key_value_heads", "hc_sinkhorn_iters", "attention_bias", "compress_rates", "intermediate_size")

	block := func(i int) []arch.Sublayer {
		return []arch.Sublayer{
			a.layer(b, i, h.tensors(b, "hc_attn_", arch.AttentionWeights)),
			v4Experts(b, moe, i < len(hashed) && hashed[i], h.tensors(b, "hc_ffn_", arch.Router)),
		}
	}
	b.stack(stem+"layers.", layers, block)
	b.m.Head = append(b.m.Head, h.head(b, "hc_head_")...)
	b.v4NextTokens(layers, block, h)
}

func (b *builder) singleLatent(layers int) singleLatent {
	a := singleLatent{
		heads: b.c.dim("num_attention_heads"), dim: b.c.dimOr(512, "head_dim"), rope: b.c.dimOr(64, "qk_rope_head_dim"),
		queryRank: b.c.dimOr(1024, "q_lora_rank"),
		outRank:   b.c.dimOr(1024, "o_lora_rank"), outGroup: b.c.dimOr(8, "o_groups"),
		window:  b.c.dimOr(128, "sliding_window"),
		indexer: lightning{heads: b.c.dimOr(64, "index_n_heads"), dim: b.c.dimOr(128, "index_head_dim"), topK: b.c.dimOr(512, "index_topk")},
	}
	if a.rope > a.dim {
		b.c.fail(b.c.path+"qk_rope_head_dim", "%d is more than head_dim %d", a.rope, a.dim)
	}
	if a.outGroup < 1 || a.heads*a.dim%max(a.outGroup, 1) != 0 {
		b.c.fail(b.c.path+"o_groups", "%d does not divide num_attention_heads x head_dim = %d", a.outGroup, a.heads*a.dim)
	}
	a.compression = b.compressions(layers)
	return a
}

// compressions reads compress_ratios (one more entry than layers: the MTP
// module's) or layer_types with their rates.
func (b *builder) compressions(layers int) []int64 {
	if len(b.c.log.errs) > 0 {
		return nil
	}
	if ratios := b.c.intList("compress_ratios"); len(ratios) > 0 {
		if len(ratios) < layers {
			b.c.fail(b.c.path+"compress_ratios", "%d entries for num_hidden_layers %d: one per layer would do", len(ratios), layers)
		}
		for _, n := range ratios {
			if n < 0 {
				b.c.fail(b.c.path+"compress_ratios", "%d: 0 or more would do", n)
				break
			}
		}
		return ratios
	}
	sparse, heavy := int64(indexedCompression), int64(128)
	if rates := b.c.object("compress_rates"); rates != nil {
		sparse = rates.dimOr(sparse, "compressed_sparse_attention")
		heavy = rates.dimOr(heavy, "heavily_compressed_attention")
	}
	types := b.c.textList("layer_types")
	if len(types) == 0 {
		b.c.assume(b.c.path+"compress_ratios", "128, 128, then 128 and 4 in turn")
		types = make([]string, layers)
		for i := range types {
			types[i] = "heavily_compressed_attention"
			if i >= 2 && i%2 == 1 {
				types[i] = "compressed_sparse_attention"
			}
		}
	}
	b.sameLength("layer_types", len(types), layers)
	return convert(types, map[string]int64{"compressed_sparse_attention": sparse, "heavily_compressed_attention": heavy})
}

func convert(types []string, values map[string]int64) []int64 {
	out := make([]int64, len(types))
	for i, t := range types {
		out[i] = values[t]
	}
	return out
}

// hashedLayers says which layers look the experts of a token id up.
func (b *builder) hashedLayers(layers int) []bool {
	if len(b.c.log.errs) > 0 {
		return nil
	}
	hashed := make([]bool, layers)
	types := b.c.textList("mlp_layer_types")
	first := int64(0)
	if len(types) == 0 {
		first = b.c.dimOr(3, "num_hash_layers")
	}
	for i := range hashed {
		hashed[i] = int64(i) < first || i < len(types) && types[i] == "hash_moe"
	}
	return hashed
}

// expertFormat: with FP8 matrices the experts are MXFP4 and all scales one-byte
// powers of two, unless expert_dtype is fp8: then all scales are FP32.
func (b *builder) expertFormat() {
	kind := b.c.textOr("fp4", "expert_dtype")
	inner := b.quant.matrix
	if b.quant.method != "fp8" || kind == "fp8" {
		return
	}
	if kind != "fp4" {
		b.note("expert_dtype %q is not known here: the experts are counted in MXFP4.", kind)
	}
	b.quant.matrix = func(name string, role arch.Role) format.Format {
		f := inner(name, role)
		if f.ID != "fp8" {
			return f
		}
		if role == arch.RoutedExperts {
			return format.MXFP4
		}
		f.BlockBytes = 1
		return f
	}
}

func (a singleLatent) layer(b *builder, i int, hyper []arch.Tensor) arch.Sublayer {
	const role = arch.AttentionWeights
	ts := slices.Concat(hyper,
		b.norm("attn_norm", b.m.Hidden, false, role),
		b.linear("attn.wq_a", a.queryRank, b.m.Hidden, false, role, arch.Replicated),
		b.norm("attn.q_norm", a.queryRank, false, role),
		b.linear("attn.wq_b", a.heads*a.dim, a.queryRank, false, role, arch.SplitTP),
		b.linear("attn.wkv", a.dim, b.m.Hidden, false, role, arch.Replicated),
		b.norm("attn.kv_norm", a.dim, false, role),
		b.linear("attn.wo_a", a.outGroup*a.outRank, a.heads*a.dim/max(a.outGroup, 1), false, role, arch.SplitTP),
		b.rowLinear("attn.wo_b", b.m.Hidden, a.outGroup*a.outRank, false, role),
		[]arch.Tensor{fp32(b.bias("attn.attn_sink", a.heads, role, arch.SplitTP))})
	attention := arch.Attention{
		Heads: a.heads, KVHeads: 1, KeyDim: a.dim, ValueDim: a.dim,
		Latent: a.dim - a.rope, Rope: a.rope, Window: a.window,
	}
	if i < len(a.compression) && a.compression[i] > 1 {
		attention.Compression = a.compression[i]
		ts = append(ts, b.compressor("attn.compressor.", a.compression[i], a.dim)...)
		if a.compression[i] == indexedCompression {
			attention.Index = a.indexer.index(false)
			ts = append(ts, slices.Concat(
				b.linear("attn.indexer.wq_b", a.indexer.heads*a.indexer.dim, a.queryRank, false, role, arch.Replicated),
				[]arch.Tensor{b.unconverted(b.matrix("attn.indexer.weights_proj.weight", a.indexer.heads, b.m.Hidden, role, arch.Replicated))},
				b.compressor("attn.indexer.compressor.", a.compression[i], a.indexer.dim))...)
		}
	}
	return arch.Sublayer{Attention: &attention, Tensors: ts}
}

// compressor merges tokens into one entry by learned gates; the 4-token kind
// overlaps its neighbours and is twice as wide.
func (b *builder) compressor(stem string, ratio, dim int64) []arch.Tensor {
	const role, split = arch.AttentionWeights, arch.Replicated
	width := dim
	if ratio == indexedCompression {
		width *= 2
	}
	position := fp32(b.vector(stem+"ape", ratio*width, role))
	position.Shape = []int64{ratio, width}
	return []arch.Tensor{
		b.unconverted(b.matrix(stem+"wkv.weight", width, b.m.Hidden, role, split)),
		b.unconverted(b.matrix(stem+"wgate.weight", width, b.m.Hidden, role, split)),
		position,
		b.vector(stem+"norm.weight", dim, role),
	}
}

func v4Experts(b *builder, moe arch.MoE, hashed bool, hyper []arch.Tensor) arch.Sublayer {
	gate := b.router("ffn.gate.weight", moe)
	if hashed {
		gate = append(gate, arch.Tensor{
			Name: "ffn.gate.tid2eid", Shape: []int64{b.m.Vocabulary, moe.TopK}, Copies: 1,
			Role: arch.Router, Use: arch.Consulted, Split: arch.Replicated, Stored: int64s,
		})
	} else {
		gate = append(gate, fp32(b.vector("ffn.gate.bias", moe.Experts, arch.Router)))
	}
	shared := slices.Concat(
		b.linear("ffn.shared_experts.w1", moe.SharedInner, moe.Hidden, false, arch.SharedExperts, arch.SplitTP),
		b.linear("ffn.shared_experts.w3", moe.SharedInner, moe.Hidden, false, arch.SharedExperts, arch.SplitTP),
		b.rowLinear("ffn.shared_experts.w2", moe.Hidden, moe.SharedInner, false, arch.SharedExperts))
	return route(moe, hyper, b.norm("ffn_norm", b.m.Hidden, false, arch.Router), gate,
		b.gatedExperts(moe, "ffn.experts.{e}.w1.weight", "ffn.experts.{e}.w3.weight", "ffn.experts.{e}.w2.weight"), shared)
}

// int64s is the format of the table that routes by token id.
var int64s = format.Format{ID: "int64", Name: "INT64", Bits: 64, Arithmetic: format.ArithmeticBF16, Source: "safetensors dtype I64"}

// hyperConnections keep several residual streams and mix them in front of every
// sublayer: weights to read, to write and between streams.
type hyperConnections struct{ streams int64 }

func (h hyperConnections) tensors(b *builder, stem string, role arch.Role) []arch.Tensor {
	mixes := (2 + h.streams) * h.streams
	return []arch.Tensor{
		fp32(b.matrix(stem+"fn", mixes, h.streams*b.m.Hidden, role, arch.Replicated)),
		fp32(b.vector(stem+"base", mixes, role)),
		fp32(b.vector(stem+"scale", 3, role)),
	}
}

// head reads the streams into one in front of the output head.
func (h hyperConnections) head(b *builder, stem string) []arch.Tensor {
	const role = arch.EmbeddingAndHead
	return []arch.Tensor{
		fp32(b.matrix(stem+"fn", h.streams, h.streams*b.m.Hidden, role, arch.Replicated)),
		fp32(b.vector(stem+"base", h.streams, role)),
		fp32(b.vector(stem+"scale", 1, role)),
	}
}

// v4NextTokens appends the MTP modules: a window layer like the others, with
// projections of its own and the main model's embedding and head.
func (b *builder) v4NextTokens(layers int, block func(int) []arch.Sublayer, h hyperConnections) {
	depth := b.c.dimIf("num_nextn_predict_layers")
	if len(b.c.log.errs) > 0 || depth == 0 {
		return
	}
	if depth > maxMTP {
		b.c.fail(b.c.path+"num_nextn_predict_layers", "%d is out of range: 0 to %d would do", depth, maxMTP)
		return
	}
	b.m.MTP.Depth = int(depth)
	b.m.MTP.Blocks = b.blocks("mtp.", int(depth), func(int) []arch.Sublayer { return block(layers + maxMTP) })
	for _, m := range b.m.MTP.Blocks {
		b.prefix = m.Prefix
		b.m.MTP.Tensors = append(b.m.MTP.Tensors, b.named(slices.Concat(
			b.linear("e_proj", b.m.Hidden, b.m.Hidden, false, arch.DenseLayers, arch.Replicated),
			b.linear("h_proj", b.m.Hidden, b.m.Hidden, false, arch.DenseLayers, arch.Replicated),
			b.norm("enorm", b.m.Hidden, false, arch.DenseLayers),
			b.norm("hnorm", b.m.Hidden, false, arch.DenseLayers),
			b.norm("norm", b.m.Hidden, false, arch.EmbeddingAndHead),
			h.head(b, "hc_head_")))...)
	}
	b.prefix = ""
}
