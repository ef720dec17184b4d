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

// blocks are the layers of a plain vision transformer: layer norms, q, k and v
// in one matrix, a feed-forward network without gate, biases everywhere.
func (t *tower) blocks(depth, width, inner int64, fc1, fc2 string) {
	t.repeated(depth, func() {
		t.layerNorm("blocks.{i}.norm1", width)
		t.layerNorm("blocks.{i}.norm2", width)
		t.linear("blocks.{i}.attn.qkv", 3*width, width, true)
		t.linear("blocks.{i}.attn.proj", width, width, true)
		t.linear("blocks.{i}.mlp."+fc1, inner, width, true)
		t.linear("blocks.{i}.mlp."+fc2, width, inner, true)
	})
}

func square(n int64) int64 { return n * n }
