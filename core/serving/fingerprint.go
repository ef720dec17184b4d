package serving

import "moecost/core/arch"

// fingerprint is equal for sublayers that take equal time: a model of 61 layers
// has three or four kinds. FNV-1a over everything that a kind is made from.
func fingerprint(s *arch.Sublayer) uint64 {
	h := hasher(14695981039346656037)
	if a := s.Attention; a != nil {
		h.add(1, a.Heads, a.KVHeads, a.KeyDim, a.ValueDim, a.Latent, a.Rope, a.Window, a.Chunk, a.Compression)
		if x := a.Index; x != nil {
			h.add(2, x.Heads, x.KeyDim, x.TopK, truth(x.Shared))
		}
	}
	if r := s.Recurrent; r != nil {
		h.add(3, r.Heads, r.State, r.Convolution, r.FLOPsPerToken, int64(r.StateFormat.Bits))
	}
	if m := s.MoE; m != nil {
		h.add(4, m.Experts, m.TopK, m.Shared, m.Hidden, m.Inner, m.SharedInner, m.Zero)
	}
	for i := range s.Tensors {
		x := &s.Tensors[i]
		f := &x.Stored
		h.add(int64(x.Role), int64(x.Use), int64(x.Split), x.Copies, int64(len(x.Name)),
			int64(f.Bits), int64(f.BlockRows), int64(f.BlockCols), int64(f.BlockBytes), int64(f.TensorBytes), int64(len(f.ID)))
		h.add(x.Shape...)
		for _, c := range []byte(f.Arithmetic) {
			h.add(int64(c))
		}
	}
	return uint64(h)
}

type hasher uint64

func (h *hasher) add(values ...int64) {
	for _, v := range values {
		*h = (*h ^ hasher(v)) * 1099511628211
	}
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
