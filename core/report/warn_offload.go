package report

import (
	"fmt"
	"math"
	"strconv"

	"moecost/core/offload"
	"moecost/core/quantity"
)

// warnOffload says what a reader must know of experts that are not on the GPUs.
func (r *Report) warnOffload() {
	in, a := &r.in, &r.in.away
	if in.bytes.experts == 0 {
		return
	}
	if in.load.Host == 0 {
		r.offerHost()
		return
	}
	if a.chosenHost && in.gpu.Unified {
		r.add(Warning{ID: "offload.chosen", At: "load",
			Text: fmt.Sprintf("%s does not fit on %d × %s. Its %s of routed experts are read from the drive, and memory keeps %s of them.",
				r.Scenario.ModelName, r.Scenario.GPUs, r.Scenario.GPUName, r.bytes(r.Memory.ExpertsBytes), percent(in.load.Cache))})
	} else if a.chosenHost {
		r.add(Warning{ID: "offload.chosen", At: "load",
			Text: fmt.Sprintf("%s does not fit on %d × %s. All %s of its routed experts have their place in host memory, and %s of them are cached on the GPUs.",
				r.Scenario.ModelName, r.Scenario.GPUs, r.Scenario.GPUName, r.bytes(r.Memory.ExpertsBytes), percent(in.load.Cache))})
	}
	if o := r.Offload; o != nil && o.CPULayers > 0 {
		r.add(Warning{ID: "offload.layers", At: "load",
			Text: fmt.Sprintf("llama.cpp divides by layers: --n-cpu-moe %d leaves the experts of %d of %d MoE layers to the CPU.", o.CPULayers, o.CPULayers, r.Model.MoELayers)})
	}
	r.warnShares()
	if a.plan == nil || r.Offload == nil {
		return
	}
	r.warnPaging()
	if who := doneBy[a.policy]; who != "" && a.plan.Setting.Mapped == 0 {
		r.add(Warning{ID: "offload.who", At: "load",
			Text: fmt.Sprintf("Experts elsewhere are %s, as %s does it; what %s does beside is timed as ever.", policyNames[a.policy], who, in.engine.Name)})
	}
	if r.Offload.Batch < in.load.Batch {
		r.add(Warning{ID: "offload.batch", At: "load",
			Text: fmt.Sprintf("The times by what is done about experts elsewhere are of batch %s, which fits.", quantity.Integer(r.Offload.Batch))})
	}
	if r.Scenario.Prefetch != "none" && !r.Scenario.Refetch {
		r.add(Warning{ID: "offload.executed", At: "load",
			Text: "Predicted experts run whether or not they are the right ones, which costs accuracy: of Qwen3-30B-A3B 0.950 on GSM8K became 0.576 with the router as predictor, " +
				"0.918 with a trained one, 0.946 with the two combined (arXiv 2603.19289, as reported of it).",
			WayOut: "refetch=1 copies what was missed.", Apply: "refetch=1"})
	}
	if !a.plan.Computes() && !in.gpu.Unified {
		r.add(Warning{ID: "offload.cpu", At: "hardware",
			Text:   fmt.Sprintf("No rate of experts on the CPU is known for a host of %s, so the CPU computes none.", in.gpu.Name),
			WayOut: "cpu= gives its rate in GB/s."})
	}
	if in.layout.GPUs > 1 && !in.gpu.Unified {
		r.add(Warning{ID: "offload.links", At: "hardware",
			Text: fmt.Sprintf("Each of the %d GPUs is taken to have a link of its own at full rate; the bandwidth of host memory that they share is not.", in.layout.GPUs)})
	}
}

// offerHost offers host memory where the weights do not fit on the GPUs.
func (r *Report) offerHost() {
	in := &r.in
	if r.Memory.Fits || r.Memory.MaxBatch > 0 || in.gpu.Unified {
		return
	}
	one := in.load
	one.Batch = 1
	if offload.FitHost(in.footprint, &in.gpu, &in.engine, in.layout, one) == 0 {
		return // the rest does not fit either
	}
	needed := int64(math.Ceil((float64(r.Memory.ExpertsBytes) + offload.HostReserve) / 1e9))
	ram := int64(32)
	for ram < needed {
		ram *= 2
	}
	r.add(Warning{ID: "offload.offer", At: "hardware",
		Text:   fmt.Sprintf("%s of it are routed experts, of which a token needs few: they can wait in host memory.", r.bytes(r.Memory.ExpertsBytes)),
		WayOut: fmt.Sprintf("With %s GB there, one sequence at a time runs.", quantity.Integer(ram)), Apply: "ram=" + strconv.FormatInt(ram, 10) + "&batch=1"})
}

// doneBy names programs that do what a policy says, where engines by themselves do not.
var doneBy = [offload.PolicyCount]string{
	offload.Cached: "FreeToken", offload.Prefetch: "MoE-Infinity", offload.CPU: "KTransformers", offload.Hybrid: "Fiddler",
}

// warnShares says what would fit.
func (r *Report) warnShares() {
	in, a := &r.in, &r.in.away
	if in.gpu.Unified && !a.chosenHost {
		r.add(Warning{ID: "offload.unified", At: "hardware",
			Text: fmt.Sprintf("GPU and host of %s share one memory: experts that are not on the GPU are on the drive, and no copy between the two is needed.", in.gpu.Name)})
	}
	if !r.Memory.Fits && r.Memory.MaxBatch == 0 {
		if host := offload.FitHost(in.footprint, &in.gpu, &in.engine, in.layout, in.load); host > in.load.Host {
			r.add(Warning{ID: "offload.host", At: "load",
				Text:   fmt.Sprintf("With %s of the routed experts in host memory the rest does not fit.", percent(in.load.Host)),
				WayOut: fmt.Sprintf("%s of them there would do.", percent(host)), Apply: "host=" + short(host)})
		}
		return
	}
	if r.Memory.Fits && !a.chosenHost && in.load.Cache == 0 && a.cacheFits >= 0.02 {
		r.add(Warning{ID: "offload.cache", At: "load",
			Text:   "No memory of the GPUs is used as a cache of experts.",
			WayOut: fmt.Sprintf("There is room for %s of those in host memory.", percent(a.cacheFits)), Apply: "cache=" + short(a.cacheFits)})
	}
}

// warnPaging says that steps read the drive, and what that costs.
func (r *Report) warnPaging() {
	in, a, o := &r.in, &r.in.away, r.Offload
	if !o.Pages || in.gpu.Unified {
		return
	}
	s := a.plan.Setting
	needed := s.Host * float64(in.bytes.experts)
	what := "the experts that it should keep"
	if s.Mapped > 0 {
		needed, what = s.Mapped, "the model's file, which llama.cpp maps into memory"
	}
	ample := s
	ample.RAM = 0
	without := offload.New(a.resident, float64(in.bytes.experts), ample).Time(a.policy, a.work).Seconds * in.clock.scale()
	with := a.times[a.policy].Seconds * in.clock.scale()
	ram := math.Ceil((needed + offload.HostReserve) / 1e9)
	w := Warning{ID: "offload.pages", At: "load",
		Text: fmt.Sprintf("Host memory holds %s of %s of %s, so it pages: every token reads %s from the drive, and a step takes %s where it would take %s.",
			r.bytes(int64(max(s.RAM-offload.HostReserve, 0))), r.bytes(int64(needed)), what, r.bytes(int64(o.DriveBytesPerToken)),
			quantity.Seconds.Text(quantity.Decimal, with), quantity.Seconds.Text(quantity.Decimal, without)),
		WayOut: fmt.Sprintf("%s GB of host memory are enough.", strconv.FormatFloat(ram, 'f', 0, 64)),
		Apply:  "ram=" + strconv.FormatFloat(ram, 'f', 0, 64)}
	if own := (1 - s.OnGPU()) * float64(in.bytes.experts); s.Mapped > 0 && own+offload.HostReserve <= s.RAM {
		w.WayOut += fmt.Sprintf(" So is what there is, with --no-mmap: the layers on the CPU alone take %s.", r.bytes(int64(own)))
	}
	r.add(w)
}

func percent(share float64) string { return quantity.Share.Text(quantity.Decimal, share) }

func short(share float64) string { return strconv.FormatFloat(share, 'f', -1, 64) }
