package report

import (
	"fmt"
	"strconv"
	"strings"

	"moecost/core/format"
	"moecost/core/hardware"
	"moecost/core/quantity"
	"moecost/core/serving"
)

// warn collects what the reader must know, most pressing first.
func (r *Report) warn(q Question) {
	r.warnMemory()
	r.warnTime()
	r.warnLink(q)
	r.warnBalance(int64(q.Scenario.Spare))
	r.warnModel()
	r.warnCounts()
	r.warnHardware(q)
}

func (r *Report) add(w Warning) { r.Warnings = append(r.Warnings, w) }

func (r *Report) bytes(n int64) string {
	return quantity.Bytes.Text(r.Units(), float64(n))
}

// warnMemory says what is missing and what would do, in numbers.
func (r *Report) warnMemory() {
	m := &r.Memory
	if led := &r.in.ledger; led.Fraction > r.in.engine.Fraction {
		r.add(Warning{ID: "memory.raised", At: "hardware",
			Text: fmt.Sprintf("Filling %s of the GPU, %s's default, leaves no room for a sequence: %s is taken, as its recipe for gpt-oss has it.",
				quantity.Share.Text(quantity.Decimal, r.in.engine.Fraction), r.in.engine.Name, quantity.Share.Text(quantity.Decimal, led.Fraction)),
			WayOut: fmt.Sprintf("Start it with --gpu-memory-utilization %g.", led.Fraction)})
	}
	if m.Fits {
		return
	}
	w := Warning{ID: "memory.fits", At: "load"}
	if m.MaxBatch > 0 {
		w.Text = fmt.Sprintf("At batch %s the KV cache does not fit. It needs %s per GPU and there is room for %s.",
			quantity.Integer(r.Scenario.Batch), r.bytes(m.PerGPU.KV), r.bytes(m.PerGPUPoolBytes))
	} else {
		w.At = "hardware"
		w.Text = fmt.Sprintf("%s does not fit on %d × %s: %s is missing on each.",
			r.Scenario.ModelName, r.Scenario.GPUs, r.Scenario.GPUName, r.bytes(-m.PerGPU.Free))
	}
	w.WayOut, w.Apply = r.wayOut()
	r.add(w)
}

// wayOut lists what would make the load fit. The first of it can be applied.
func (r *Report) wayOut() (text, apply string) {
	m := &r.Memory
	var ways []string
	offer := func(change, sentence string) {
		if apply == "" {
			apply = change
		}
		ways = append(ways, sentence)
	}
	if m.MaxBatch > 0 {
		offer("batch="+strconv.FormatInt(m.MaxBatch, 10), "Batch "+quantity.Integer(m.MaxBatch)+" fits")
	}
	if n := m.MinGPUsEngine; n > 0 {
		offer("gpus="+strconv.Itoa(n), fmt.Sprintf("%d × %s would do", n, r.Scenario.GPUName))
	}
	if batch := r.batchWithFP8(); batch > m.MaxBatch && batch > 0 {
		fits := "FP8 KV at batch " + quantity.Integer(min(batch, r.Scenario.Batch))
		offer("kv=fp8", fits+" fits")
	}
	if ways == nil {
		return fmt.Sprintf("No number of %s up to %s holds it.", r.Scenario.GPUName, quantity.Integer(serving.MaxGPUs)), ""
	}
	return strings.Join(ways, "; ") + ".", apply
}

// batchWithFP8 is the largest batch with an 8-bit cache; 0 if it is one already.
func (r *Report) batchWithFP8() int64 {
	in := &r.in
	if in.kv.Bits <= 8 {
		return 0
	}
	led := serving.Compile(in.arch, format.FP8KV).Ledger(&in.gpu, &in.engine, in.layout, in.load)
	return int64(in.layout.DP) * led.Sequences()
}

func (r *Report) warnLink(q Question) {
	for _, p := range q.Problems {
		r.add(Warning{ID: "link", At: "link", Text: p.String(), Apply: p.Suggestion})
	}
}

func (r *Report) warnModel() {
	in := &r.in
	if !in.reading.Known {
		r.add(Warning{ID: "model.family", At: "model",
			Text:   "The family of this model is not known: its layers were read from the common keys alone.",
			WayOut: "Compare the parameter count with the published one before trusting the rest."})
	}
	if n := len(in.reading.Unread); n > 0 {
		r.add(Warning{ID: "model.unread", At: "model",
			Text:   fmt.Sprintf("%d keys of the config were not understood and may change the counts: %s.", n, list(in.reading.Unread)),
			WayOut: "Compare the parameter count with the published one."})
	}
	if r.Model.MaxContext > 0 && r.in.load.ReservedTokens() > r.Model.MaxContext {
		r.add(Warning{ID: "model.context", At: "load",
			Text: fmt.Sprintf("Prompt and output make %s tokens, and the model's config promises %s.",
				quantity.Integer(r.in.load.ReservedTokens()), quantity.Integer(r.Model.MaxContext))})
	}
	if r.in.load.Draft > 0 && r.in.arch.MTP.Depth == 0 {
		r.add(Warning{ID: "model.draft", At: "load",
			Text:   r.Scenario.ModelName + " has no drafting modules of its own. Drafts are taken to be looked up in the text: they cost no time and no memory, and a draft model would cost both.",
			WayOut: "Leave drafting out, or set the acceptance that look-up reaches in your text.", Apply: "draft=0"})
	}
}

// list joins the first few names.
func list(names []string) string {
	const most = 5
	if len(names) > most {
		return strings.Join(names[:most], ", ") + " and others"
	}
	return strings.Join(names, ", ")
}

func (r *Report) warnHardware(q Question) {
	in := &r.in
	if in.gpu.MemoryBasis == hardware.MemoryFromVendor {
		r.add(Warning{ID: "gpu.memory", At: "hardware",
			Text: fmt.Sprintf("The memory of %s is the vendor's round number, %s; no driver's figure is known.", in.gpu.Name, in.gpu.MemorySold)})
	}
	if g := in.gpu; in.layout.GPUs > 1 && g.ScaleUp.BytesPerSecond == 0 && g.ScaleOutBytesPerSecond == 0 && g.HostLink.BytesPerSecond == 0 {
		r.add(Warning{ID: "gpu.links", At: "hardware",
			Text:   fmt.Sprintf("No link between GPUs of %s is known: times assume 10 Gb/s Ethernet.", in.gpu.Name),
			WayOut: "In a custom accelerator, link: and net: name their bytes per second."})
	}
	if l := in.layout; l.TP > 8 && l.TP > in.gpu.ScaleUp.GPUs {
		r.add(Warning{ID: "layout.tp", At: "hardware",
			Text: fmt.Sprintf("Tensor parallelism over %d GPUs leaves the host: every layer waits for the network twice.", l.TP)})
	}
	for _, c := range in.coverage.layers {
		if slots := c.experts + in.load.Spare; slots%int64(in.layout.EP) != 0 {
			r.add(Warning{ID: "layout.ep", At: "hardware",
				Text: fmt.Sprintf("%d experts on %d expert-parallel ranks do not come out even: some hold %d, the others %d.",
					slots, in.layout.EP, in.layout.ExpertsPerRank(slots), slots/int64(in.layout.EP))})
			break
		}
	}
}
