package report

import (
	"math"

	"moecost/core/offload"
	"moecost/core/offload/cache"
	"moecost/core/scenario"
	"moecost/core/serving"
)

// Offload is where the routed experts live when they are not all on the GPUs, and the
// time of a decode step by what is done about it. Times are of steps alone, as decode.step_s.
type Offload struct {
	_ [0]func() // no == for it: docs/size.md

	Batch int64 `json:"batch"` // sequences that the times are of: the scenario's, or as many of them as fit

	GPUShare   float64 `json:"gpu_share"`   // of the routed experts, cache included
	HostShare  float64 `json:"host_share"`  // in host memory; what GPUs cache has its copy there
	DriveShare float64 `json:"drive_share"` // that host memory should hold and has no room for
	HostBytes  float64 `json:"host_bytes"`  // what the host should hold
	DriveBytes float64 `json:"drive_bytes"`
	CPULayers  int64   `json:"n_cpu_moe,omitempty"` // with llama.cpp: MoE layers whose experts the CPU computes (--n-cpu-moe)
	CacheFits  float64 `json:"cache_fits"`          // the largest cache that fits, as a share of the experts in host memory

	Resident float64 `json:"resident_s"` // if all experts were on the GPUs
	OnDemand float64 `json:"on_demand_s"`
	Cached   float64 `json:"cached_s"`
	Prefetch float64 `json:"prefetch_s"`
	CPU      float64 `json:"cpu_s,omitempty"` // absent if the rate of the CPU is not known
	Hybrid   float64 `json:"hybrid_s,omitempty"`

	Best    string  `json:"best"`     // the fastest that the engine and the scenario's predictor allow
	Chosen  string  `json:"chosen"`   // what all other times of the report rest on
	Saving  float64 `json:"saving"`   // of prefetching, as a share of the time without it
	Ceiling float64 `json:"ceiling"`  // of that saving: the smaller of computing and copying, over both
	HitRate float64 `json:"hit_rate"` // share of the experts asked for that GPUs have

	TokensPerS Rates `json:"tokens_per_s"` // output tokens per second of all users, steps alone

	// Under the chosen policy, per output token.
	LinkBytesPerToken  float64 `json:"link_bytes_per_token"`
	CPUBytesPerToken   float64 `json:"cpu_bytes_per_token"`
	DriveBytesPerToken float64 `json:"drive_bytes_per_token"`
	Pages              bool    `json:"pages"` // steps read the drive
}

// Rates is one rate for each policy.
type Rates struct {
	OnDemand float64 `json:"on_demand"`
	Cached   float64 `json:"cached"`
	Prefetch float64 `json:"prefetch"`
	CPU      float64 `json:"cpu,omitempty"`
	Hybrid   float64 `json:"hybrid,omitempty"`
}

// away is the deployment with experts elsewhere.
type away struct {
	chosenHost   bool // the shares are moecost's choice
	resident     *serving.Timing
	plan         *offload.Plan
	host         hostRates
	policy, best offload.Policy
	batch        int64
	work         serving.Work
	times        [offload.PolicyCount]offload.Time
	cacheFits    float64
}

// hostRates are the rates in use, and whether the scenario gives them.
type hostRates struct {
	name                           string
	link, cpu, nvme                float64
	linkGiven, cpuGiven, nvmeGiven bool
	sources                        string
}

// defaultNVMe is what a PCIe 4.0 x4 drive is sold with, bytes/s.
const defaultNVMe = 7e9

// offloadShares decides where experts go if the scenario gives the host's memory and leaves it
// open: on the GPUs if they fit, else all in host memory, with a cache of them on the GPUs as large as fits.
func (r *Report) offloadShares(ask scenario.Scenario) {
	in := &r.in
	if ask.RAM <= 0 || ask.Host > 0 || in.bytes.experts == 0 || ask.GPUs == 0 && ask.TP+ask.PP+ask.EP+ask.DP > 0 {
		return
	}
	pinned := serving.Layout{GPUs: max(ask.GPUs, 1), TP: ask.TP, PP: ask.PP, EP: ask.EP, DP: ask.DP}
	if _, fits := in.footprint.Choose(&in.gpu, &in.engine, in.load, pinned); fits {
		return
	}
	in.away.chosenHost = true
	in.load.Host, in.load.Cache = 1, 0
}

// fillCache makes the cache as large as fits, once the layout is known.
func (r *Report) fillCache() {
	in := &r.in
	if in.load.Host == 0 || in.layout.GPUs == 0 {
		return
	}
	in.away.cacheFits = offload.FitCache(in.footprint, &in.gpu, &in.engine, in.layout, in.load)
	if in.away.chosenHost {
		in.load.Cache = in.away.cacheFits
	}
}

// rates are the scenario's, or those of the host that the accelerator is taken to be in.
func (r *Report) rates() hostRates {
	h, s := r.in.gpu.Host(), &r.Scenario
	out := hostRates{name: h.Name, link: h.LinkBytesPerSecond, cpu: h.CPUBytesPerSecond, nvme: defaultNVMe}
	for _, source := range h.Sources {
		out.sources = source.Address
	}
	if s.Link > 0 {
		out.link, out.linkGiven = s.Link*1e9, true
	}
	if s.CPU > 0 {
		out.cpu, out.cpuGiven = s.CPU*1e9, true
	}
	if s.NVMe > 0 {
		out.nvme, out.nvmeGiven = s.NVMe*1e9, true
	}
	return out
}

// setting is the scenario's, for core/offload.
func (r *Report) setting() offload.Setting {
	in, s, h := &r.in, &r.Scenario, &r.in.away.host
	out := offload.Setting{
		Host: in.load.Host, Cache: in.load.Cache, Evict: cache.Policy(s.Evict), Drift: s.Drift,
		Recall: s.Recall, Waste: 1 - s.Recall, Refetch: s.Refetch, // as many are predicted as are needed
		Link: h.link, CPU: h.cpu, NVMe: h.nvme, RAM: s.RAM * 1e9, Unified: in.gpu.Unified,
	}
	if in.engine.ID == "llamacpp" {
		out.Mapped = float64(in.bytes.weights.Bytes() + in.bytes.vision)
	}
	return out
}

// moveAway prepares the deployment with experts elsewhere and chooses the policy. It returns the
// timing that everything else rests on; nil if the host's link is not known.
func (r *Report) moveAway(t *serving.Timing) *serving.Timing {
	in := &r.in
	a := &in.away
	a.host = r.rates()
	if a.host.link == 0 && !in.gpu.Unified {
		return nil
	}
	a.resident, a.plan = t, offload.New(t, float64(in.bytes.experts), r.setting())
	load := in.load
	load.Batch = max(min(load.Batch, r.Memory.MaxBatch), 1)
	if r.Memory.Fits {
		load.Batch = in.load.Batch
	}
	a.batch, a.work = load.Batch, t.DecodeWork(load)
	a.times = a.plan.Times(a.work)
	a.best = offload.Best(&a.times, r.allowed(""))
	a.policy = offload.Best(&a.times, r.allowed(r.Scenario.Experts))
	return a.plan.Timing(r.dividing(), a.policy)
}

// dividing is the policy of steps of other sizes than the scenario's: dividing each layer anew where the scenario leaves the
// policy open, and that is no slower at its own load. For hybrid divides as the others do where that is best.
func (r *Report) dividing() offload.Policy {
	a := &r.in.away
	chosen, hybrid := a.times[a.policy].Seconds, a.times[offload.Hybrid].Seconds
	if hybrid > 0 && hybrid <= chosen*(1+1e-12) && r.allowed(r.Scenario.Experts)(offload.Hybrid) {
		return offload.Hybrid
	}
	return a.policy
}

// allowed tells which policies the engine and the scenario leave: llama.cpp computes on the
// CPU unless it is told to copy, and nothing is prefetched without a predictor.
func (r *Report) allowed(way string) func(offload.Policy) bool {
	s, engine := &r.Scenario, r.in.engine.ID
	return func(p offload.Policy) bool {
		switch p {
		case offload.OnDemand: // a cache of nothing is the same
			return false
		case offload.CPU:
			return way == "" || way == "cpu"
		case offload.Hybrid:
			return way == "hybrid" || way == "" && engine != "llamacpp"
		case offload.Prefetch:
			if s.Prefetch == "none" {
				return false
			}
		}
		return way == "copy" || way == "" && (engine != "llamacpp" || !r.in.away.plan.Computes())
	}
}

// offloadSection fills in what is known of experts elsewhere; nil if all are on the GPUs, or
// not even one sequence fits.
func (r *Report) offloadSection() *Offload {
	in, a := &r.in, &r.in.away
	if a.plan == nil || r.Memory.MaxBatch == 0 && !r.Memory.Fits {
		return nil
	}
	factor := in.clock.scale()
	chosen := &a.times[a.policy]
	tokens := float64(a.batch) * in.clock.perStep
	o := &Offload{
		Batch: a.batch, GPUShare: in.load.OnGPU(), HostShare: in.load.Host, CacheFits: a.cacheFits, HostBytes: float64(in.bytes.experts) * in.load.Host,
		Resident: a.resident.Resident(a.work).Seconds * factor,
		OnDemand: a.times[offload.OnDemand].Seconds * factor, Cached: a.times[offload.Cached].Seconds * factor,
		Prefetch: a.times[offload.Prefetch].Seconds * factor, CPU: a.times[offload.CPU].Seconds * factor, Hybrid: a.times[offload.Hybrid].Seconds * factor,
		Best: a.best.String(), Chosen: a.policy.String(), HitRate: chosen.HitRate,
		LinkBytesPerToken: chosen.LinkBytes / tokens, CPUBytesPerToken: chosen.CPUBytes / tokens, DriveBytesPerToken: chosen.DriveBytes / tokens,
		Pages: chosen.DriveBytes > 0,
	}
	o.DriveShare = a.plan.Paged()
	o.DriveBytes = o.DriveShare * float64(in.bytes.experts)
	if in.gpu.Unified {
		o.HostShare, o.HostBytes = 0, 0
	}
	if a.plan.Setting.Mapped > 0 && a.plan.Computes() {
		o.CPULayers = int64(math.Ceil((1-in.load.OnGPU())*float64(r.Model.MoELayers) - 1e-9))
	}
	o.Saving = 1 - o.Prefetch/o.Cached
	wait := o.Cached - o.Resident
	o.Ceiling = min(wait, o.Resident) / o.Cached
	rate := func(seconds float64) float64 {
		if seconds == 0 {
			return 0
		}
		return tokens / seconds
	}
	o.TokensPerS = Rates{rate(o.OnDemand), rate(o.Cached), rate(o.Prefetch), rate(o.CPU), rate(o.Hybrid)}
	return o
}
