package report

import (
	"math"
	"sync"

	"moecost/assets"
	"moecost/core/json"
	"moecost/core/offload/cache"
	"moecost/core/routing"
)

// HitPoint is the hit rate of GPU caches of one size, by policy in the order of cache.Policies.
type HitPoint struct {
	Share float64 // of all routed experts that GPUs have room for
	Rates [len(cache.Policies)]float64
}

// hitSteps is the points of the curve below a share of 1.
const hitSteps = 48

// traffic is what the scenario's steps ask the MoE layers of the representative kind for; false for a dense model.
func (r *Report) traffic() (cache.Traffic, bool) {
	moe := r.in.arch.MoE()
	if moe == nil || r.Model.MoELayers == 0 {
		return cache.Traffic{}, false
	}
	load := r.in.load
	return cache.Traffic{
		Coverage: r.in.memo.coverage(moe, r.in.popular), Sequences: float64(load.Batch), Each: float64(1 + load.Draft),
		Correlation: cache.DefaultCorrelation, Layers: int(r.Model.MoELayers), Drift: r.Scenario.Drift,
	}, true
}

// HitCurve is the hit rate of a cache of experts against its size, closely spaced where caches are
// small; nil for a dense model. cycle is the share that one step asks for, below which a global LRU never hits.
func (r *Report) HitCurve() (curve []HitPoint, cycle float64) {
	t, ok := r.traffic()
	if !ok {
		return nil, 0
	}
	for i := 1; i <= hitSteps; i++ {
		x := float64(i) / hitSteps
		curve = append(curve, r.hitPoint(t, x*math.Sqrt(x))) // more of them where caches are small
	}
	return curve, t.Cycle()
}

// HitsAt is the hit rates of caches of the given size; zero for a dense model.
func (r *Report) HitsAt(share float64) HitPoint {
	t, ok := r.traffic()
	if !ok {
		return HitPoint{Share: share}
	}
	return r.hitPoint(t, share)
}

func (r *Report) hitPoint(t cache.Traffic, share float64) HitPoint {
	p := HitPoint{Share: share}
	for i, policy := range cache.Policies {
		rate := 0.0
		if policy == cache.Static {
			rate = t.Answered(r.in.memo.list(t, share))
		} else {
			rate = t.HitRate(policy, share)
		}
		p.Rates[i] = min(max(rate, 0), 1)
	}
	return p
}

// hotLists are lists of one popularity, by share: steps of any size have them in common.
type hotLists struct {
	of    *routing.Coverage
	drift float64
	lists map[float64]*cache.List
}

// mostLists are kept: those of the curve, and some more.
const mostLists = 2 * hitSteps

func (m *memo) list(t cache.Traffic, share float64) *cache.List {
	m.Lock()
	defer m.Unlock()
	h := &m.hot
	if h.of != t.Coverage || h.drift != t.Drift || len(h.lists) >= mostLists {
		*h = hotLists{t.Coverage, t.Drift, map[float64]*cache.List{}}
	}
	if h.lists[share] == nil {
		h.lists[share] = cache.NewList(t.Coverage, share, t.Drift)
	}
	return h.lists[share]
}

// ReplaysCompare tells whether traces, which are of one sequence, are like what the scenario's
// steps ask for.
func (r *Report) ReplaysCompare() bool { return r.in.load.Batch == 1 && r.in.load.Draft == 0 }

// Replay is a recorded trace run through caches.
type Replay struct {
	cache.Curve
	Own bool // the reader's own, not one that moecost ships
}

// Replayed lists the traces that moecost ships and, last, the reader's own.
func (r *Report) Replayed() []Replay {
	out := shipped()
	if own := r.in.trace; own != nil {
		out = append(out[:len(out):len(out)], Replay{*own, true})
	}
	return out
}

var shipped = sync.OnceValue(func() []Replay {
	var curves []cache.Curve
	if err := json.Unmarshal([]byte(assets.Replays()), &curves); err != nil {
		panic("report: replay.json: " + err.Error()) // a test reads it
	}
	var out []Replay
	for _, c := range curves {
		out = append(out, Replay{Curve: c})
	}
	return out
})

// MemoryCurve is OffloadByMemory from the smallest GPU on which anything runs to one that
// holds all experts, or four times the scenario's; nil if nothing is offloaded.
func (r *Report) MemoryCurve() []MemoryPoint {
	if r.Offload == nil || r.in.gpu.Unified {
		return nil
	}
	var sizes []float64
	for size := 4e9; size <= 4*float64(r.Memory.GPUBytes); size *= 1.189207115002721 { // 2^(1/4)
		sizes = append(sizes, size)
	}
	var out []MemoryPoint
	for _, p := range r.OffloadByMemory(sizes) {
		if p.Fits {
			out = append(out, p)
		}
		if p.OnGPU >= 1 {
			break
		}
	}
	return out
}

// OffloadRate is the output tokens per second of the chosen policy, all users; 0 if nothing is offloaded.
func (r *Report) OffloadRate() float64 {
	if r.Offload == nil {
		return 0
	}
	a := &r.in.away
	t := a.times[a.policy]
	return r.policyTime(a.policy, &t, a.batch).TokensPerS
}

// ReplayedShares are the sizes of a Replay's caches, as shares of all experts.
func ReplayedShares() []float64 { return cache.Shares[:] }
