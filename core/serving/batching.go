package serving

import (
	"math"

	"moecost/core/arch"
	"moecost/core/format"
)

// SaturationTokens is how many tokens a step must hold for its experts to be
// bound by arithmetic instead of by reading them, at peak figures and uniform routing:
// per expert peak x bytes per element / (2 x bandwidth), times experts over top-k. 0 for a
// dense model. For an H100 it is about 295 E/k.
func SaturationTokens(d *Deployment) float64 {
	for i := range d.Model.Blocks {
		for j := range d.Model.Blocks[i].Sublayers {
			s := &d.Model.Blocks[i].Sublayers[j]
			if s.MoE == nil || s.MoE.TopK == 0 {
				continue
			}
			f := storedIn(s, arch.RoutedExperts)
			_, peak := d.GPU.Peaks.Used(f.Arithmetic)
			perExpert := peak * f.BitsPerElement() / 8 / (2 * d.GPU.BandwidthBytesPerSecond)
			return perExpert * float64(s.MoE.Experts) / s.MoE.ExpectedExperts()
		}
	}
	return 0
}

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
