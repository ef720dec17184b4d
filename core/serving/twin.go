package serving

import (
	"math"

	"moecost/core/arch"
	"moecost/core/format"
)

// TwinOf says in what a dense twin equals its MoE model.
type TwinOf uint8

// The twins.
const (
	EqualComputed TwinOf = iota // multiplies as much per token
	EqualResident               // holds as many weights
)

// Twin is the dense model that a mixture is compared with: the same attention
// and head, and in place of every MoE layer one feed-forward layer of as many elements as a
// token multiplies there, or as the layer holds, in the experts' number format.
func Twin(m *arch.Model, of TwinOf) *arch.Model {
	twin := *m
	twin.Name += " dense twin"
	twin.Blocks = make([]arch.Block, len(m.Blocks))
	for i := range m.Blocks {
		sublayers := make([]arch.Sublayer, len(m.Blocks[i].Sublayers))
		for j := range sublayers {
			s := &m.Blocks[i].Sublayers[j]
			sublayers[j] = *s
			if s.MoE != nil {
				sublayers[j] = denseInPlace(s, m.Hidden, of)
			}
		}
		twin.Blocks[i].Sublayers = sublayers
	}
	return &twin
}

func denseInPlace(s *arch.Sublayer, hidden int64, of TwinOf) arch.Sublayer {
	elements := 0.0
	for i := range s.Tensors {
		x := &s.Tensors[i]
		n := float64(x.Elements())
		switch {
		case x.Use != arch.Multiplied || x.Role == arch.Router:
		case x.Role == arch.RoutedExperts && of == EqualComputed:
			elements += n / float64(max(x.Copies, 1)) * s.MoE.ExpectedExperts()
		default:
			elements += n
		}
	}
	const matrices = 3 // gate, up, down
	inner := int64(math.Round(elements / float64(matrices*hidden)))
	f := storedIn(s, arch.RoutedExperts)
	if f.ID == "" {
		f = format.BF16
	}
	matrix := func(name string, out, in int64) arch.Tensor {
		return arch.Tensor{Name: name, Shape: []int64{out, in}, Copies: 1, Role: arch.DenseLayers, Use: arch.Multiplied, Split: arch.SplitTP, Stored: f}
	}
	return arch.Sublayer{Dense: &arch.Dense{Inner: inner}, Tensors: []arch.Tensor{
		matrix("gate_proj.weight", inner, hidden), matrix("up_proj.weight", inner, hidden), matrix("down_proj.weight", hidden, inner)}}
}
