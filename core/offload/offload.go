// Package offload times the steps of a deployment whose experts do not all fit
// in GPU memory: some live in host memory, and below it on an NVMe drive.
//
// A step stays what core/serving makes of it with all experts in place, layer by layer; to that
// this package adds what a missing expert costs: a copy over the host link, the CPU that
// computes it instead, a read from the drive. Five policies say which of these happens and what it
// overlaps with. All are closed forms in expected values; Timeline runs the same step
// event by event, and a test keeps the two together.
//
// What is not modelled: several GPUs that share the host's memory bandwidth, experts in other number formats
// on the host, chance in how CPU and GPU divide a layer.
package offload

import (
	"sync"

	"moecost/core/offload/cache"
	"moecost/core/serving"
)

// Policy is what happens to an expert that a step needs and the GPU does not have.
type Policy uint8

// The policies.
const (
	OnDemand Policy = iota // it is copied when it is asked for; the GPU keeps nothing of it
	Cached                 // the same with a cache of experts on the GPU
	Prefetch               // and a predictor that starts to copy one layer ahead
	CPU                    // the CPU computes it, while the GPU computes those that it has
	Hybrid                 // of each layer, experts with many tokens are copied and the others computed by the CPU
	PolicyCount
)

var policyIDs = [PolicyCount]string{"on_demand", "cached", "prefetch", "cpu", "hybrid"}

// String is the policy's key in the report.
func (p Policy) String() string { return policyIDs[p] }

// Setting is where the experts are and what moves them.
type Setting struct {
	Host  float64 // share of the routed experts that GPUs do not keep for good, 0 to 1
	Cache float64 // slots on the GPUs for those, as a share of them, 0 to 1

	Evict cache.Policy
	Drift float64 // lognormal sigma by which popularity has moved since a hot list was made

	Recall  float64 // share of a layer's missing experts that are predicted a layer ahead, 0 to 1
	Waste   float64 // experts that are predicted and not needed, as a share of those needed
	Refetch bool    // copy after all what was not predicted; else the predicted experts run in its place

	Link float64 // bytes/s from host memory to one GPU; infinite: no copy is needed
	CPU  float64 // bytes/s at which the CPU reads experts, one token each; 0: it computes none
	NVMe float64 // bytes/s of the drive

	RAM     float64 // bytes of host memory for experts; 0: as many as needed
	Unified bool    // GPU and host share their memory: what does not fit is on the drive
	Mapped  float64 // bytes of the model's file, where an engine maps it into memory and puts whole layers on the CPU (llama.cpp); 0: it does not
}

// OnGPU is the share of the routed experts that GPUs hold, cache included.
func (s *Setting) OnGPU() float64 { return 1 - s.Host + s.Host*s.Cache }

// Plan is a deployment prepared for timing with experts elsewhere. It does not
// change after New and may be shared.
type Plan struct {
	Setting Setting
	timing  *serving.Timing
	order   serving.Order
	experts float64 // bytes of all routed experts
	fitted  Constants
	lists   *lists
}

// New prepares a deployment that is timed as if all experts were on its GPUs.
// experts is the bytes of all its routed experts.
func New(t *serving.Timing, experts float64, s Setting) *Plan {
	return &Plan{Setting: s, timing: t, order: t.Order(), experts: experts, fitted: Fitted(), lists: &lists{}}
}

// Use sets other constants, for fitting them.
func (p *Plan) Use(c Constants) { p.fitted = c }

// Time is one step under a policy, in seconds. Compute, Exposed, CPU and Drive
// add up to Seconds.
type Time struct {
	Seconds float64

	Compute float64 // the GPU works
	Hidden  float64 // copies while it does
	Exposed float64 // it waits for copies
	CPU     float64 // it waits for the CPU
	Drive   float64 // it waits for the drive

	HitRate    float64 // share of the experts asked for that GPUs have, mean over MoE layers
	Local      float64 // share of the work on routed experts that GPUs do
	LinkBytes  float64 // over the host link of the busiest GPU, wasted ones included
	CPUBytes   float64 // of experts that the CPU reads
	DriveBytes float64 // read from the drive
}

// Timing is the deployment with its experts elsewhere: decode steps under one policy, and
// prefill under another, which copies all experts of a layer while the layer before computes or, from CPU on, lets the CPU
// compute them, whichever is faster.
func (p *Plan) Timing(decode, prefill Policy) *serving.Timing {
	var known known
	return p.timing.Elsewhere(func(w serving.Work, s serving.Step) serving.Step {
		wait := known.get(w, func() waits {
			policy := decode
			if w.Prefill > 0 {
				policy = prefill
			}
			t := p.Time(policy, w)
			return waits{t.Local, t.Exposed + t.CPU + t.Drive}
		})
		return s.Elsewhere(wait.local, wait.seconds)
	})
}

// known keeps what was timed: curves, knees and searches ask for the same steps again and again.
type known struct {
	sync.Mutex
	waits map[serving.Work]waits
}

type waits struct{ local, seconds float64 }

// mostKnown bounds it.
const mostKnown = 1 << 10

func (k *known) get(w serving.Work, find func() waits) waits {
	k.Lock()
	defer k.Unlock()
	found, ok := k.waits[w]
	if !ok {
		if found = find(); k.waits == nil || len(k.waits) >= mostKnown {
			k.waits = map[serving.Work]waits{}
		}
		k.waits[w] = found
	}
	return found
}

// Time is one step under a policy.
func (p *Plan) Time(policy Policy, w serving.Work) Time {
	s := p.timing.Stack(w, p.order)
	if w.Prefill > 0 {
		return p.prefill(policy, &s)
	}
	return p.step(policy, &s)
}

// Times are all policies for one step. Without a CPU's rate CPU and Hybrid are the zero Time.
func (p *Plan) Times(w serving.Work) [PolicyCount]Time {
	var out [PolicyCount]Time
	s := p.timing.Stack(w, p.order)
	for policy := range PolicyCount {
		if w.Prefill > 0 {
			out[policy] = p.prefill(policy, &s)
		} else {
			out[policy] = p.step(policy, &s)
		}
	}
	return out
}
