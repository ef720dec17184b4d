package report

import (
	"fmt"

	"moecost/core/hardware"
	"moecost/core/scenario"
	"moecost/core/serving"
)

// equip finds accelerator and engine.
func (r *Report) equip(ask scenario.Scenario) error {
	gpu, err := hardware.Parse(ask.GPU)
	if err != nil {
		return err
	}
	engine, ok := serving.EngineByID(ask.Engine)
	if !ok {
		return fmt.Errorf("engine: %q: not a known engine; use ideal, vllm, sglang, trtllm or llamacpp", ask.Engine)
	}
	r.in.gpu, r.in.engine = gpu, engine
	return nil
}

func loadOf(ask scenario.Scenario) serving.Load {
	l := serving.Load{
		Batch: int64(ask.Batch), Prompt: int64(ask.In), Output: int64(ask.Out),
		Chunk: int64(ask.Chunk), Draft: int64(ask.Draft),
		Host: ask.Host, Cache: ask.Cache,
	}
	if ask.EPLB != "off" {
		l.Spare = int64(ask.Spare)
	}
	return l
}

// layOut chooses the number of GPUs and their layout where the scenario leaves
// them open. A layout that engines refuse is replaced, with a warning.
func (r *Report) layOut(ask scenario.Scenario) {
	in := &r.in
	pinned := serving.Layout{GPUs: ask.GPUs, TP: ask.TP, PP: ask.PP, EP: ask.EP, DP: ask.DP}
	if l, ok := r.place(pinned); ok {
		in.layout, in.pinned = l, pinned
		in.pinned.GPUs = 0
		if pinned.TP > 0 && pinned.PP > 0 && pinned.DP > 0 {
			in.pinned = serving.Layout{} // given whole it suits one number of GPUs: what others would do is asked without it
		}
		return
	}
	refusal := "no layout agrees with it"
	whole := pinned // the smallest deployment that has the parts asked for
	if whole.GPUs == 0 {
		whole.GPUs = max(whole.TP, 1) * max(whole.PP, 1) * max(whole.DP, 1)
	}
	if _, err := serving.Choose(in.arch, whole, func(serving.Layout) bool { return true }); err != nil {
		refusal = err.Error()
	}
	for n := pinned.GPUs; ; n-- {
		l, ok := r.place(serving.Layout{GPUs: max(n, 0)})
		if ok || n <= 0 {
			in.layout = l
			break
		}
	}
	r.Warnings = append(r.Warnings, Warning{
		ID: "layout", At: "hardware",
		Text:   "The layout asked for cannot be run: " + refusal + ".",
		WayOut: fmt.Sprintf("Until then %d GPUs as %s are used.", in.layout.GPUs, in.layout),
	})
}

// place completes a layout. It fails if engines accept none.
func (r *Report) place(pinned serving.Layout) (serving.Layout, bool) {
	in := &r.in
	f := in.footprint
	if pinned.GPUs > 0 {
		l, _ := f.Choose(&in.gpu, &in.engine, in.load, pinned)
		return l, l.GPUs > 0
	}
	if s := f.FewestInEngine(&in.gpu, &in.engine, in.load, pinned); s.GPUs > 0 {
		return s.Layout, true
	}
	// Nothing holds this load: hold the weights, and let the ledger say what is missing.
	one := in.load
	one.Batch = 1
	if s := f.FewestInEngine(&in.gpu, &in.engine, one, pinned); s.GPUs > 0 {
		return s.Layout, true
	}
	if pinned != (serving.Layout{}) {
		return serving.Layout{}, false
	}
	pinned.GPUs = 1
	l, _ := f.Choose(&in.gpu, &in.engine, one, pinned)
	return l, l.GPUs > 0
}

// normalise writes down what was asked with the choices made.
func (r *Report) normalise(ask scenario.Scenario) Scenario {
	in := &r.in
	out := Scenario{
		Query: scenario.Encode(ask),
		Model: ask.Model, ModelName: in.name, Organisation: in.preset.Organisation,
		Weights: "published", WeightsName: in.weightsName, KV: in.kv.ID,
		GPU: ask.GPU, GPUName: in.gpu.Name,
		GPUs: in.layout.GPUs, TP: in.layout.TP, PP: in.layout.PP, EP: in.layout.EP, DP: in.layout.DP,
		Chosen: Chosen{
			Weights: ask.Weights == "", KV: ask.KV == "", GPUs: ask.GPUs == 0,
			Layout: ask.TP == 0 && ask.PP == 0 && ask.EP == 0 && ask.DP == 0,
		},
		Engine: in.engine.ID, EngineName: in.engine.Name,
		Batch: in.load.Batch, In: in.load.Prompt, Out: in.load.Output, Chunk: in.load.Chunk,
		Skew: in.popular.Skew, Law: ask.Law, Layer: int64(ask.Layer), EPLB: ask.EPLB, Spare: in.load.Spare, Split: ask.Split,
		Place: ask.Place, Drift: ask.Drift, Interval: int64(ask.Interval), Moves: ask.Moves, Fabric: ask.Fabric,
		Rate: ask.Rate, InCV: ask.InCV, OutCV: ask.OutCV, Prefix: ask.Prefix, Domain: ask.Domain, Speed: ask.Speed, Without: ask.Without, Seed: int64(ask.Seed),
		Draft: in.load.Draft, Accept: ask.Accept, Host: in.load.Host, Cache: in.load.Cache,
		Prefetch: ask.Prefetch, Recall: ask.Recall, Link: ask.Link, CPU: ask.CPU,
		Evict: ask.Evict, Refetch: ask.Refetch, Experts: ask.Experts, RAM: ask.RAM, NVMe: ask.NVMe,
		MeasuredTPOT: ask.MeasuredTPOT, MeasuredTTFT: ask.MeasuredTTFT, Seen: ask.Seen,
		Price: ask.Price, TTFT: ask.TTFT, TPOT: ask.TPOT, Pct: ask.Pct, Units: ask.Units, Points: ask.Points,
	}
	if ask.Price == 0 {
		out.Price = in.gpu.Price.USDPerHour
	}
	if ask.Weights != "" {
		out.Weights = ask.Weights
	}
	return out
}
