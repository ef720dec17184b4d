package report

import (
	"moecost/core/offload"
)

var offloadEntries = join([]entry{
	{"offload.batch", "sequences that fit", Sequences, ofOffload(func(o *Offload) float64 { return float64(o.Batch) })},
	{"offload.gpu_share", "routed experts on the GPUs, cache included", Share, ofOffload(func(o *Offload) float64 { return o.GPUShare })},
	{"offload.host_share", "routed experts that host memory keeps", Share, ofOffload(func(o *Offload) float64 { return o.HostShare })},
	{"offload.drive_share", "routed experts without room in host memory", Share, ofOffload(func(o *Offload) float64 { return o.DriveShare })},
	{"offload.host_bytes", "routed experts that the host keeps", Bytes, ofOffload(func(o *Offload) float64 { return o.HostBytes })},
	{"offload.drive_bytes", "routed experts without room in host memory", Bytes, ofOffload(func(o *Offload) float64 { return o.DriveBytes })},
	{"offload.n_cpu_moe", "MoE layers whose experts llama.cpp leaves to the CPU", Layers, ofOffload(func(o *Offload) float64 { return float64(o.CPULayers) })},
	{"offload.cache_fits", "largest cache that fits", Share, ofOffload(func(o *Offload) float64 { return o.CacheFits })},
	{"offload.resident_s", "time of a decode step with all experts on the GPUs", Seconds, ofOffload(func(o *Offload) float64 { return o.Resident })},
	policyEntry(offload.OnDemand, func(o *Offload) float64 { return o.OnDemand }),
	policyEntry(offload.Cached, func(o *Offload) float64 { return o.Cached }),
	policyEntry(offload.Prefetch, func(o *Offload) float64 { return o.Prefetch }),
	policyEntry(offload.CPU, func(o *Offload) float64 { return o.CPU }),
	policyEntry(offload.Hybrid, func(o *Offload) float64 { return o.Hybrid }),
	{"offload.saving", "saved by prefetching", Share, ofOffload(func(o *Offload) float64 { return o.Saving })},
	{"offload.ceiling", "most that prefetching could save", Share, ofOffload(func(o *Offload) float64 { return o.Ceiling })},
	{"offload.hit_rate", "experts asked for that GPUs have", Share, ofOffload(func(o *Offload) float64 { return o.HitRate })},
	perToken("offload.link_bytes_per_token", "bytes over the host link per output token", func(o *Offload) float64 { return o.LinkBytesPerToken }),
	perToken("offload.cpu_bytes_per_token", "bytes that the CPU reads per output token", func(o *Offload) float64 { return o.CPUBytesPerToken }),
	perToken("offload.drive_bytes_per_token", "bytes read from the drive per output token", func(o *Offload) float64 { return o.DriveBytesPerToken }),
}, rateEntries())

func ofOffload(get func(*Offload) float64) func(*Report) (float64, bool) {
	return func(r *Report) (float64, bool) {
		if r.Offload == nil {
			return 0, false
		}
		v := get(r.Offload)
		return v, v != 0
	}
}

func rateEntries() []entry {
	gets := [offload.PolicyCount]func(*Rates) float64{
		func(x *Rates) float64 { return x.OnDemand }, func(x *Rates) float64 { return x.Cached }, func(x *Rates) float64 { return x.Prefetch },
		func(x *Rates) float64 { return x.CPU }, func(x *Rates) float64 { return x.Hybrid },
	}
	var out []entry
	for p := range offload.PolicyCount {
		out = append(out, entry{"offload.tokens_per_s." + p.String(), "output tokens per second, experts " + policyNames[p], TokensPerSecond,
			ofOffload(func(o *Offload) float64 { return gets[p](&o.TokensPerS) })})
	}
	return out
}

// policyEntry is the time of a step under one policy.
func policyEntry(p offload.Policy, get func(*Offload) float64) entry {
	return entry{"offload." + p.String() + "_s", "time of a decode step, experts " + policyNames[p], Seconds, ofOffload(get)}
}

// perToken is the traffic of one output token under the chosen policy.
func perToken(id, name string, get func(*Offload) float64) entry {
	return entry{id, name, BytesPerToken, ofOffload(get)}
}
