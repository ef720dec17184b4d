package report

import (
	"math"
	"sync"

	"moecost/core/arch"
	"moecost/core/arch/preset"
	"moecost/core/serving"
)

// SizePoint is the same scenario on another number of GPUs, in the layout that
// would be chosen there.
type SizePoint struct {
	GPUs    int
	Layout  serving.Layout
	Weights int64 // on the fullest GPU, drafting modules and vision included
	Cache   int64 // KV, index keys and recurrent state
	Used    int64 // everything but what is free
	Fits    bool
	Chosen  bool // the scenario's own number
}

// BySize lays the scenario out on 1, 2, 4 ... GPUs, to twice as many as it
// needs or has, and on its own number. Counts that no layout works for are left out.
func (r *Report) BySize() []SizePoint {
	in := &r.in
	most := 2 * max(r.Scenario.GPUs, r.Memory.MinGPUsEngine, 4)
	var counts []int
	for n := 1; n <= min(most, serving.MaxGPUs); n *= 2 {
		if own := r.Scenario.GPUs; n > own && (len(counts) == 0 || counts[len(counts)-1] < own) {
			counts = append(counts, own)
		}
		counts = append(counts, n)
	}
	var out []SizePoint
	for _, n := range counts {
		layout := in.layout
		if n != r.Scenario.GPUs {
			layout, _ = in.footprint.Choose(in.model, &in.gpu, &in.engine, in.load, serving.Layout{GPUs: n})
			if layout.GPUs != n {
				continue
			}
		}
		led := in.footprint.Ledger(&in.gpu, &in.engine, layout, in.load)
		out = append(out, SizePoint{
			GPUs: n, Layout: layout,
			Weights: led.WeightBytes() + led.MTP + led.Vision, Cache: led.CacheBytes(),
			Used: led.Capacity - led.Free, Fits: led.Fits(), Chosen: n == r.Scenario.GPUs,
		})
	}
	return out
}

// CachePoint is what one sequence keeps at a length.
type CachePoint struct {
	Tokens int64
	Bytes  int64
}

// CacheByLength is what one sequence of this scenario's model keeps, whole
// model and one copy, at 2^7 to 2^20 tokens or as long as the model goes.
func (r *Report) CacheByLength() []CachePoint {
	most := r.Model.MaxContext
	if most == 0 {
		most = 1 << 17
	}
	most = max(most, r.in.load.ReservedTokens())
	return cacheByLength(r.in.model, most, func(n int64) int64 {
		return r.in.model.KVBytesPerSequence(n, r.in.kv)
	})
}

func cacheByLength(m *arch.Model, most int64, kv func(int64) int64) []CachePoint {
	var out []CachePoint
	state := m.StateBytesPerSequence()
	// Two points per doubling, so that a window's corner shows.
	for e := 14.0; e <= 40; e++ {
		n := int64(math.Round(math.Exp2(e / 2)))
		if n > most {
			break
		}
		out = append(out, CachePoint{n, kv(n) + state})
	}
	return out
}

// Reference is the cache of a well-known model, for comparison.
type Reference struct {
	Name   string
	Points []CachePoint
}

// references stand for the kinds of cache: grouped heads of a dense model,
// grouped heads of an MoE, a latent, and windows.
var references = []string{"llama-3.1-70b", "qwen3-235b-a22b", "deepseek-v3", "gpt-oss-120b"}

// References are the caches of other models in their own default format, at
// the lengths that they were made for.
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
	for _, id := range references {
		p, ok := preset.ByID(id)
		if !ok {
			continue
		}
		reading, err := p.Reading()
		if err != nil {
			continue
		}
		m := reading.Model
		out = append(out, Reference{p.Name, cacheByLength(m, m.MaxContext, func(n int64) int64 {
			return m.KVBytesPerSequence(n, m.Base)
		})})
	}
	return out
})

// ModelPoint is a preset on the map of resident against active weights.
type ModelPoint struct {
	ID, Name, Organisation string
	Dense                  bool
	Total, Active          float64 // parameters; active with embedding and head
}

// ModelPoints are all presets whose config is known.
func ModelPoints() []ModelPoint { return modelPoints() }

var modelPoints = sync.OnceValue(func() []ModelPoint {
	var out []ModelPoint
	for _, p := range preset.All() {
		if p.Kind == preset.Closed {
			continue
		}
		reading, err := p.Reading()
		if err != nil {
			continue // the preset's own tests fail on this
		}
		m := reading.Model
		out = append(out, ModelPoint{
			ID: p.ID, Name: p.Name, Organisation: p.Organisation, Dense: p.Kind == preset.Dense,
			Total: float64(m.TotalParams()), Active: float64(m.ActiveParams(arch.WithEmbeddingAndHead)),
		})
	}
	return out
})
