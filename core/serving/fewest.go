package serving

import (
	"moecost/core/arch"
	"moecost/core/hardware"
)

// MaxGPUs is the largest deployment that is searched.
const MaxGPUs = 4096

// Sizing is a number of GPUs that fits, with the layout that does it.
type Sizing struct {
	GPUs   int // 0 if nothing up to MaxGPUs fits
	Layout Layout
}

// Fewest finds the smallest number of GPUs that holds weights and load in any
// layout that engines accept. Parts of pinned that are not 0 are kept.
func (f *Footprint) Fewest(m *arch.Model, gpu *hardware.Accelerator, e *Engine, load Load, pinned Layout) Sizing {
	return f.first(m, gpu, e, load, pinned, func(n int) int { return n + 1 })
}

// FewestInEngine finds the smallest number that an engine would be run on: a
// power of two inside a host of eight, whole hosts beyond it. Machines with
// unified memory are hosts of one.
func (f *Footprint) FewestInEngine(m *arch.Model, gpu *hardware.Accelerator, e *Engine, load Load, pinned Layout) Sizing {
	return f.first(m, gpu, e, load, pinned, func(n int) int {
		switch {
		case gpu.Unified:
			return n + 1
		case n < hostGPUs:
			return 2 * n
		default:
			return n + hostGPUs
		}
	})
}

func (f *Footprint) first(m *arch.Model, gpu *hardware.Accelerator, e *Engine, load Load, pinned Layout, next func(int) int) Sizing {
	bound := f.fewestPossible(gpu, e, load)
	for n := 1; n <= MaxGPUs; n = next(n) {
		if int64(n) < bound {
			continue
		}
		pinned.GPUs = n
		l, ok := f.Choose(m, gpu, e, load, pinned)
		if ok {
			return Sizing{n, l}
		}
	}
	return Sizing{}
}

// fewestPossible is a lower bound: weights that are divided without any copy.
func (f *Footprint) fewestPossible(gpu *hardware.Accelerator, e *Engine, load Load) int64 {
	usable := int64(float64(Visible(*gpu)) * e.Fraction)
	if e.NoWorkspace {
		usable = gpu.MemoryBytes
	}
	if usable <= 0 {
		return MaxGPUs + 1
	}
	return ceilDiv(f.weights, usable)
}

// Choose completes a layout for a number of GPUs, see the function Choose. It
// tells whether the layout that it returns fits; a zero layout means that
// engines accept none that agrees with the pinned parts.
func (f *Footprint) Choose(m *arch.Model, gpu *hardware.Accelerator, e *Engine, load Load, pinned Layout) (Layout, bool) {
	fits := func(l Layout) bool {
		led := f.Ledger(gpu, e, l, load)
		return led.Fits()
	}
	l, err := Choose(m, pinned, fits)
	return l, err == nil && fits(l)
}
