package story

import (
	"moecost/core/quantity"
)

// Machines that a press away show what happens when experts do not fit.
const (
	homeMachine    = "tp=&pp=&ep=&dp=&host=0&cache=0&gpu=rtx4090&gpus=1&ram=128&batch=1"
	unifiedMachine = "tp=&pp=&ep=&dp=&host=0&cache=0&gpu=dgx-spark&gpus=1&ram=128&batch=1"
)

// prefetch is the sixth section: experts that are not on the GPUs.
func (v *voice) prefetch() Section {
	frames := []Frame{v.offloadFrame(), v.timelineFrame(), v.savingFrame(), v.savingsFrame(), v.hitsFrame(), v.vramFrame()}
	return Section{
		ID: "prefetch", Number: 6, Name: "Prefetch",
		Finding: v.prefetchFinding(), Prose: v.prefetchProse(), Frames: frames,
	}
}

// offloaded tells whether experts are elsewhere, and the times are known.
func (v *voice) offloaded() bool { return v.r.Offload != nil }

// prefetchFinding is the first of these that is true.
func (v *voice) prefetchFinding() Text {
	o, s := v.r.Offload, &v.r.Scenario
	switch {
	case !v.moe():
		return say(s.ModelName + " is dense: no weight of it could wait elsewhere until a token needs it.")
	case o == nil && v.r.Memory.Fits && s.Host == 0:
		return say("All experts fit on " + cards(s.GPUs, s.GPUName) + ", so nothing has to be fetched.")
	case o == nil && v.r.Memory.Fits:
		return say("How fast experts reach " + s.GPUName + " is not known.")
	case o == nil:
		return say("What does not fit on the GPUs could wait in host memory.")
	case o.Pages && v.r.Unified():
		return say("Memory has no room for ", v.figure("offload.drive_share", quantity.Share), " of the experts: every token waits for the drive.")
	case o.Pages:
		return say("GPU and host have no room for ", v.figure("offload.drive_share", quantity.Share), " of the experts: every token waits for the drive.")
	case o.HostShare == 0 || o.GPUShare >= 1:
		return say("Every expert has its place on the GPUs: nothing is fetched.")
	}
	copied := min(o.Cached, o.Prefetch)
	others := o.CPU
	if o.Hybrid > 0 && (others == 0 || o.Hybrid < others) {
		others = o.Hybrid
	}
	saves, gains := "saves ", "gains"
	if s.Prefetch == "none" {
		saves, gains = "would save ", "would gain"
	}
	saving := v.as("offload.saving", quantity.Share.Text(v.units, max(o.Saving, 0)))
	switch {
	case others > 0 && copied > 1.1*others:
		return say("With missing experts on the CPU a step is ", v.as("offload.cpu_s", quantity.Significant(copied/others, 2)+" times"), " as fast as with copies of them.")
	case o.Saving < 0.005:
		return say("Prefetch " + gains + " nothing: the link is the bottleneck, and guessing does not widen it.")
	case o.Saving < 0.05 && o.Cached > 2*o.Resident:
		return say("Prefetch "+saves, saving, ": the link is the bottleneck, and guessing does not widen it.")
	case o.Saving < 0.05:
		return say("Prefetch "+saves, saving, ": few experts are left to be copied.")
	default:
		return say("Prefetch "+saves, saving, " of a step; the most that overlap could save is ", v.figure("offload.ceiling", quantity.Share), ".")
	}
}

func (v *voice) prefetchProse() Text {
	t := say("An expert that is not on the GPU when a token needs it is copied over the host link, or the CPU computes it. A cache keeps some, a predictor starts copies one layer ahead. ")
	if v.offloaded() && v.r.Unified() {
		t = say("GPU and host share their memory: an expert that it has no room for is read from the drive. A cache keeps some, a predictor starts reads one layer ahead. ")
	}
	if o := v.r.Offload; o != nil && !v.r.Unified() {
		keeps := "Here host memory keeps "
		if o.Pages {
			keeps = "Here host memory should keep "
		}
		t = append(t, say(keeps, v.share("offload.host_share", o.HostShare), " of the experts, the GPUs ", v.share("offload.gpu_share", o.GPUShare))...)
		if o.HitRate == 0 {
			t = append(t, words(". "))
		} else {
			t = append(t, say(", and those answer ", v.share("offload.hit_rate", o.HitRate), " of the requests. ")...)
		}
		t = append(t, v.betterCache()...)
	}
	if v.moe() {
		t = append(t, words("Try "), Span{Text: "one 24 GB card and 128 GB of memory", Apply: applied(v.ask, v.machine(homeMachine))},
			words(", or "), Span{Text: "128 GB that GPU and host share", Apply: applied(v.ask, v.machine(unifiedMachine))}, words("."))
	}
	return t
}

// share is a share of the report, which has no figure for none at all.
func (v *voice) share(id string, value float64) Span {
	return v.as(id, quantity.Share.Text(v.units, value))
}

// betterCache offers LRU where it beats a hot list of the same size clearly, as it does for a single sequence.
func (v *voice) betterCache() Text {
	o := v.r.Offload
	if v.r.Scenario.Evict != "static" || o.HostShare < 1 || o.GPUShare == 0 || v.r.Scenario.Engine == "llamacpp" {
		return nil
	}
	rate := v.r.HitsAt(o.GPUShare).Rates[1]
	if rate < o.HitRate+0.05 {
		return nil
	}
	return Text{words("A sequence returns to its own experts: "), {Text: "an LRU cache", Apply: applied(v.ask, "evict=lru")},
		words(" of that size would answer " + quantity.Share.Text(v.units, rate) + ". ")}
}

// machine adds 4-bit weights to a machine whose 128 GB a model in its own format does not leave room in.
func (v *voice) machine(pairs string) string {
	if v.ask.Weights == "" && v.r.Memory.WeightsBytes > 120e9 {
		pairs += "&weights=q4_k_m"
	}
	return pairs
}

// notOffloaded is why a figure about experts elsewhere has nothing to draw, and the
// nearest scenario that has something; nil if there is something to draw.
func (v *voice) notOffloaded() Text {
	switch {
	case v.offloaded():
		return nil
	case !v.moe():
		return v.nothingRouted()
	case v.r.Memory.Fits && v.r.Scenario.Host > 0:
		return say("The link between "+v.r.Scenario.GPUName+" and host memory is not known: ", Span{Text: "take 25 GB/s", Apply: applied(v.ask, "link=25")}, ".")
	}
	why := "All experts are on the GPUs, so no step waits for one. "
	if !v.r.Memory.Fits {
		why = "The load does not fit on the GPUs. "
	}
	return Text{words(why), {Text: "See one 24 GB card and 128 GB of memory", Apply: applied(v.ask, v.machine(homeMachine))}}
}
