package arch

import (
	"fmt"
	"strconv"

	"moecost/core/format"
)

// Limits of a description. They are far above anything published and keep every
// figure of this package within an int64.
const (
	maxBlocks    = 1 << 13
	maxSublayers = 64      // of one block
	maxTensors   = 1 << 20 // of all blocks together, each counted
	maxExperts   = 1 << 20
	maxWidth     = 1 << 31
	maxTokens    = 1 << 40
	maxEntry     = 1 << 36 // elements of one cache entry
	maxState     = 1 << 40 // elements of a recurrent state, or FLOPs of its update
	maxSize      = 1 << 53 // elements of all tensors together
	maxBytes     = 1 << 60
)

// sum is elements, and the most bytes they may take, in floating point, where nothing overflows.
type sum struct{ elements, bytes float64 }

func (s *sum) add(other sum, times int) {
	s.elements += float64(times) * other.elements
	s.bytes += float64(times) * other.bytes
}

func sumOf(ts []Tensor) sum {
	var s sum
	for i := range ts {
		t := &ts[i]
		n := float64(t.Copies)
		for _, d := range t.Shape {
			n *= float64(d)
		}
		s.elements += n
		// Partial blocks count whole, so that a block for each element is the most there can be.
		s.bytes += n*(float64(t.Stored.Bits)/8+float64(t.Stored.BlockBytes)) + float64(t.Copies)*float64(t.Stored.TensorBytes)
	}
	return s
}

// within passes a number that is in its range on.
func (x *decoder) within(field string, n, low, high int64) int64 {
	if n < low || n > high {
		x.fail(field, strconv.FormatInt(n, 10), fmt.Sprintf("%d to %d would do", low, high))
	}
	return n
}

func (x *decoder) checkFormat(field string, f format.Format) {
	x.within(field+": Bits", int64(f.Bits), 0, 128)
	x.within(field+": BlockRows", int64(f.BlockRows), 0, maxWidth)
	x.within(field+": BlockCols", int64(f.BlockCols), 0, maxWidth)
	x.within(field+": BlockBytes", int64(f.BlockBytes), 0, 1<<16)
	x.within(field+": TensorBytes", int64(f.TensorBytes), 0, maxSize)
}

func (x *decoder) checkTensor(field string, t *Tensor) {
	x.within(field+": shape", int64(len(t.Shape)), 0, 8)
	for _, d := range t.Shape {
		x.within(field+": shape", d, 0, maxSize)
	}
}

func (x *decoder) checkSublayer(field string, s *Sublayer) {
	parts := 0
	if a := s.Attention; a != nil {
		parts++
		x.checkAttention(field+": attention", a)
	}
	if r := s.Recurrent; r != nil {
		parts++
		x.all(field+": recurrent", maxState, r.Heads, r.State, r.Convolution, r.FLOPsPerToken)
	}
	if s.Dense != nil {
		parts++
		x.all(field+": dense", maxWidth, s.Dense.Inner)
	}
	if moe := s.MoE; moe != nil {
		parts++
		x.all(field+": moe", maxExperts, moe.Experts, moe.Shared, moe.Zero, moe.Groups, moe.TopGroups)
		x.all(field+": moe", maxWidth, moe.Hidden, moe.Inner, moe.SharedInner)
		x.within(field+": moe: TopK", moe.TopK, 0, moe.Experts+moe.Zero)
	}
	if parts != 1 {
		x.fail(field, strconv.Itoa(parts)+" parts in one sublayer", "attention, recurrent, dense or moe would do")
	}
}

func (x *decoder) checkAttention(field string, a *Attention) {
	x.all(field, maxWidth, a.Heads, a.KVHeads, a.KeyDim, a.ValueDim, a.Latent, a.Rope)
	x.all(field, maxTokens, a.Window, a.Chunk, a.Compression)
	if entry := float64(a.KVHeads) * (float64(a.KeyDim) + float64(a.ValueDim)); entry > maxEntry {
		x.fail(field, fmt.Sprintf("a cache entry of %g numbers", entry), fmt.Sprintf("at most %d would do", int64(maxEntry)))
	}
	if i := a.Index; i != nil {
		x.all(field+": index", maxWidth, i.Heads, i.KeyDim)
		x.all(field+": index", maxTokens, i.TopK)
	}
}

func (x *decoder) all(field string, high int64, values ...int64) {
	for _, v := range values {
		x.within(field, v, 0, high)
	}
}
