package report

import (
	"math"
	"sync"

	"moecost/core/arch"
	"moecost/core/arch/preset"
	"moecost/core/serving"
)

// BoardBatches are the batches at which the experts of one layer are drawn.
var BoardBatches = []int64{1, 8, 64, 256}

// SizeCurve prices the load on 1, 2, 4 ... GPUs, to twice as many as it needs or
// has, and on the scenario's own number in its own layout.
func (r *Report) SizeCurve() []SizePoint {
	own := r.Scenario.GPUs
	most := min(2*max(own, r.Memory.MinGPUsEngine, 4), serving.MaxGPUs)
	var counts []int
	for n, before := 1, 0; n <= most; n, before = 2*n, n {
		if before < own && own < n {
			counts = append(counts, own)
		}
		counts = append(counts, n)
	}
	points := r.BySize(counts)
	for i := range points {
		if points[i].GPUs == own {
			points[i] = SizePoint{own, r.in.layout, r.Memory.PerGPU, r.Memory.Fits}
		}
	}
	return points
}

// Weights is everything of the model that the GPU holds.
func (p PerGPU) Weights() int64 {
	return p.RoutedExperts + p.SharedExperts + p.Dense + p.Attention + p.Embedding + p.Router + p.Padding + p.MTP + p.Vision
}

// Used is everything but what is free.
func (p PerGPU) Used() int64 { return p.Weights() + p.KV + p.Activation + p.Comm + p.Runtime }

// cacheLengths are the lengths of a cache curve: two to a doubling, so that the
// corner of a window shows, from 128 tokens to most.
func cacheLengths(most int64) []int64 {
	var out []int64
	for e := 14.0; ; e++ {
		n := int64(math.Round(math.Exp2(e / 2)))
		if n > most || e > 60 {
			return out
		}
		out = append(out, n)
	}
}

// Bytes is all that the sequence keeps.
func (p ContextPoint) Bytes() int64 { return p.CacheBytes + p.StateBytes }

// CacheCurve is what one sequence keeps against its length, to as long as the
// model goes.
func (r *Report) CacheCurve() []ContextPoint {
	most := r.Model.MaxContext
	if most == 0 {
		most = 1 << 17 // the config does not say: a common limit
	}
	return r.ByContext(cacheLengths(max(most, r.in.load.ReservedTokens())))
}

// Reference is the cache of a well-known model, for comparison.
type Reference struct {
	Name   string
	Points []ContextPoint
}

// referenceIDs stand for the kinds of cache: grouped heads of a dense model,
// grouped heads of an MoE, a latent, and windows.
var referenceIDs = []string{"llama-3.1-70b", "qwen3-235b-a22b", "deepseek-v3", "gpt-oss-120b"}

// References are the caches of other models in their own number format, at
// the lengths of CacheCurve.
func (r *Report) References() []Reference {
	var out []Reference
	for _, ref := range referenceCaches() {
		if ref.Name != r.Scenario.ModelName {
			out = append(out, ref)
		}
	}
	return out
}

var referenceCaches = sync.OnceValue(func() []Reference {
	var out []Reference
	for _, id := range referenceIDs {
		p, _ := preset.ByID(id)
		if reading, err := p.Reading(); err == nil {
			out = append(out, Reference{p.Name, cacheOf(reading.Model)})
		}
	}
	return out
})

func cacheOf(m *arch.Model) []ContextPoint {
	var out []ContextPoint
	for _, n := range cacheLengths(m.MaxContext) {
		out = append(out, ContextPoint{n, m.KVBytesPerSequence(n, m.Base), m.StateBytesPerSequence()})
	}
	return out
}

// Ratio is the resident weights for each active one.
func (p Published) Ratio() float64 { return float64(p.Total) / float64(p.Active) }
