package main

import (
	"fmt"
	"math"
	"strings"

	"moecost/core/arch"
	"moecost/core/arch/preset"
	"moecost/core/format"
	"moecost/core/hardware"
	"moecost/core/offload"
	experts "moecost/core/offload/cache"
	"moecost/core/serving"
)

// offloadRow is a measured time of one token, or of a prompt, with experts elsewhere, and what is made of it.
type offloadRow struct {
	system, policy, source, note string
	share                        float64 // of the experts on the GPUs
	measured                     float64 // seconds per token
	skipped                      string  // why it is not predicted

	timing  *serving.Timing
	experts float64 // bytes
	setting offload.Setting
	memory  float64 // bytes/s of the host's memory, where the CPU's rate is a fitted share of it
	way     string
	context float64
	prompt  float64 // tokens of a prompt whose time it is; 0: the time of a token
	eager   bool    // without CUDA graphs
	python  float64 // experts of a token that a Python loop runs one by one; 0: none does
	moved   float64 // bytes that dequantising all of them into 16 bits moves, over the GPU's bandwidth: seconds
}

// offloadConstants are fitted on the rows of half of the systems.
type offloadConstants struct {
	model  offload.Constants
	memory float64 // share of the host's memory bandwidth that KTransformers' CPU kernels reach
	python float64 // seconds per expert in a Python loop
}

func startOffload() offloadConstants {
	return offloadConstants{model: offload.Fitted(), memory: 0.4, python: 3e-3}
}

// readOffload reads the rows with what they are taken for.
func readOffload(dir string) ([]*offloadRow, error) {
	rows, err := readTable(dir, "offload.csv")
	if err != nil {
		return nil, err
	}
	cases, err := readTable(dir, "offload_cases.csv")
	if err != nil {
		return nil, err
	}
	var out []*offloadRow
	for i, r := range rows {
		c := caseOf(cases, r)
		if c == nil {
			return nil, fmt.Errorf("offload.csv: row %d: %s, %s: no line of offload_cases.csv is for it", i+2, r["system"], r["policy"])
		}
		row, err := makeOffload(r, c)
		if err != nil {
			return nil, fmt.Errorf("offload.csv: row %d: %w", i+2, err)
		}
		out = append(out, row)
	}
	return out, nil
}

// caseOf is the first line whose cells begin the row's; a system or policy in full stands before one that it begins.
func caseOf(cases []map[string]string, r map[string]string) map[string]string {
	for _, exact := range []bool{true, false} {
	next:
		for _, c := range cases {
			for _, key := range []string{"system", "gpu", "policy", "dtype", "metric"} {
				if !strings.HasPrefix(r[key], c[key]) {
					continue next
				}
			}
			if !exact || c["policy"] == r["policy"] && c["policy"] != "" {
				return c
			}
		}
	}
	return nil
}

func makeOffload(r, c map[string]string) (*offloadRow, error) {
	row := &offloadRow{system: r["system"], policy: r["policy"], source: r["source"], note: c["note"], skipped: c["skip"], way: c["way"], share: firstNumber(r["cache_fraction"])}
	if row.skipped != "" {
		return row, nil
	}
	switch v := number(r["value"], 0); r["unit"] {
	case "ms":
		row.measured = v / 1e3
	case "s":
		row.measured = v
	case "tok/s":
		row.measured = 1 / v
	default:
		row.skipped = "not a time: " + r["metric"]
		return row, nil
	}
	p, ok := preset.ByID(c["model"])
	if !ok {
		return nil, fmt.Errorf("model %q: not a preset", c["model"])
	}
	reading, err := p.Reading()
	if err != nil {
		return nil, err
	}
	model := reading.Model
	full := *model
	if c["weights"] != "" {
		scheme, ok := format.SchemeByID(c["weights"])
		if !ok {
			return nil, fmt.Errorf("weights %q: not a scheme", c["weights"])
		}
		model = model.Convert(scheme)
	}
	gpu, err := hardware.Parse(c["hardware"])
	if err != nil {
		return nil, err
	}
	engine, ok := serving.EngineByID(c["engine"])
	if !ok {
		return nil, fmt.Errorf("engine %q: not known", c["engine"])
	}
	gpus := int(number(c["gpus"], 1))
	d := serving.Deployment{Model: model, GPU: gpu, KV: format.BF16, Engine: engine, Layout: serving.Layout{GPUs: gpus, TP: gpus, PP: 1, EP: 1, DP: 1}}
	row.timing = serving.NewTiming(d, serving.Assumptions{Skew: number(c["skew"], 1)})
	row.experts = float64(model.WeightBytesByRole()[arch.RoutedExperts].Bytes())
	row.place(c, &gpu, model)
	row.eager = strings.HasPrefix(c["note"], "CUDA graphs off")
	row.context = contextOf(r["metric"], number(c["context"], 512))
	if after, ok := strings.CutPrefix(r["metric"], "prefill rate, "); ok { // as many tokens per second
		tokens, _, _ := strings.Cut(after, "-")
		row.prompt = number(tokens, 0)
		row.measured *= row.prompt
	} else if _, after, ok := strings.Cut(r["metric"], "decode speed, "); ok && strings.HasSuffix(after, "-token context") {
		row.context = number(strings.TrimSuffix(after, "-token context"), row.context)
	}
	if c["python"] == "1" {
		row.loop(&full, &gpu, c["weights"] != "bf16" && c["weights"] != "")
	}
	return row, nil
}

// firstNumber is the number that a cell begins with; 0 if it begins with none.
func firstNumber(cell string) float64 {
	first, _, _ := strings.Cut(cell, " ")
	return number(first, 0)
}

// contextOf reads the context where the metric says it.
func contextOf(metric string, otherwise float64) float64 {
	if _, after, ok := strings.Cut(metric, "context "); ok {
		digits, _, _ := strings.Cut(after, ",")
		return number(digits, otherwise)
	}
	return otherwise
}

// place says where the experts of a row are.
func (row *offloadRow) place(c map[string]string, gpu *hardware.Accelerator, model *arch.Model) {
	h := gpu.Host()
	s := offload.Setting{Host: 1, Cache: row.share, Evict: experts.Static, Drift: 0.12, Recall: 0.88, Waste: 0.12, Refetch: true,
		Link: number(c["link"], h.LinkBytesPerSecond/1e9) * 1e9, CPU: number(c["cpu"], h.CPUBytesPerSecond/1e9) * 1e9, NVMe: number(c["nvme"], 7) * 1e9, RAM: number(c["ram"], 0) * 1e9}
	row.memory = number(c["memory"], 0) * 1e9
	switch c["place"] {
	case "lru", "lfu":
		s.Evict = experts.Policy(c["place"])
	case "random":
		s.Drift = 100 // a list made of anything
	case "layers":
		s.Mapped = float64(model.WeightBytes().Bytes())
	}
	if row.way == "executed" {
		s.Refetch, s.Drift = false, 0
	}
	if strings.HasPrefix(row.system, "MoE-Infinity") {
		s.Cache = 0.2
	}
	row.setting = s
}

// loop counts the experts that a Python loop runs, and what their kernels move: weights of few
// bits are widened to 16 and read again.
func (row *offloadRow) loop(full *arch.Model, gpu *hardware.Accelerator, widened bool) {
	for i := range full.Blocks {
		for j := range full.Blocks[i].Sublayers {
			s := &full.Blocks[i].Sublayers[j]
			if s.MoE == nil {
				continue
			}
			row.python += float64(s.MoE.TopK)
			if !widened {
				continue
			}
			for _, x := range s.Tensors {
				if x.Role == arch.RoutedExperts {
					const passes, bytes = 2, 2 // written and read
					row.moved += passes * bytes * float64(x.Elements()) / float64(s.MoE.Experts) * float64(s.MoE.TopK) / gpu.BandwidthBytesPerSecond
				}
			}
		}
	}
}

var offloadWays = map[string]offload.Policy{
	"on_demand": offload.OnDemand, "cached": offload.Cached, "prefetch": offload.Prefetch, "executed": offload.Prefetch, "cpu": offload.CPU, "hybrid": offload.Hybrid,
}

// predict is the row's time in seconds.
func (row *offloadRow) predict(c *offloadConstants) float64 {
	w := serving.Work{Decode: 1, Context: row.context, Eager: row.eager}
	s := row.setting
	if row.memory > 0 {
		s.CPU = c.memory * row.memory
	}
	loop := c.python*row.python + row.moved
	if row.way == "resident" || s.OnGPU() >= 1 {
		return row.timing.Resident(w).Seconds + loop
	}
	plan := offload.New(row.timing, row.experts, s)
	plan.Use(c.model)
	if row.way == "layer" { // all experts of every layer, needed or not
		return row.timing.Resident(w).Seconds + row.experts/s.Link + loop
	}
	if row.prompt > 0 {
		const chunk = 512 // llama.cpp's micro-batch
		return plan.Timing(offloadWays[row.way], offloadWays[row.way]).PromptSeconds(serving.Load{Batch: 1, Prompt: int64(row.prompt), Output: 1, Chunk: chunk})
	}
	return plan.Time(offloadWays[row.way], w).Seconds + loop
}

func (row *offloadRow) err(c *offloadConstants) float64 {
	return math.Log(row.predict(c) / row.measured)
}
