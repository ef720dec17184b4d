package serving

import (
	"math"

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
func (f *Footprint) Fewest(gpu *hardware.Accelerator, e *Engine, load Load, pinned Layout) Sizing {
	return f.first(gpu, e, load, pinned, func(n int) int { return n + 1 })
}

// FewestInEngine finds the smallest number that an engine would be run on: a
// power of two inside a host of eight, whole hosts beyond it. Machines with
// unified memory are hosts of one.
func (f *Footprint) FewestInEngine(gpu *hardware.Accelerator, e *Engine, load Load, pinned Layout) Sizing {
	return f.first(gpu, e, load, pinned, func(n int) int {
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

func (f *Footprint) first(gpu *hardware.Accelerator, e *Engine, load Load, pinned Layout, next func(int) int) Sizing {
	bound := f.fewestPossible(gpu, e, load)
	for n := 1; n <= MaxGPUs; n = next(n) {
		if int64(n) < bound {
			continue
		}
		pinned.GPUs = n
		l, ok := f.Choose(gpu, e, load, pinned)
		if ok {
			return Sizing{n, l}
		}
	}
	return Sizing{}
}

// fewestPossible is a lower bound, so that hopeless sizes are not searched:
// weights and cache divided without any copy, beside the workspace that every GPU has.
func (f *Footprint) fewestPossible(gpu *hardware.Accelerator, e *Engine, load Load) int64 {
	usable := gpu.MemoryBytes - e.runtime(gpu, max(e.Fraction, e.Raised)).Bytes()
	if !e.NoWorkspace {
		usable -= e.sequences(gpu) * f.vocabulary * e.SamplerBytes
	}
	if usable <= 0 {
		return MaxGPUs + 1
	}
	one := Layout{GPUs: 1, TP: 1, PP: 1, EP: 1, DP: 1}
	needed := float64(f.weights-f.experts) + float64(f.experts)*load.OnGPU()
	for k := range f.kinds {
		kv, index, state := f.kinds[k].perSequence(one, load.ReservedTokens())
		layers := f.count(k, 0, len(f.upTo)-1)
		needed += float64(load.Batch) * float64(layers) * float64(kv+index+state)
	}
	return int64(min(math.Ceil(needed/float64(usable)), MaxGPUs+1))
}

// Choose completes a layout for a number of GPUs, see the function Choose. It
// tells whether the layout that it returns fits; a zero layout means that
// engines accept none that agrees with the pinned parts.
func (f *Footprint) Choose(gpu *hardware.Accelerator, e *Engine, load Load, pinned Layout) (Layout, bool) {
	var first, found Layout
	candidates(len(f.upTo)-1, f.rules.experts, pinned, func(l Layout) bool {
		if !f.Accepts(l) {
			return true
		}
		if first.GPUs == 0 {
			first = l
		}
		if led := f.Ledger(gpu, e, l, load); led.Fits() {
			found = l
		}
		return found.GPUs == 0
	})
	if found.GPUs > 0 {
		return found, true
	}
	return first, false
}
