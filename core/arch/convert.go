package arch

import "moecost/core/format"

// StoreVectors sets the number format of all norms, biases and gates, for
// checkpoints that keep them in another format than the matrices that are not converted.
// Those in FP32 already stay so.
func (m *Model) StoreVectors(f format.Format) {
	m.each(func(t *Tensor) {
		if t.Use == Applied && t.Stored.ID != format.FP32.ID {
			t.Stored = f
		}
	})
}

// each visits every tensor of the checkpoint where it stands.
func (m *Model) each(visit func(*Tensor)) {
	all := func(ts []Tensor) {
		for i := range ts {
			visit(&ts[i])
		}
	}
	blocks := func(bs []Block) {
		for i := range bs {
			for j := range bs[i].Sublayers {
				all(bs[i].Sublayers[j].Tensors)
			}
		}
	}
	all(m.Embedding)
	blocks(m.Blocks)
	all(m.Head)
	blocks(m.MTP.Blocks)
	all(m.MTP.Tensors)
	all(m.Vision)
}
