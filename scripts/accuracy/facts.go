package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"moecost/core/arch"
	"moecost/core/arch/hf"
	"moecost/core/arch/preset"
	"moecost/core/format"
	"moecost/core/hardware"
	"moecost/core/serving"
)

// facts translate what a measured row says into a deployment. They are data:
// serving_models.csv, serving_gpus.csv, serving_layouts.csv, serving_formats.csv.
type facts struct {
	dir                          string
	models, gpus, layouts, kinds []map[string]string
	excluded, releases           []map[string]string
	built                        map[string]*arch.Model
	skew                         float64
}

func readFacts(dir string) (*facts, error) {
	f := &facts{dir: dir, built: map[string]*arch.Model{}}
	for name, into := range map[string]*[]map[string]string{
		"serving_models.csv": &f.models, "serving_gpus.csv": &f.gpus, "serving_layouts.csv": &f.layouts,
		"serving_formats.csv": &f.kinds, "serving_excluded.csv": &f.excluded, "serving_releases.csv": &f.releases,
	} {
		rows, err := readTable(dir, name)
		if err != nil {
			return nil, err
		}
		*into = rows
	}
	return f, nil
}

func find(rows []map[string]string, column, value string) (map[string]string, error) {
	for _, r := range rows {
		if r[column] == value {
			return r, nil
		}
	}
	return nil, fmt.Errorf("%s %q: not in the table", column, value)
}

// model reads a fresh copy of a row's model in the row's formats.
func (f *facts) model(name, weights string) (*arch.Model, error) {
	key := name + "|" + weights
	if m := f.built[key]; m != nil {
		return m, nil
	}
	row, err := find(f.models, "model", name)
	if err != nil {
		return nil, err
	}
	kind, err := f.formats(name, weights)
	if err != nil {
		return nil, err
	}
	var m *arch.Model
	if file, isFile := strings.CutPrefix(row["preset"], "file:"); isFile {
		data, err := os.ReadFile(filepath.Join(f.dir, file))
		if err != nil {
			return nil, err
		}
		reading, err := hf.Read(data)
		if err != nil {
			return nil, err
		}
		m = reading.Model
	} else {
		p, ok := preset.ByID(row["preset"])
		if !ok {
			return nil, fmt.Errorf("preset %q: unknown", row["preset"])
		}
		reading, err := p.Reading()
		if err != nil {
			return nil, err
		}
		m = clone(reading.Model)
	}
	if err := reformat(m, kind); err != nil {
		return nil, fmt.Errorf("%s %s: %w", name, weights, err)
	}
	f.built[key] = m
	return m, nil
}

// clone copies a model so that its formats can be changed.
func clone(m *arch.Model) *arch.Model {
	data, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	var c arch.Model
	if err := json.Unmarshal(data, &c); err != nil {
		panic(err)
	}
	return &c
}

func (f *facts) formats(model, weights string) (map[string]string, error) {
	var general map[string]string
	for _, r := range f.kinds {
		if r["weights"] != weights {
			continue
		}
		if r["model"] == model {
			return r, nil
		}
		if r["model"] == "" {
			general = r
		}
	}
	if general == nil {
		return nil, fmt.Errorf("weights %q: not in serving_formats.csv", weights)
	}
	return general, nil
}

// columns of serving_formats.csv by role.
var roleColumns = [arch.RoleCount]string{
	arch.RoutedExperts: "experts", arch.SharedExperts: "shared", arch.DenseLayers: "dense",
	arch.AttentionWeights: "attention", arch.EmbeddingAndHead: "head",
}

// reformat stores the matrices of a model as a row of serving_formats.csv says.
func reformat(m *arch.Model, row map[string]string) error {
	average := format.Format{}
	if gib := number(row["gib"], 0); gib > 0 {
		average = averageBits(gib * (1 << 30) * 8 / float64(m.TotalParams()))
	}
	var failed error
	set := func(ts []arch.Tensor) {
		for i := range ts {
			t := &ts[i]
			if t.Use == arch.Applied || roleColumns[t.Role] == "" {
				continue
			}
			switch id := row[roleColumns[t.Role]]; id {
			case "published":
			case "size":
				t.Stored = average
			case "int8-weights":
				t.Stored = format.INT8
				t.Stored.Arithmetic = format.ArithmeticBF16
			default:
				g, ok := format.ByID(id)
				if !ok {
					failed = fmt.Errorf("format %q: unknown", id)
				}
				if t.Role == arch.EmbeddingAndHead && t.Use == arch.LookedUp && !m.Tied {
					continue
				}
				t.Stored = g
			}
		}
	}
	for i := range m.Blocks {
		for j := range m.Blocks[i].Sublayers {
			set(m.Blocks[i].Sublayers[j].Tensors)
		}
	}
	set(m.Embedding)
	set(m.Head)
	return failed
}

// averageBits is a made-up format of so many bits per weight: a file's size
// over its parameters, where the mixture inside is not stated.
func averageBits(bits float64) format.Format {
	const block = 1024
	return format.Format{
		ID: "average", Name: "file size over parameters", BlockRows: 1, BlockCols: block,
		BlockBytes: int(bits*block/8 + 0.5), Arithmetic: format.ArithmeticBF16,
	}
}

func (f *facts) gpu(name string) (hardware.Accelerator, error) {
	row, err := find(f.gpus, "gpu", name)
	if err != nil {
		return hardware.Accelerator{}, err
	}
	a, ok := hardware.ByID(row["id"])
	if !ok {
		return a, fmt.Errorf("gpu %q: unknown", row["id"])
	}
	a.BandwidthBytesPerSecond = number(row["bandwidth_gb_per_s"], a.BandwidthBytesPerSecond/1e9) * 1e9
	a.Peaks.BF16 = number(row["bf16_tflops"], a.Peaks.BF16/1e12) * 1e12
	if !a.Complete() {
		return a, fmt.Errorf("gpu %q: no bandwidth or peak", name)
	}
	return a, nil
}

func (f *facts) layout(parallelism string, gpus int) (serving.Layout, error) {
	row, err := find(f.layouts, "parallelism", parallelism)
	if err != nil {
		return serving.Layout{}, err
	}
	n := func(column string) int {
		if row[column] == "n" {
			return gpus
		}
		return int(number(row[column], 1))
	}
	l := serving.Layout{TP: n("tp"), PP: n("pp"), DP: n("dp"), EP: n("ep")}
	l.GPUs = l.TP * l.PP * l.DP
	return l, nil
}

// cache is the KV format: as stated; else 8 bits where an engine's own
// recipes set it: FP8 and NVFP4 checkpoints under TensorRT-LLM (ModelOpt writes an FP8
// cache into them), and weights of 8 bits or fewer on Blackwell.
func cache(stated string, gpu *hardware.Accelerator, weights, engine string) format.Format {
	narrow := strings.HasPrefix(weights, "fp8") || strings.HasPrefix(weights, "nvfp4") || strings.HasPrefix(weights, "mxfp4") || weights == "fp4"
	if stated == "fp8" || stated == "" && narrow && (gpu.Architecture == "blackwell" || engine == "trtllm") {
		return format.FP8KV
	}
	return format.BF16
}

// engineOf names the profile of an engine as a row writes it.
func engineOf(name string) string {
	name = strings.ToLower(name)
	switch {
	case strings.Contains(name, "vllm"):
		return "vllm"
	case strings.Contains(name, "sglang"), strings.Contains(name, "deepseek"):
		return "sglang"
	case strings.Contains(name, "trtllm"), strings.Contains(name, "tensorrt"):
		return "trtllm"
	}
	return "llamacpp"
}

// older tells whether a release is listed as one of January 2026 or before.
func (f *facts) older(version string) bool {
	for _, r := range f.releases {
		if strings.HasPrefix(version, r["version"]) {
			return true
		}
	}
	return false
}
