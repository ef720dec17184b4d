package report

import (
	"sync"

	"moecost/core/arch/preset"
	"moecost/core/serving"
)

// SizePoint is the ledger of one GPU in a deployment of another size.
type SizePoint struct {
	GPUs   int
	Layout serving.Layout // as it would be chosen for that number
	PerGPU PerGPU
	Fits   bool
}

// BySize prices the scenario's load on other numbers of GPUs, each in the
// layout that would be chosen for it. Numbers that no layout divides are left out.
func (r *Report) BySize(gpus []int) []SizePoint {
	in := &r.in
	var out []SizePoint
	for _, n := range gpus {
		l, _ := in.footprint.Choose(&in.gpu, &in.engine, in.load, serving.Layout{GPUs: n})
		if l.GPUs == 0 {
			continue
		}
		led := in.footprint.Ledger(&in.gpu, &in.engine, l, in.load)
		out = append(out, SizePoint{GPUs: n, Layout: l, PerGPU: perGPU(&led), Fits: led.Fits()})
	}
	return out
}

// ContextPoint is what one sequence keeps at one length.
type ContextPoint struct {
	Tokens     int64
	CacheBytes int64 // KV entries and index keys, one copy
	StateBytes int64
}

// ByContext is what one sequence keeps against its length.
func (r *Report) ByContext(tokens []int64) []ContextPoint {
	out := make([]ContextPoint, len(tokens))
	for i, n := range tokens {
		out[i] = ContextPoint{Tokens: n, CacheBytes: r.in.arch.KVBytesPerSequence(n, r.in.kv), StateBytes: r.Model.StateBytesPerSequence}
	}
	return out
}

// BatchPoint is what one decode step touches at one batch.
type BatchPoint struct {
	Batch               int64
	DistinctExperts     float64 // mean per MoE layer
	TouchedExpertsBytes float64
	TouchedBytes        float64
}

// ByBatch is what a decode step touches against the batch.
func (r *Report) ByBatch(batches []int64) []BatchPoint {
	out := make([]BatchPoint, len(batches))
	for i, b := range batches {
		other := Report{Model: r.Model, Memory: r.Memory, in: r.in}
		other.in.load.Batch = b
		other.in.coverage = r.in.cover(other.in.popular, other.in.load)
		d := other.decodeSection()
		out[i] = BatchPoint{b, d.DistinctExperts, d.TouchedExpertsBytes, d.TouchedBytes}
	}
	return out
}

// Popularity is the probability that one token chooses each expert of the
// representative MoE layer, most popular first; nil for a dense model. The
// slice is the report's: it must not be changed.
func (r *Report) Popularity() []float64 {
	var pi []float64
	layers := 0.0
	for _, l := range r.in.coverage.layers {
		if l.layers > layers {
			pi, layers = l.pi, l.layers
		}
	}
	return pi
}

// Published is one preset on the map of resident against active parameters.
type Published struct {
	ID, Name, Organisation string
	Dense                  bool
	Total, Active          int64 // parameters; active with embedding and head
	ExpertsPerLayer, TopK  int64
}

// AllPublished lists every preset that has a description. The slice is shared.
func AllPublished() []Published { return published() }

var published = sync.OnceValue(func() []Published {
	var out []Published
	for _, p := range preset.All() {
		if p.Kind == preset.Closed {
			continue // there is nothing to place on a map
		}
		n := p.Counted
		out = append(out, Published{
			ID: p.ID, Name: p.Name, Organisation: p.Organisation, Dense: p.Kind == preset.Dense,
			Total: n.Total, Active: n.Active, ExpertsPerLayer: n.Experts, TopK: n.TopK,
		})
	}
	return out
})
