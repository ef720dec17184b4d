package report

import (
	"moecost/core/offload"
	"moecost/core/serving"
)

// PolicyTime is a decode step under one policy, in seconds. Compute, Exposed, CPU and Drive add
// up to Step; Hidden runs beside Compute.
type PolicyTime struct {
	_ [0]func() // no == for it: docs/size.md

	Policy offload.Policy
	ID     string // "on_demand", "cached", "prefetch", "cpu", "hybrid"
	Name   string // "copied on demand"

	Step, Low, High float64 // with its 80 % range
	Compute         float64 // the GPU works
	Hidden          float64 // copies while it does
	Exposed         float64 // it waits for copies
	CPU             float64 // it waits for the CPU
	Drive           float64 // it waits for the drive

	TokensPerS   float64
	LinkBytes    float64 // of a step
	CPUBytes     float64
	DriveBytes   float64
	Best, Chosen bool
}

// policyNames are the policies as the page says them.
var policyNames = [offload.PolicyCount]string{"copied on demand", "copied, with a cache", "prefetched", "computed by the CPU", "hybrid"}

// OffloadTimes are the policies that can be timed, in the order of offload.Policy; nil if all
// experts are on the GPUs.
func (r *Report) OffloadTimes() []PolicyTime {
	if r.Offload == nil {
		return nil
	}
	var out []PolicyTime
	for p := range offload.PolicyCount {
		if t := r.in.away.times[p]; t.Seconds > 0 {
			x := r.policyTime(p, &t, r.in.away.batch)
			x.Best, x.Chosen = p == r.in.away.best, p == r.in.away.policy
			out = append(out, x)
		}
	}
	return out
}

func (r *Report) policyTime(p offload.Policy, t *offload.Time, batch int64) PolicyTime {
	c := &r.in.clock
	f := c.scale()
	within := c.predict(c.class, t.Seconds, c.factor.Decode)
	return PolicyTime{
		Policy: p, ID: p.String(), Name: policyNames[p],
		Step: f * t.Seconds, Low: within.Low, High: within.High,
		Compute: f * t.Compute, Hidden: f * t.Hidden, Exposed: f * t.Exposed, CPU: f * t.CPU, Drive: f * t.Drive,
		TokensPerS: float64(batch) * c.perStep / (f * t.Seconds),
		LinkBytes:  t.LinkBytes, CPUBytes: t.CPUBytes, DriveBytes: t.DriveBytes,
	}
}

// OffloadTimeline is the first MoE layers of a decode step under a policy, as events on the
// streams of GPU, link and CPU; pieces of no length are left out. Nil if all experts are on the GPUs.
func (r *Report) OffloadTimeline(p offload.Policy, layers int) []offload.Event {
	if r.Offload == nil {
		return nil
	}
	f := r.in.clock.scale()
	var out []offload.Event
	for _, e := range r.in.away.plan.Timeline(p, r.in.away.work) {
		if e.Layer < layers && e.End > e.Start {
			e.Start, e.End = f*e.Start, f*e.End
			out = append(out, e)
		}
	}
	return out
}

// SavingPoint is what prefetching saves at one ratio of copying to computing.
type SavingPoint struct {
	Ratio    float64 // seconds of copies over seconds of the GPU's work, without prefetching
	Saving   float64 // share of the step, as the scenario treats misses
	Executed float64 // if predicted experts are executed, right or wrong
	Refetch  float64 // if missed ones are copied after all
	Ceiling  float64 // min(copy, compute) / (copy + compute)
}

// The ratios of the curve: 1/16 to 64, four to a doubling.
const (
	smallestRatio = 1.0 / 16
	ratioSteps    = 40
)

// OffloadSavings is the saving against the ratio of copying to computing, for a model of equal
// layers; own is the scenario's. Zero if all experts are on the GPUs.
func (r *Report) OffloadSavings() (curve []SavingPoint, own SavingPoint) {
	if r.Offload == nil {
		return nil, own
	}
	recall := r.Scenario.Recall
	ratio := smallestRatio
	for range ratioSteps + 1 {
		p := SavingPoint{Ratio: ratio, Ceiling: min(1, ratio) / (1 + ratio)}
		p.Executed = 1 - max(1, ratio)/(1+ratio)
		p.Refetch = 1 - (max(1, ratio)+(1-recall)*ratio)/(1+ratio)
		p.Saving = p.Executed
		if r.Scenario.Refetch {
			p.Saving = p.Refetch
		}
		curve = append(curve, p)
		ratio *= 1.189207115002721 // 2^(1/4)
	}
	a := &r.in.away
	cached := a.times[offload.Cached]
	copied := cached.Exposed + cached.Drive
	own = SavingPoint{Ratio: copied / cached.Compute, Saving: r.Offload.Saving, Ceiling: r.Offload.Ceiling}
	for _, refetch := range []bool{false, true} {
		s := a.plan.Setting
		s.Refetch = refetch
		saving := 1 - offload.New(a.resident, float64(r.in.bytes.experts), s).Time(offload.Prefetch, a.work).Seconds/cached.Seconds
		if refetch {
			own.Refetch = saving
		} else {
			own.Executed = saving
		}
	}
	return curve, own
}

// SavingAxis is what the saving is drawn against.
type SavingAxis uint8

// The axes.
const (
	SavingByCache SavingAxis = iota
	SavingByRecall
	SavingByContext
	SavingByBatch
	SavingByBits // of an expert's weight over the link: 16, 8, 4
)

// AxisPoint is what prefetching saves with one thing changed.
type AxisPoint struct {
	X      float64 // the cache's share, the recall, tokens, sequences, or bits
	Saving float64 // share of the step without prefetching
	Step   float64 // seconds with it
}

// OffloadSavingBy is the saving with one thing changed; nil if all experts are on the GPUs.
func (r *Report) OffloadSavingBy(axis SavingAxis, xs []float64) []AxisPoint {
	if r.Offload == nil {
		return nil
	}
	a := &r.in.away
	out := make([]AxisPoint, len(xs))
	for i, x := range xs {
		s, w, experts := a.plan.Setting, a.work, float64(r.in.bytes.experts)
		switch axis {
		case SavingByCache:
			s.Cache = x
		case SavingByRecall:
			s.Recall, s.Waste = x, 1-x
		case SavingByContext:
			w.Context = x
		case SavingByBatch:
			w.Decode = x
		case SavingByBits: // the link carries fewer bytes, and the GPU reads fewer: here the link's part
			s.Link *= r.bitsOfExperts() / x
		}
		p := offload.New(a.resident, experts, s)
		with, without := p.Time(offload.Prefetch, w).Seconds, p.Time(offload.Cached, w).Seconds
		out[i] = AxisPoint{X: x, Saving: 1 - with/without, Step: with * r.in.clock.scale()}
	}
	return out
}

// bitsOfExperts is what an element of a routed expert takes, scales included.
func (r *Report) bitsOfExperts() float64 {
	return 8 * float64(r.in.bytes.experts) / float64(r.Model.ExpertParams)
}

// MemoryPoint is the machine with another amount of GPU memory.
type MemoryPoint struct {
	_ [0]func() // no == for it: docs/size.md

	Bytes      float64 // of one GPU
	Fits       bool    // the load, with experts in host memory as needed
	Host       float64 // share of the experts in host memory
	Cache      float64 // of these, slots on the GPUs
	OnGPU      float64 // share of the experts on GPUs
	HitRate    float64
	TokensPerS [offload.PolicyCount]float64 // 0: not possible
	Best       float64
}

// OffloadByMemory is the output rate against the memory of a GPU that is otherwise the
// scenario's: everything beside experts comes first, what is left caches them. Nil if nothing is offloaded.
func (r *Report) OffloadByMemory(bytes []float64) []MemoryPoint {
	in, a := &r.in, &r.in.away
	if r.Offload == nil {
		return nil
	}
	load := in.load
	load.Batch = a.batch
	if load.Host < 1 {
		load.Host = 1
	}
	out := make([]MemoryPoint, len(bytes))
	for i, b := range bytes {
		gpu := in.gpu
		gpu.MemoryBytes = int64(b)
		p := MemoryPoint{Bytes: b, Host: 1}
		load.Cache = 0
		led := in.footprint.Ledger(&gpu, &in.engine, in.layout, load)
		if p.Fits = led.Fits(); p.Fits {
			p.Cache = offload.FitCache(in.footprint, &gpu, &in.engine, in.layout, load)
			p.OnGPU = p.Cache
			s := a.plan.Setting
			s.Host, s.Cache = 1, p.Cache
			times := offload.New(a.resident, float64(in.bytes.experts), s).Times(a.work)
			for policy := range offload.PolicyCount {
				if t := &times[policy]; t.Seconds > 0 {
					p.TokensPerS[policy] = float64(a.batch) * in.clock.perStep / (t.Seconds * in.clock.scale())
					p.HitRate = max(p.HitRate, t.HitRate)
				}
			}
			p.Best = p.TokensPerS[offload.Best(&times, r.allowed(r.Scenario.Experts))]
		}
		out[i] = p
	}
	return out
}

// residentStep is the decode step with all experts on the GPUs.
func (r *Report) residentStep() serving.Step { return r.in.away.resident.Resident(r.in.away.work) }
