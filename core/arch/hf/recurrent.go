package hf

import (
	"slices"

	"moecost/core/arch"
	"moecost/core/format"
)

// stateFormat is the number format that the config asks for the recurrent
// state, which engines keep apart from the weights' format.
func (b *builder) stateFormat(def format.Format, keys ...string) format.Format {
	switch b.c.textOr("", keys...) {
	case "float32":
		return format.FP32
	case "bfloat16":
		return format.BF16
	case "float16":
		return format.FP16
	}
	return def
}

// convolution is a short depthwise convolution along the sequence: element-wise
// work, never quantised.
func (b *builder) convolution(name string, channels, kernel int64, bias bool) []arch.Tensor {
	weight := b.bias(name+".weight", channels, arch.AttentionWeights, arch.SplitTP)
	weight.Shape = []int64{channels, 1, kernel}
	ts := []arch.Tensor{weight}
	if bias {
		ts = append(ts, b.bias(name+".bias", channels, arch.AttentionWeights, arch.SplitTP))
	}
	return ts
}

// mamba2 is a Mamba-2 mixer (Dao and Gu, arXiv 2405.21060) as Granite 4 and
// Nemotron-H have it: one input projection for gate, convolved channels and step sizes.
type mamba2 struct {
	heads, headDim int64
	groups, state  int64 // B and C are shared within a group; state per channel
	kernel         int64
	convBias, bias bool
	format         format.Format
}

func (m mamba2) inner() int64    { return m.heads * m.headDim }
func (m mamba2) channels() int64 { return m.inner() + 2*m.groups*m.state }

// layer lists the mixer's tensors under stem, behind the norm of the given name.
func (m mamba2) layer(b *builder, normName, stem string) arch.Sublayer {
	const role = arch.AttentionWeights
	// Per element of the state and token: decay (1), outer product of input and
	// B (1), add (1), read with C (2).
	const flopsPerElement = 5
	state := product(m.inner(), m.state)
	return arch.Sublayer{
		Recurrent: &arch.Recurrent{
			Kind: "mamba2", Heads: m.heads,
			State: state, Convolution: product(m.kernel-1, m.channels()), StateFormat: m.format,
			FLOPsPerToken: flopsPerElement * state,
		},
		Tensors: slices.Concat(
			b.norm(normName, b.m.Hidden, false, role),
			b.linear(stem+"in_proj", m.inner()+m.channels()+m.heads, b.m.Hidden, m.bias, role, arch.SplitTP),
			b.convolution(stem+"conv1d", m.channels(), m.kernel, m.convBias),
			[]arch.Tensor{
				b.bias(stem+"A_log", m.heads, role, arch.SplitTP),
				b.bias(stem+"D", m.heads, role, arch.SplitTP),
				b.bias(stem+"dt_bias", m.heads, role, arch.SplitTP),
				b.bias(stem+"norm.weight", m.inner(), role, arch.SplitTP),
			},
			b.rowLinear(stem+"out_proj", b.m.Hidden, m.inner(), m.bias, role)),
	}
}
