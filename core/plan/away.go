package plan

import (
	"moecost/core/arch"
	"moecost/core/offload"
	"moecost/core/offload/cache"
	"moecost/core/serving"
)

// Where the link gives the host's memory, deployments of few GPUs may keep experts there.
const mostAway = 4 // GPUs of a copy

// rooms are the sequences for which the GPUs keep room beside the experts that stay on them.
var rooms = []int64{1, 4, 16}

// defaultNVMe is what a PCIe 4.0 x4 drive is sold with, bytes/s.
const defaultNVMe = 7e9

// addAway adds shapes whose experts are in host memory, of layouts that cannot hold all of them: with llama.cpp as few
// as make room, computed by the CPU; else all, with as large a cache of them on the GPUs as fits.
func (s *Search) addAway(c *candidate, l serving.Layout) {
	ask := &s.q.Scenario
	if ask.RAM <= 0 || c.experts == 0 || l.GPUs > mostAway || l.DP > 1 || l.EP > 1 || c.gpu.Unified {
		return
	}
	load := serving.Load{Batch: 1, Prompt: int64(s.t.prompt), Output: s.t.running, Chunk: chunks[0]}
	if led := c.footprint.Ledger(&c.gpu, &c.engine, l, load); led.Fits() {
		return
	}
	for _, room := range rooms {
		load.Batch, load.Host, load.Cache = room, 1, 0
		if c.engine.ID == "llamacpp" {
			load.Host = offload.FitHost(c.footprint, &c.gpu, &c.engine, l, load)
		} else {
			load.Cache = offload.FitCache(c.footprint, &c.gpu, &c.engine, l, load)
		}
		led := c.footprint.Ledger(&c.gpu, &c.engine, l, load)
		if load.Host > 0 && led.Fits() {
			s.shapes = append(s.shapes, &shape{of: c, layout: l, host: load.Host, cache: load.Cache})
		}
	}
}

// moveAway is the timing of a shape with experts in host memory, under the policy that is the fastest with a few sequences;
// nil if the host's link is not known.
func (s *Search) moveAway(h *shape, t *serving.Timing) *serving.Timing {
	c, ask, host := h.of, &s.q.Scenario, h.of.gpu.Host()
	set := offload.Setting{
		Host: h.host, Cache: h.cache, Evict: cache.Policy(ask.Evict), Drift: ask.Drift,
		Recall: ask.Recall, Waste: 1 - ask.Recall, Refetch: ask.Refetch,
		Link: host.LinkBytesPerSecond, CPU: host.CPUBytesPerSecond, NVMe: defaultNVMe, RAM: ask.RAM * 1e9,
	}
	for _, given := range []struct {
		rate float64
		to   *float64
	}{{ask.Link, &set.Link}, {ask.CPU, &set.CPU}, {ask.NVMe, &set.NVMe}} {
		if given.rate > 0 {
			*given.to = given.rate * 1e9
		}
	}
	if set.Link == 0 {
		return nil
	}
	if c.engine.ID == "llamacpp" {
		set.Mapped = float64(c.model.WeightBytes().Bytes() + c.model.VisionBytes().Bytes())
	}
	experts := c.model.WeightBytesByRole()[arch.RoutedExperts]
	p := offload.New(t, float64(experts.Bytes()), set)
	times := p.Times(serving.Work{Decode: 4, Context: s.t.context})
	prefill := offload.Best(&times, s.allowed(p))
	decode := prefill
	if hybrid := times[offload.Hybrid].Seconds; hybrid > 0 && hybrid <= times[decode].Seconds*(1+1e-12) && s.allowed(p)(offload.Hybrid) {
		decode = offload.Hybrid
	}
	return p.Timing(decode, prefill)
}

// allowed tells which policies engine and link leave, as core/report does.
func (s *Search) allowed(plan *offload.Plan) func(offload.Policy) bool {
	ask := &s.q.Scenario
	way, local := ask.Experts, ask.Engine == "llamacpp"
	return func(p offload.Policy) bool {
		switch p {
		case offload.OnDemand:
			return false
		case offload.CPU:
			return way == "" || way == "cpu"
		case offload.Hybrid:
			return way == "hybrid" || way == "" && !local
		case offload.Prefetch:
			if ask.Prefetch == "none" {
				return false
			}
		}
		return way == "copy" || way == "" && (!local || !plan.Computes())
	}
}
