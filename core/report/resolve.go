package report

import (
	"fmt"

	"moecost/core/arch"
	"moecost/core/arch/hf"
	"moecost/core/arch/preset"
	"moecost/core/format"
	"moecost/core/hardware"
	"moecost/core/scenario"
	"moecost/core/serving"
)

// subject is the model of a question as it was read.
type subject struct {
	reading *hf.Reading
	preset  preset.Preset // zero for a custom model
	source  string
}

// readModel finds the architecture.
func readModel(q Question) (subject, error) {
	switch {
	case q.Reading != nil:
		return subject{reading: q.Reading, source: "the checkpoint's headers"}, nil
	case q.Scenario.Model != scenario.ModelCustom:
		p, ok := preset.ByID(q.Scenario.Model)
		if !ok {
			return subject{}, fmt.Errorf("model: %q: not a known model; use a preset's id, or custom with a config.json", q.Scenario.Model)
		}
		reading, err := p.Reading()
		if err != nil {
			return subject{}, fmt.Errorf("model: %w", err)
		}
		source := "config.json of " + p.HubID
		if !p.Verbatim {
			source += ", put together from " + p.Source
		}
		return subject{reading: reading, preset: p, source: source}, nil
	case len(q.Config) == 0:
		return subject{}, fmt.Errorf("model: custom: there is no architecture: paste the model's config.json, or choose a preset")
	default:
		reading, err := hf.Read(q.Config)
		if err != nil {
			return subject{}, err
		}
		return subject{reading: reading, source: "the config.json given"}, nil
	}
}

// resolve turns ids into what they name.
func (r *Report) resolve(q Question, s subject) error {
	in, ask := &r.in, q.Scenario
	in.model, in.source = s.reading.Model, s.source
	if ask.Weights != "" {
		scheme, ok := format.SchemeByID(ask.Weights)
		if !ok {
			return fmt.Errorf("weights: %q: not a known weight scheme; leave it out for weights as published", ask.Weights)
		}
		in.model = in.model.Convert(scheme)
	}
	gpu, err := hardware.Parse(ask.GPU)
	if err != nil {
		return err
	}
	in.gpu = gpu
	engine, ok := serving.EngineByID(ask.Engine)
	if !ok {
		return fmt.Errorf("engine: %q: not a known engine; use ideal, vllm, sglang, trtllm or llamacpp", ask.Engine)
	}
	in.engine = engine
	if in.kv, ok = format.KVByID(kvID(ask, s)); !ok {
		return fmt.Errorf("kv: %q: not a known cache format; use bf16 or fp8", ask.KV)
	}
	in.skew = ask.Skew
	in.load = loadOf(ask)
	in.footprint = serving.Compile(in.model, in.kv)
	return nil
}

// kvID is the cache format asked for, or the one that goes with the weights.
func kvID(ask scenario.Scenario, s subject) string {
	switch {
	case ask.KV != "":
		return ask.KV
	case s.preset.KV != "":
		return s.preset.KV
	default:
		return format.BF16.ID
	}
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
		in.layout = l
		return
	}
	refusal := "no layout agrees with it"
	if pinned.GPUs > 0 {
		if _, err := serving.Choose(in.model, pinned, func(serving.Layout) bool { return true }); err != nil {
			refusal = err.Error()
		}
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
		l, _ := f.Choose(in.model, &in.gpu, &in.engine, in.load, pinned)
		return l, l.GPUs > 0
	}
	if s := f.FewestInEngine(in.model, &in.gpu, &in.engine, in.load, pinned); s.GPUs > 0 {
		return s.Layout, true
	}
	// Nothing holds this load: hold the weights, and let the ledger say what is missing.
	one := in.load
	one.Batch = 1
	if s := f.FewestInEngine(in.model, &in.gpu, &in.engine, one, pinned); s.GPUs > 0 {
		return s.Layout, true
	}
	if pinned != (serving.Layout{}) {
		return serving.Layout{}, false
	}
	pinned.GPUs = 1
	l, _ := f.Choose(in.model, &in.gpu, &in.engine, one, pinned)
	return l, l.GPUs > 0
}

// normalise writes down what was asked with the choices made.
func (r *Report) normalise(ask scenario.Scenario, s subject) Scenario {
	in := &r.in
	out := Scenario{
		Query: scenario.Encode(ask),
		Model: ask.Model, ModelName: modelName(s), Organisation: s.preset.Organisation,
		Weights: ask.Weights, WeightsName: "as published: " + mainFormat(in.model), KV: in.kv.ID,
		GPU: ask.GPU, GPUName: in.gpu.Name,
		GPUs: in.layout.GPUs, TP: in.layout.TP, PP: in.layout.PP, EP: in.layout.EP, DP: in.layout.DP,
		Chosen: Chosen{
			Weights: ask.Weights == "", KV: ask.KV == "", GPUs: ask.GPUs == 0,
			Layout: ask.TP == 0 && ask.PP == 0 && ask.EP == 0 && ask.DP == 0,
		},
		Engine: in.engine.ID, EngineName: in.engine.Name,
		Batch: in.load.Batch, In: in.load.Prompt, Out: in.load.Output, Chunk: in.load.Chunk,
		Skew: in.skew, Spare: in.load.Spare, Draft: in.load.Draft, Host: in.load.Host, Cache: in.load.Cache,
		Units: ask.Units,
	}
	if ask.Weights == "" {
		out.Weights = "published"
	} else if scheme, ok := format.SchemeByID(ask.Weights); ok {
		out.WeightsName = scheme.Name
	}
	return out
}

func modelName(s subject) string {
	if s.preset.Name != "" {
		return s.preset.Name
	}
	if s.reading.Model.Name != "" {
		return s.reading.Model.Name
	}
	return "the custom model"
}

// mainFormat names the format of most of a model's bytes.
func mainFormat(m *arch.Model) string {
	bytes := map[string]int64{}
	best := ""
	for t := range m.Tensors() {
		name := t.Stored.Name
		bytes[name] += t.Size().Bytes()
		if best == "" || bytes[name] > bytes[best] {
			best = name
		}
	}
	return best
}
