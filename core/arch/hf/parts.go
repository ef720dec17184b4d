package hf

import (
	"fmt"
	"slices"

	"moecost/core/arch"
)

// A family describes a layer as sublayers, and a sublayer as a list of tensors.
// This file holds the parts that nearly every decoder has in the same form; what
// differs stands in the family's own file.

// decoder reads the widths of the residual stream and the vocabulary and adds
// embedding, final norm and head under their usual names. stem is the prefix of the text
// model in the checkpoint: "model." alone, "model.language_model." inside a
// multimodal one. It returns the hidden size.
func (b *builder) decoder(stem, head string, tied bool) int64 {
	return b.decoderOf(b.c.dim("vocab_size"), stem, head, tied)
}

// decoderOf is decoder with the vocabulary given.
func (b *builder) decoderOf(vocab int64, stem, head string, tied bool) int64 {
	hidden := b.c.dim("hidden_size")
	b.embedding(vocab, hidden, b.tied(tied),
		stem+"embed_tokens.weight", stem+"norm.weight", head+"lm_head.weight")
	b.m.MaxContext = b.c.dimIf("max_position_embeddings")
	return hidden
}

// tied says whether the head is the embedding. A multimodal config may say it twice; the text model's
// word counts.
func (b *builder) tied(def bool) bool {
	tied := b.c.boolOr(def, "tie_word_embeddings")
	if outer := b.root.boolOr(tied, "tie_word_embeddings"); outer != tied {
		b.note("tie_word_embeddings is %t in the text model, as counted, and %t outside.", tied, outer)
	}
	return tied
}

// stack appends n blocks whose tensors are named stem, number, dot.
func (b *builder) stack(stem string, n int, block func(i int) []arch.Sublayer) {
	b.m.Blocks = append(b.m.Blocks, b.blocks(stem, n, block)...)
}

func (b *builder) blocks(stem string, n int, block func(i int) []arch.Sublayer) []arch.Block {
	if len(b.c.log.errs) > 0 {
		return nil // the counts mean nothing; do not spend time on them
	}
	out := make([]arch.Block, n)
	for i := range out {
		b.prefix = fmt.Sprintf("%s%d.", stem, i)
		out[i] = arch.Block{Prefix: b.prefix, Sublayers: block(i)}
	}
	b.prefix = ""
	return out
}

// predictLayers reads the number of multi-token-prediction layers, 0 if absent.
func (b *builder) predictLayers(keys ...string) int {
	name, value, found := b.c.lookup(keys)
	if !found {
		return 0
	}
	return int(b.c.wholeNumber(name, value, 0, maxPredictLayers))
}

// maxPredictLayers is far above the three that published models have.
const maxPredictLayers = 64

// heads reads a softmax attention with keys and values of one width. A missing
// head_dim is the hidden size over the heads; missing num_key_value_heads means
// one per query head: both as in the config classes of Llama and its heirs.
func (b *builder) heads() arch.Attention {
	heads, kv := b.headCounts()
	width := b.headDim(heads)
	return arch.Attention{Heads: heads, KVHeads: kv, KeyDim: width, ValueDim: width}
}

func (b *builder) headCounts() (heads, kv int64) {
	heads = b.c.dim("num_attention_heads", "n_heads", "n_head")
	kv = b.c.dimIf("num_key_value_heads")
	if kv == 0 {
		kv = heads
	}
	return heads, kv
}

func (b *builder) headDim(heads int64) int64 {
	if width := b.c.dimIf("head_dim", "attention_head_dim"); width > 0 {
		return width
	}
	if b.m.Hidden%heads != 0 && len(b.c.log.errs) == 0 { // a width that was refused divides nothing
		b.c.fail(b.c.path+"num_attention_heads", "%d does not divide hidden_size %d, and head_dim is missing", heads, b.m.Hidden)
	}
	return b.m.Hidden / heads
}

// linear is a matrix under name.weight and, with a bias, the vector name.bias.
func (b *builder) linear(name string, out, in int64, bias bool, role arch.Role, split arch.Split) []arch.Tensor {
	ts := []arch.Tensor{b.matrix(name+".weight", out, in, role, split)}
	if bias {
		ts = append(ts, b.bias(name+".bias", out, role, split))
	}
	return ts
}

// rowLinear is linear for a matrix that is split along its input: every rank
// holds a part of the sum, so the bias is not split.
func (b *builder) rowLinear(name string, out, in int64, bias bool, role arch.Role) []arch.Tensor {
	ts := b.linear(name, out, in, bias, role, arch.SplitTP)
	for i := range ts[1:] {
		ts[1+i].Split = arch.Replicated
	}
	return ts
}

// norm is an RMS norm, or with a bias a layer norm.
func (b *builder) norm(name string, n int64, bias bool, role arch.Role) []arch.Tensor {
	ts := []arch.Tensor{b.vector(name+".weight", n, role)}
	if bias {
		ts = append(ts, b.vector(name+".bias", n, role))
	}
	return ts
}

// projections are q, k, v and o under stem, o last. A layer that uses the cache of
// another one has no k and v.
func (b *builder) projections(stem string, a arch.Attention, bias, outBias bool) []arch.Tensor {
	ts := b.linear(stem+"q_proj", a.Heads*a.KeyDim, b.m.Hidden, bias, arch.AttentionWeights, arch.SplitTP)
	if !a.SharesKV {
		ts = append(ts, b.linear(stem+"k_proj", a.KVHeads*a.KeyDim, b.m.Hidden, bias, arch.AttentionWeights, arch.SplitKVHeads)...)
		ts = append(ts, b.linear(stem+"v_proj", a.KVHeads*a.ValueDim, b.m.Hidden, bias, arch.AttentionWeights, arch.SplitKVHeads)...)
	}
	return append(ts, b.rowLinear(stem+"o_proj", b.m.Hidden, a.Heads*a.ValueDim, outBias, arch.AttentionWeights)...)
}

// headNorms are the norms of query and key, one weight per element of a head.
func (b *builder) headNorms(q, k string, a arch.Attention) []arch.Tensor {
	ts := b.norm(q, a.KeyDim, false, arch.AttentionWeights)
	if a.SharesKV {
		return ts
	}
	return append(ts, b.norm(k, a.KeyDim, false, arch.AttentionWeights)...)
}

// attend makes the sublayer of a softmax attention.
func attend(a arch.Attention, parts ...[]arch.Tensor) arch.Sublayer {
	return arch.Sublayer{Attention: &a, Tensors: slices.Concat(parts...)}
}

// gated is a gated feed-forward network: gate and up widen, down narrows.
func (b *builder) gated(stem string, width, inner int64, bias bool, role arch.Role) []arch.Tensor {
	return slices.Concat(
		b.linear(stem+"gate_proj", inner, width, bias, role, arch.SplitTP),
		b.linear(stem+"up_proj", inner, width, bias, role, arch.SplitTP),
		b.rowLinear(stem+"down_proj", width, inner, bias, role))
}

// plain is a feed-forward network without a gate.
func (b *builder) plain(stem string, width, inner int64, bias bool, role arch.Role) []arch.Tensor {
	return slices.Concat(
		b.linear(stem+"up_proj", inner, width, bias, role, arch.SplitTP),
		b.rowLinear(stem+"down_proj", width, inner, bias, role))
}

// feed makes the sublayer of a dense feed-forward network.
func feed(inner int64, parts ...[]arch.Tensor) arch.Sublayer {
	return arch.Sublayer{Dense: &arch.Dense{Inner: inner}, Tensors: slices.Concat(parts...)}
}

// gatedExperts are the routed experts, each a gated network; the names hold "{e}".
func (b *builder) gatedExperts(m arch.MoE, gate, up, down string) []arch.Tensor {
	return []arch.Tensor{
		b.experts(gate, m.Experts, m.Inner, m.Hidden),
		b.experts(up, m.Experts, m.Inner, m.Hidden),
		b.experts(down, m.Experts, m.Hidden, m.Inner),
	}
}

// router is the gate in front of the experts, whole on every GPU.
func (b *builder) router(name string, m arch.MoE) []arch.Tensor {
	return []arch.Tensor{b.matrix(name, m.Experts, b.m.Hidden, arch.Router, arch.Replicated)}
}

// route makes the sublayer of a mixture of experts.
func route(m arch.MoE, parts ...[]arch.Tensor) arch.Sublayer {
	return arch.Sublayer{MoE: &m, Tensors: slices.Concat(parts...)}
}

// product multiplies widths. It stops far above anything published, so that a hostile config
// runs into the check on the whole model and not into an overflow.
func product(ns ...int64) int64 {
	p := int64(1)
	for _, n := range ns {
		if n > 0 && p > maxElements/n {
			return maxElements
		}
		p *= n
	}
	return p
}
