package serving

import "moecost/core/hardware"

// activationBytes is the size of an activation: engines compute in 16 bits.
const activationBytes = 2

// Workspace is the memory of the largest step, in bytes: the larger of sampling
// for all sequences that the engine prepares for and one prefill chunk through
// the widest layer. Vocabulary and logits are gathered on every rank, so
// tensor parallelism does not divide the former (measured: Qwen3-32B takes
// 5.64 GiB on one GPU and on each of two).
func (f *Footprint) Workspace(gpu *hardware.Accelerator, e *Engine, l Layout, load Load) int64 {
	if e.NoWorkspace {
		return 0
	}
	w := f.WorkspaceParts(gpu, e, l, load)
	return max(w.Sequences*f.vocabulary*e.SamplerBytes, w.Tokens*w.TokenBytes)
}

// WorkspaceParts are the factors of a workspace.
type WorkspaceParts struct {
	Sequences  int64 // that sampling is prepared for
	Tokens     int64 // of one prefill chunk
	TokenBytes int64 // per token of it
}

// WorkspaceParts returns what Workspace multiplies.
func (f *Footprint) WorkspaceParts(gpu *hardware.Accelerator, e *Engine, l Layout, load Load) WorkspaceParts {
	w := WorkspaceParts{Sequences: e.sequences(gpu), Tokens: load.Chunk, TokenBytes: e.TokenBytes}
	if e.MaxTokens > 0 {
		w.Tokens = min(w.Tokens, e.MaxTokens)
	}
	if w.TokenBytes == 0 {
		w.TokenBytes = activationBytes * f.tokenWidth(l)
	}
	return w
}

// tokenWidth is the number of elements that a prefill token has in flight: the
// residual and its norm, and the tensors inside the widest sublayer.
func (f *Footprint) tokenWidth(l Layout) int64 {
	widest := int64(0)
	for k := range f.kinds {
		for _, w := range f.kinds[k].works {
			widest = max(widest, w.width(l))
		}
	}
	return 2*f.hidden + widest
}

// width of a feed-forward or attention sublayer on one GPU. Grouped expert
// GEMMs hold, for each of a token's experts, the wider of the input copy and
// the gate and up products, and the activated product.
func (w work) width(l Layout) int64 {
	inner := ceilDiv(w.inner, int64(l.ExpertSplit()))
	return ceilDiv(w.split, int64(l.TP)) + w.topK*(max(w.hidden, 2*inner)+inner)
}

// dispatchTokens is how many tokens one rank may dispatch per decode step in
// DeepEP's low-latency mode, as its own example has it (deepseek-ai/DeepEP
// README: 128 tokens per batch).
const dispatchTokens = 128

// Buffers is the memory of the collectives, in bytes: those of the all-reduce,
// and, when tokens travel to their experts, DeepEP's low-latency buffers, two of
// each of send and receive for every expert and token slot (deepseek-ai/DeepEP
// csrc/legacy/config.hpp, LowLatencyLayout).
func (f *Footprint) Buffers(e *Engine, l Layout) int64 {
	b := f.BufferParts(e, l)
	return b.Group + 2*b.Experts*b.Slots*(b.Combine+max(b.Dispatch, b.Combine))
}

// BufferParts are the factors of Buffers.
type BufferParts struct {
	Group    int64 // of the all-reduce
	Experts  int64
	Slots    int64 // tokens that one rank may dispatch; 0 if tokens do not travel
	Dispatch int64 // bytes of a dispatched token: BF16 and a header, or FP8 with its scales
	Combine  int64 // bytes of a combined one: BF16, and a range per 128 channels
}

// BufferParts returns what Buffers multiplies.
func (f *Footprint) BufferParts(e *Engine, l Layout) BufferParts {
	switch {
	case e.NoWorkspace || l.GPUs == 1:
		return BufferParts{}
	case !l.Dispatches() || e.TokenBytes > 0: // SGLang's reserve per token covers the exchange
		return BufferParts{Group: e.GroupBytes}
	}
	scales := f.hidden / 128
	return BufferParts{
		Group: e.GroupBytes, Experts: f.widestRouting, Slots: dispatchTokens,
		Dispatch: 16 + max(2*f.hidden, f.hidden+4*scales),
		Combine:  4*scales + 2*f.hidden,
	}
}
