package serving

import "moecost/core/hardware"

// activationBytes is the size of an activation: engines compute in 16 bits.
const activationBytes = 2

// Workspace is the memory of the largest step, in bytes: the wider of sampling
// for all sequences that the engine prepares for and one prefill chunk through
// the widest layer. Vocabulary and logits are gathered on every rank, so
// tensor parallelism does not divide the former (measured: Qwen3-32B takes
// 5.64 GiB on one GPU and on each of two).
func (f *Footprint) Workspace(gpu *hardware.Accelerator, e *Engine, l Layout, load Load) int64 {
	if e.NoWorkspace {
		return 0
	}
	sampling := e.sequences(gpu) * f.vocabulary * e.SamplerBytes
	tokens := load.Chunk
	if e.MaxTokens > 0 {
		tokens = min(tokens, e.MaxTokens)
	}
	perToken := e.TokenBytes
	if perToken == 0 {
		perToken = activationBytes * f.tokenWidth(l)
	}
	return max(sampling, tokens*perToken)
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
	if e.NoWorkspace || l.GPUs == 1 {
		return 0
	}
	if !l.Dispatches() || e.TokenBytes > 0 {
		return e.GroupBytes
	}
	scales := f.hidden / 128
	dispatch := 16 + max(2*f.hidden, f.hidden+4*scales)
	combine := 4*scales + 2*f.hidden
	return e.GroupBytes + 2*f.widestRouting*dispatchTokens*(combine+max(dispatch, combine))
}
