package arch

import "moecost/core/format"

// EntryElements is the width of one entry of the layer's KV cache: keys and
// values of all KV heads, or the latent and the rotary key. 0 if the layer uses another layer's cache.
func (a *Attention) EntryElements() int64 {
	switch {
	case a.SharesKV:
		return 0
	case a.Latent > 0:
		return a.Latent + a.Rope
	default:
		return a.KVHeads * (a.KeyDim + a.ValueDim)
	}
}

// Entries is the number of cache entries that one sequence of the given length
// keeps in this layer: all tokens, those of the window or chunk, or one entry per
// Compression tokens beside the window.
func (a *Attention) Entries(context int64) int64 {
	n := context
	if a.Window > 0 {
		n = min(n, a.Window)
	}
	if a.Chunk > 0 {
		n = min(n, a.Chunk)
	}
	if a.Compression > 1 {
		n += context / a.Compression
	}
	return n
}

// EntriesRead is the number of cache entries that one new token attends to in
// a sequence of the given length. A sparse index limits it to its top-k; a
// chunk is taken as full, which is the most that it can be.
func (a *Attention) EntriesRead(context int64) int64 {
	if a.Compression > 1 {
		selected := context / a.Compression
		if a.Index != nil && a.Index.TopK > 0 {
			selected = min(selected, a.Index.TopK)
		}
		near := int64(0)
		if a.Window > 0 {
			near = min(context, a.Window)
		}
		return near + selected
	}
	n := a.Entries(context)
	if a.Index != nil && a.Index.TopK > 0 {
		n = min(n, a.Index.TopK)
	}
	return n
}

// Unbounded says whether the layer's cache grows with the context without end.
func (a *Attention) Unbounded() bool {
	return a.Compression > 1 || a.Window == 0 && a.Chunk == 0
}

// elementsPerToken is what one more token adds to the layer's cache, a window
// or chunk taken as not yet full. The compressed index keys of DeepSeek-V4 are
// entries of the same cache and count; the index keys of DeepSeek sparse
// attention are a cache of their own (IndexElementsPerToken).
func (a *Attention) elementsPerToken() float64 {
	if a.Compression <= 1 {
		return float64(a.EntryElements())
	}
	n := a.EntryElements()
	if a.keepsIndexKeys() {
		n += a.Index.KeyDim
	}
	return float64(n) / float64(a.Compression)
}

func (a *Attention) keepsIndexKeys() bool {
	return a.Index != nil && !a.Index.Shared
}

// attentions calls visit for every attention layer of the main model.
func (m *Model) attentions(visit func(*Attention)) {
	for i := range m.Blocks {
		for _, s := range m.Blocks[i].Sublayers {
			if s.Attention != nil {
				visit(s.Attention)
			}
		}
	}
}

// KVElementsPerToken is what one token adds to the KV caches of all layers.
func (m *Model) KVElementsPerToken() float64 {
	n := 0.0
	m.attentions(func(a *Attention) { n += a.elementsPerToken() })
	return n
}

// KVElementsPerTokenUnbounded leaves out the layers with a window or chunk: it
// is the growth per token of a long sequence.
func (m *Model) KVElementsPerTokenUnbounded() float64 {
	n := 0.0
	m.attentions(func(a *Attention) {
		if a.Unbounded() {
			n += a.elementsPerToken()
		}
	})
	return n
}

// KVBytesPerToken is KVElementsPerToken in a number format, scales included.
func (m *Model) KVBytesPerToken(kv format.Format) float64 {
	n := 0.0
	m.attentions(func(a *Attention) { n += a.bytesPerToken(kv) })
	return n
}

// KVBytesPerTokenUnbounded is KVElementsPerTokenUnbounded in a number format, scales included.
func (m *Model) KVBytesPerTokenUnbounded(kv format.Format) float64 {
	n := 0.0
	m.attentions(func(a *Attention) {
		if a.Unbounded() {
			n += a.bytesPerToken(kv)
		}
	})
	return n
}

func (a *Attention) bytesPerToken(kv format.Format) float64 {
	if a.Compression <= 1 {
		return float64(a.EntryBytes(kv))
	}
	return float64(a.EntryBytes(kv)+a.IndexEntryBytes(kv)) / float64(a.Compression)
}

// EntryBytes is one entry of the layer's KV cache in a number format. Sparse
// MLA in FP8 keeps the rotary part in BF16 and scales beside the rest:
// 656 bytes for DeepSeek-V3.2 (FP8 latent, one FP32 scale per 128, BF16 rotary key;
// deepseek-ai/FlashMLA README, "FP8 KV cache"), 584 for DeepSeek-V4 (one UE8M0
// scale per 64 and a byte of padding; ai-dynamo/aiconfigurator
// collector/sglang/deepseekv4_sparse_modules.py).
func (a *Attention) EntryBytes(kv format.Format) int64 {
	const bf16Bytes = 2
	switch {
	case a.SharesKV:
		return 0
	case fp8(kv) && a.singleLatent():
		return a.Latent + (a.Latent+63)/64 + 1 + bf16Bytes*a.Rope
	case fp8(kv) && a.Latent > 0 && a.Index != nil:
		return a.Latent + 4*((a.Latent+127)/128) + bf16Bytes*a.Rope
	case a.Latent > 0:
		return rowBytes(kv, 1, a.Latent+a.Rope)
	default:
		return rowBytes(kv, a.KVHeads, a.KeyDim) + rowBytes(kv, a.KVHeads, a.ValueDim)
	}
}

// singleLatent tells the layers of DeepSeek-V4 (a window, with or without
// compressed entries beside it) from MLA.
func (a *Attention) singleLatent() bool { return a.Latent > 0 && a.Window > 0 }

func fp8(kv format.Format) bool { return kv.Bits == 8 && kv.Arithmetic == format.ArithmeticFP8 }

// IndexEntryBytes is one key of the layer's sparse index. DeepSeek sparse
// attention keeps FP8 with an FP32 scale per 128, whatever the KV format (132 bytes for
// DeepSeek-V3.2: vLLM vllm/model_executor/models/deepseek_v2.py, DeepseekV32IndexerCache);
// DeepSeek-V4 does so for its compressed keys in an FP8 cache and keeps them in the KV format
// otherwise; an index beside plain attention (MiniMax-M3) is in BF16 (rtp-llm, MSAAttention).
func (a *Attention) IndexEntryBytes(kv format.Format) int64 {
	switch {
	case !a.keepsIndexKeys():
		return 0
	case a.Latent == 0:
		return rowBytes(format.BF16, 1, a.Index.KeyDim)
	case a.Compression > 1 && !fp8(kv):
		return rowBytes(kv, 1, a.Index.KeyDim)
	}
	return a.Index.KeyDim + 4*((a.Index.KeyDim+127)/128)
}

// rowBytes is n rows of a cache in a format. A per-tensor scale is not part of an entry.
func rowBytes(kv format.Format, n, width int64) int64 {
	one := kv.SizeOf([]int64{width})
	return n * (one.Bytes() - int64(kv.TensorBytes))
}

// IndexElementsPerToken is what one token adds to the index-key caches of
// DeepSeek sparse attention, which are apart from the KV cache. Layers that select with an earlier
// layer's index add none.
func (m *Model) IndexElementsPerToken() int64 {
	n := int64(0)
	m.attentions(func(a *Attention) {
		if a.Compression <= 1 && a.keepsIndexKeys() {
			n += a.Index.KeyDim
		}
	})
	return n
}

// IndexBytesPerToken is IndexElementsPerToken as engines store it.
func (m *Model) IndexBytesPerToken() int64 {
	n := int64(0)
	m.attentions(func(a *Attention) {
		if a.Compression <= 1 {
			n += a.IndexEntryBytes(format.BF16)
		}
	})
	return n
}

// SequenceBytes is what one sequence of the given length keeps in this layer:
// KV entries and index keys.
func (a *Attention) SequenceBytes(context int64, kv format.Format) int64 {
	keys := context
	if a.Compression > 1 {
		keys = context / a.Compression
	}
	return a.Entries(context)*a.EntryBytes(kv) + keys*a.IndexEntryBytes(kv)
}

// KVBytesPerSequence is what one sequence of the given length keeps in all
// caches of the main model: KV entries, with windows and chunks taken into
// account, and index keys. Recurrent state is apart.
func (m *Model) KVBytesPerSequence(context int64, kv format.Format) int64 {
	n := int64(0)
	m.attentions(func(a *Attention) { n += a.SequenceBytes(context, kv) })
	return n
}

// StateElementsPerSequence is the recurrent state and the short convolutions'
// state of one sequence, whatever its length.
func (m *Model) StateElementsPerSequence() int64 {
	n := int64(0)
	m.recurrents(func(r *Recurrent) { n += r.State + r.Convolution })
	return n
}

// StateBytesPerSequence is StateElementsPerSequence in bytes: the recurrent
// state in its own format, the convolutions in the model's base format.
func (m *Model) StateBytesPerSequence() int64 {
	n := int64(0)
	m.recurrents(func(r *Recurrent) {
		n += r.StateFormat.SizeOf([]int64{r.State}).Bytes() + m.Base.SizeOf([]int64{r.Convolution}).Bytes()
	})
	return n
}

func (m *Model) recurrents(visit func(*Recurrent)) {
	for i := range m.Blocks {
		for _, s := range m.Blocks[i].Sublayers {
			if s.Recurrent != nil {
				visit(s.Recurrent)
			}
		}
	}
}
