package report

import (
	"fmt"

	"moecost/core/offload"
	"moecost/core/serving"
)

func offloadExplanations() []explanation {
	out := []explanation{
		{"offload.batch", func(r *Report, d *Derivation) {
			d.batch(r)
			if r.Memory.Fits {
				d.say("all of them fit", "B")
				return
			}
			d.figure(r, "N", "memory.max_batch")
			d.say("as many of the sequences as fit", "max(min(B, N), 1)")
		}},
		{"offload.gpu_share", func(r *Report, d *Derivation) {
			d.shares(r)
			d.say("on the GPUs = what the host does not keep + cache", "1 - H + H*C")
		}},
		{"offload.host_share", func(r *Report, d *Derivation) {
			d.hostShare(r)
			d.say("the share in host memory", "H")
		}},
		{"offload.drive_share", explainDriveShare},
		{"offload.host_bytes", func(r *Report, d *Derivation) {
			d.figure(r, "E", "memory.experts_bytes")
			d.hostShare(r)
			d.say("in host memory = routed experts × share", "E*H")
		}},
		{"offload.drive_bytes", func(r *Report, d *Derivation) {
			d.figure(r, "E", "memory.experts_bytes")
			d.figure(r, "s", "offload.drive_share")
			d.say("on the drive = routed experts × share", "E*s")
		}},
		{"offload.n_cpu_moe", func(r *Report, d *Derivation) {
			d.figure(r, "L", "model.moe_layers")
			d.shares(r)
			d.say("layers on the CPU = MoE layers × experts not on the GPUs, rounded up", "ceil(L*(1 - (1 - H + H*C)) - 1/10^9)")
			d.Note = "As --n-cpu-moe counts them. Times are of the share itself, not rounded."
		}},
		{"offload.cache_fits", func(r *Report, d *Derivation) {
			d.term("C", "largest share, in thousandths, with which memory.per_gpu.free_bytes is not below 0", d.Figure.Value, Share, "the ledger of memory, tried with each")
			d.say("the largest cache with which the load fits", "C")
		}},
		{"offload.resident_s", func(r *Report, d *Derivation) {
			s := r.residentStep()
			var formula sum
			for o, seconds := range s.Parts {
				if seconds > 0 {
					symbol := fmt.Sprintf("t%d", o+1)
					d.term(symbol, operatorWords[o], seconds, Seconds, "timed as decode.parts."+serving.Operator(o).Name()+" is, all experts in GPU memory")
					formula.add("%s", symbol)
				}
			}
			d.say("step = sum over operators", d.calibrate(r, formula.String(), true, r.in.clock.factor.Decode))
		}},
		{"offload.saving", func(r *Report, d *Derivation) {
			d.figure(r, "P", "offload.prefetch_s")
			d.figure(r, "C", "offload.cached_s")
			d.say("saving = 1 − step with prefetching / step without", "1 - P/C")
			d.Note = "As many experts are predicted as a layer needs. Below 0, what was predicted wrongly held up what was needed."
		}},
		{"offload.ceiling", func(r *Report, d *Derivation) {
			d.figure(r, "R", "offload.resident_s")
			d.figure(r, "C", "offload.cached_s")
			d.say("ceiling = the smaller of computing and copying / both together", "min(C - R, R)/C")
			d.Note = "At best the shorter of the two streams disappears behind the longer one, so never more than a half."
		}},
		{"offload.hit_rate", explainHits},
		{"offload.link_bytes_per_token", explainPerToken(func(t *offload.Time) float64 { return t.LinkBytes })},
		{"offload.cpu_bytes_per_token", explainPerToken(func(t *offload.Time) float64 { return t.CPUBytes })},
		{"offload.drive_bytes_per_token", explainPerToken(func(t *offload.Time) float64 { return t.DriveBytes })},
	}
	for p := range offload.PolicyCount {
		out = append(out,
			explanation{"offload." + p.String() + "_s", explainPolicy(p)},
			explanation{"offload.tokens_per_s." + p.String(), explainRate(p)})
	}
	return out
}

// explainPolicy derives the time of a step under one policy.
func explainPolicy(p offload.Policy) func(*Report, *Derivation) {
	return func(r *Report, d *Derivation) {
		a := &r.in.away
		d.term("R", "step with all experts on the GPUs", a.resident.Resident(a.work).Seconds, Seconds, "timed operator by operator, as offload.resident_s is")
		words, formula := "step = step with all experts on the GPUs + wait for those that are not", "R + "
		if local := a.times[p].Local; local < 1 {
			s := r.residentStep()
			d.term("G", "of that, routed experts", s.Parts[serving.RoutedExpertMatrices], Seconds, "timed as decode.parts.routed_experts is")
			d.term("Z", "share of the work on routed experts that GPUs do", local, Share, "the experts that they have or copy")
			words, formula = "step = step with all experts on the GPUs − what the CPU computes of it + wait for the CPU", "R - (1 - Z)*G + "
		}
		d.say(words, d.calibrate(r, formula+d.wait(r, p, a.work), true, r.in.clock.factor.Decode))
		d.Note = policyNotes[p]
	}
}

func explainRate(p offload.Policy) func(*Report, *Derivation) {
	return func(r *Report, d *Derivation) {
		d.sequences(r)
		d.figure(r, "S", "offload."+p.String()+"_s")
		formula := "N/S"
		if r.in.load.Draft > 0 {
			d.term("a", "tokens that a step makes of one sequence", r.in.clock.perStep, Tokens, "the scenario: draft and accept")
			formula = "N*a/S"
		}
		d.say("tokens per second = sequences / time of a step", formula)
		d.Note = "Decode steps alone, without the prompts of others between them."
	}
}

// explainPerToken derives the traffic of one output token under the chosen policy.
func explainPerToken(of func(*offload.Time) float64) func(*Report, *Derivation) {
	return func(r *Report, d *Derivation) {
		a := &r.in.away
		d.term("X", "bytes in a step", of(&a.times[a.policy]), Bytes, "the chosen policy: experts asked for and not on the GPU × their bytes, over all MoE layers")
		d.sequences(r)
		d.term("a", "tokens that a step makes of one sequence", r.in.clock.perStep, Tokens, "the scenario: draft and accept")
		d.say("per token = bytes in a step / tokens that it makes", "X/(N*a)")
	}
}

// sequences are those that the section's times are of.
func (d *Derivation) sequences(r *Report) { d.figure(r, "N", "offload.batch") }

func (d *Derivation) shares(r *Report) {
	cached := "the scenario: cache"
	if r.in.away.chosenHost {
		cached = "chosen: as many as fit"
	}
	d.hostShare(r)
	d.term("C", "slots for them on GPUs, as a share", r.in.load.Cache, Share, cached)
}

func (d *Derivation) hostShare(r *Report) {
	host := "the scenario: host"
	if r.in.away.chosenHost {
		host = "chosen: all experts have their place in host memory"
	}
	d.term("H", "share of the routed experts in host memory", r.in.load.Host, Share, host)
}

var policyNotes = [offload.PolicyCount]string{
	offload.OnDemand: "The GPU waits for every copy. The cache is left out.",
	offload.Prefetch: "A layer's experts are predicted when the layer before has chosen its own, so the first MoE layer is always cold.",
	offload.CPU:      "Activations alone cross the link. The GPU computes the experts that it has meanwhile; llama.cpp puts whole layers on the CPU instead.",
	offload.Hybrid:   "Experts with many tokens are copied, the others computed by the CPU: the division that is fastest.",
}

// wait adds the terms of what a step waits for experts that are not on the GPU.
func (d *Derivation) wait(r *Report, p offload.Policy, w serving.Work) string {
	account := r.in.away.plan.Account(p, w)
	for _, t := range account.Terms {
		d.Terms = append(d.Terms, Term{Symbol: t.Symbol, Name: t.Name, Value: t.Value, Values: t.Values, Unit: Unit(t.Unit), Source: r.offloadOrigin(&t)})
	}
	return account.Formula
}

func (r *Report) offloadOrigin(t *offload.Term) string {
	h := &r.in.away.host
	switch t.Origin {
	case offload.FromModel:
		return r.in.source
	case offload.FromRouting:
		return "expected value at this popularity: core/routing"
	case offload.FromCache:
		return "what the hottest experts, or those last used, answer of the requests: core/offload/cache"
	case offload.FromTokens:
		return "0.32, 0.42, 0.99, 4.36, 8.48 ms for 1, 2, 4, 8, 16 tokens (KTransformers on an EPYC 9554): core/offload, constants.go"
	case offload.FromStep:
		return "timed with the other parts of this step"
	case offload.FromSetting:
		return "the scenario: recall; as many are predicted as are needed"
	case offload.FromFit:
		return "fitted on measured steps, assets/measurements/offload.csv: docs/offload.md"
	}
	switch {
	case t.Symbol == "V" && !h.nvmeGiven:
		return "a PCIe 4.0 x4 drive"
	case t.Symbol == "W" && !h.linkGiven || t.Symbol == "M" && !h.cpuGiven:
		if h.sources == "" {
			return "the usual share of the link's own rate: core/hardware, host.go"
		}
		return h.name + ", measured: " + h.sources
	}
	return "the scenario"
}

// operator adds the terms of an operator, on or off the GPUs, and returns its formula.
func (d *Derivation) operator(r *Report, w serving.Work, o serving.Operator) string {
	a := &r.in.away
	if a.plan == nil {
		return d.account(r, r.in.clock.timing.Account(w, o))
	}
	if o == serving.ExpertWait {
		return d.wait(r, a.policy, w)
	}
	formula := d.account(r, r.in.clock.timing.Account(w, o))
	if t := a.plan.Time(a.policy, w); o == serving.RoutedExpertMatrices && t.Local < 1 {
		d.term("Z", "share of the work on routed experts that GPUs do", t.Local, Share, "the experts that they have or copy")
		formula = "Z*(" + formula + ")"
	}
	return formula
}

func explainDriveShare(r *Report, d *Derivation) {
	s := r.in.away.plan.Setting
	d.shares(r)
	if s.Unified {
		d.say("on the drive = what is not on the GPUs: memory is shared", "1 - (1 - H + H*C)")
		return
	}
	d.term("M", "host memory", s.RAM, Bytes, "the scenario: ram")
	d.term("O", "of it, what experts do not get", offload.HostReserve, Bytes, "Linux kept 57.6 of 65.5 GB for a mapped model: core/offload, constants.go")
	if s.Mapped > 0 {
		d.term("F", "the model's file, mapped into memory", s.Mapped, Bytes, r.in.source)
		d.say("on the drive = experts not on the GPUs × what host memory has no room for of the file", "H*(1 - C)*(1 - max(M - O, 0)/F)")
		return
	}
	d.figure(r, "E", "memory.experts_bytes")
	d.say("on the drive = what GPUs and host memory leave over", "min(H - max(M - O, 0)/E, H*(1 - C))")
}

func explainHits(r *Report, d *Derivation) {
	a := &r.in.away
	d.shares(r)
	if a.plan.Setting.Mapped > 0 {
		d.say("with whole layers on the CPU the GPUs have the experts of the other layers", "1 - H + H*C")
		return
	}
	d.Terms = d.Terms[:0]
	d.term("h", fmt.Sprintf("mean over MoE layers at a share of %.3g on the GPUs, cache policy %s", r.Offload.GPUShare, r.Scenario.Evict), d.Figure.Value, Share,
		"Σ of the requests for each expert × the chance that it is on the GPU: core/offload/cache")
	d.say("hit rate = requests for experts on the GPUs / requests", "h")
}
