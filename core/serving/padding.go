package serving

import (
	"math"

	"moecost/core/arch"
	"moecost/core/format"
	"moecost/core/hardware"
)

// padding is the matrices of a block's experts that kernels hold wider than the
// checkpoint has them: those in MXFP4.
type padding struct {
	matrices      share
	hidden, inner int64 // widths that an expert reads and works in
}

// paddingOf finds the MXFP4 experts of a sublayer.
func paddingOf(s *arch.Sublayer) (p padding, ok bool) {
	if s.MoE == nil {
		return p, false
	}
	p.hidden, p.inner = s.MoE.Hidden, s.MoE.Inner
	for i := range s.Tensors {
		t := &s.Tensors[i]
		if t.Role == arch.RoutedExperts && t.Use == arch.Multiplied && t.Stored.ID == format.MXFP4.ID {
			for _, more := range addShare(nil, *t, s) {
				more.bytes += p.matrices.bytes
				p.matrices = more
			}
		}
	}
	return p, p.matrices.bytes > 0
}

// The multiples that widths are rounded up to. vLLM's and SGLang's back ends of
// Blackwell and of AMD round both widths up to 256 (mxfp4.py of each, create_weights); the
// Triton kernels elsewhere round the inner width of a rank up to 64, and, measured on two models on
// H100, hold the other at multiples of 256 (assets/measurements/vllm_memory.csv).
const (
	wideMultiple  = 256
	innerMultiple = 64
)

// PaddingLine is equal layers whose experts are held wider than they are.
type PaddingLine struct {
	Layers           int64
	OnGPU            int64 // bytes of one layer on the fullest GPU, as they are
	Hidden, HiddenTo int64
	Inner, InnerTo   int64 // of the part of an expert that is on one GPU
}

// Bytes is what one layer takes more.
func (p PaddingLine) Bytes() int64 {
	wider := float64(p.HiddenTo) / float64(p.Hidden) * float64(p.InnerTo) / float64(p.Inner)
	return int64(math.Floor(float64(p.OnGPU) * (wider - 1)))
}

// line is one layer of the padding under a layout.
func (p *padding) line(gpu *hardware.Accelerator, l Layout, load Load) PaddingLine {
	multiple := int64(innerMultiple)
	switch gpu.Architecture {
	case "blackwell", "cdna3", "cdna4":
		multiple = wideMultiple
	}
	inner := ceilDiv(p.inner, int64(l.ExpertSplit()))
	return PaddingLine{Layers: 1, OnGPU: p.matrices.onOneGPU(l, load), Hidden: p.hidden, HiddenTo: roundUp(p.hidden, wideMultiple),
		Inner: inner, InnerTo: roundUp(inner, multiple)}
}

func roundUp(n, multiple int64) int64 { return ceilDiv(n, multiple) * multiple }

// Padding itemises what the kernels of an engine add to the experts of a stage. It
// serves derivations and may allocate.
func (f *Footprint) Padding(gpu *hardware.Accelerator, e *Engine, l Layout, load Load, stage int) []PaddingLine {
	var out []PaddingLine
	first, last := stageLayers(len(f.upTo)-1, l.PP, stage)
	for k := range f.kinds {
		if n := f.count(k, first, last); n > 0 && e.Pads {
			for i := range f.kinds[k].paddings {
				line := f.kinds[k].paddings[i].line(gpu, l, load)
				line.Layers = n
				out = append(out, line)
			}
		}
	}
	return out
}
