package hf

import "moecost/core/arch"

// tower collects tensors of a vision tower: kept in the base format, counted, not multiplied.
type tower struct {
	b  *builder
	ts []arch.Tensor
}

// table is a weight of any shape.
func (t *tower) table(name string, shape ...int64) {
	w := t.b.vector(name, 1, arch.DenseLayers)
	w.Shape = shape
	t.ts = append(t.ts, w)
}

func (t *tower) linear(name string, out, in int64, bias bool) {
	t.table(name+".weight", out, in)
	if bias {
		t.table(name+".bias", out)
	}
}

// layerNorm has weight and bias.
func (t *tower) layerNorm(name string, n int64) {
	t.table(name+".weight", n)
	t.table(name+".bias", n)
}

// repeated describes one layer and adds it n times.
func (t *tower) repeated(n int64, layer func()) {
	first := len(t.ts)
	layer()
	for i := first; i < len(t.ts); i++ {
		t.ts[i].Copies *= n
	}
}

func square(n int64) int64 { return n * n }
