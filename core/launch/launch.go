// Package launch writes the commands that run a deployment: for vLLM, SGLang, TensorRT-LLM and
// llama.cpp, with the options that moecost has decided, and the benchmark that measures it.
//
// This package is opinionated. It sets what changes memory or time and leaves everything else at the
// engine's default. Every option comes from assets/engine_flags.csv, where it stands with the place in
// the engine's own documentation; a key that an engine has no option for becomes a note instead
// of a guess. A name from a link or a file is quoted, so that it stays one argument of one command
// whatever it holds.
//
// For basic usage, call Commands with a Deployment; Bench gives the command that measures one load.
package launch

import (
	"fmt"
	"strings"
)

// Deployment is what is to run.
type Deployment struct {
	Engine string // "vllm", "sglang", "trtllm" or "llamacpp"
	Model  string // Hub id or path, whatever it holds

	GPUs    int // of one engine instance
	PerNode int // of one server; 0 is 8
	TP, PP  int
	EP, DP  int

	Context   int64   // tokens of the longest request, output included
	Sequences int64   // decoding at once, over all replicas
	Chunk     int64   // prefill tokens of one step and attention replica; 0: the engine's own
	Memory    float64 // share of a GPU that the engine fills; 0: the engine's own

	Weights string // number format that the published weights are converted to; empty: as published
	KV      string // number format of the cache, such as "fp8"; empty or "bf16": the engine's default

	Experts  int64  // routed experts of a layer; 0 for a dense model
	EPLB     string // "off", "static" or "online"
	Spare    int64  // expert slots over all ranks
	Interval int64  // steps between online rebalancings
	Layers   bool   // moves go a layer at a time, behind the steps

	Draft    int64 // tokens
	DraftOwn bool  // by modules of the model itself

	Host      float64 // share of the routed experts in host memory
	HostBytes int64   // of these, per GPU
	CPULayers int64   // MoE layers whose experts the CPU computes (llama.cpp)

	Role string // "prefill" or "decode" of a split deployment; empty: both
}

// Launch is everything needed to run a Deployment.
type Launch struct {
	Engine   string // "vLLM"
	Commands []Command
	Notes    []string // what the engine cannot do, or must be given by hand
}

// Command is one line for a shell, with the files that it reads.
type Command struct {
	Where   string // "on each server": empty if there is only one place
	Program []string
	Model   string // positional, before the options; empty if an option names it
	Flags   []Flag
	File    *File // that must exist before
}

// Flag is one option.
type Flag struct {
	Name, Value string
	Bare        bool // it has no value
	Key         string
}

// File is a YAML file of nested keys.
type File struct {
	Name string
	Keys []Flag // names with dots between levels, neighbours of one level together
}

// engine is how one engine is told.
type engine struct {
	id, name string
	tell     func(*builder)
}

var engines = []engine{
	{"vllm", "vLLM", tellVLLM},
	{"sglang", "SGLang", tellSGLang},
	{"trtllm", "TensorRT-LLM", tellTensorRT},
	{"llamacpp", "llama.cpp", tellLlama},
}

// Engines are the ids that Commands knows.
func Engines() []string {
	var ids []string
	for _, e := range engines {
		ids = append(ids, e.id)
	}
	return ids
}

// Commands writes a deployment down for its engine. The error names an engine that there is none of.
func Commands(d Deployment) (Launch, error) {
	for _, e := range engines {
		if e.id == d.Engine {
			b := &builder{d: d.settled(), out: Launch{Engine: e.name}}
			e.tell(b)
			return b.out, b.err
		}
	}
	return Launch{}, fmt.Errorf("launch: engine: %q cannot be run: %s can", d.Engine, strings.Join(Engines(), ", "))
}

// settled fills in what may be left out.
func (d Deployment) settled() Deployment {
	for _, n := range []*int{&d.GPUs, &d.TP, &d.PP, &d.EP, &d.DP} {
		*n = max(*n, 1)
	}
	if d.PerNode < 1 {
		d.PerNode = 8
	}
	if d.EPLB == "" || d.Experts == 0 {
		d.EPLB = "off"
	}
	if d.Model = plainName(d.Model); d.Model == "" {
		d.Model = "MODEL"
	}
	d.Sequences, d.Context = max(d.Sequences, 1), max(d.Context, 1)
	return d
}

// nodes is the number of servers.
func (d *Deployment) nodes() int { return (d.GPUs + d.PerNode - 1) / d.PerNode }

// perReplica is the sequences of the fullest attention replica.
func (d *Deployment) perReplica() int64 { return (d.Sequences + int64(d.DP) - 1) / int64(d.DP) }
