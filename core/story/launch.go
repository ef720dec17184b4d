package story

import (
	"math"
	"strconv"

	"moecost/core/arch/preset"
	"moecost/core/launch"
	"moecost/core/quantity"
	"moecost/core/report"
	"moecost/core/serving"
	"moecost/core/sweep"
)

// Launching is "What to run": the commands of a deployment, and the few benchmark runs that would make its
// prediction surest.
type Launching struct {
	Engine   string // "vLLM"; empty if there is nothing to run
	Absent   string // why not
	Commands []LaunchCommand
	Notes    []string // what the engine cannot do, or must be given by hand
	Options  []LaunchOption
	Runs     []MeasuringRun
	Method   string // how the runs were chosen
	Rows     string // the reader's own measurements as rows of the accuracy data; empty without any
}

// LaunchCommand is one command, ready for a shell.
type LaunchCommand struct {
	Where string // "server 0"; empty if there is only one place
	Text  string
}

// LaunchOption is one option that a command uses, with the place where it is documented.
type LaunchOption struct{ Name, Meaning, Version, Source string }

// MeasuringRun is one benchmark run.
type MeasuringRun struct {
	Title   string   // "16 users, prompts of 4,096 tokens, 1,024 out"
	Why     string   // "a quarter of your users"
	Command string   // ready for a shell
	Pins    []string // "time per output token: within a factor of 1.73 now, 1.05 then"
}

// Launches says what to run for a report. q is the question that the report answers.
func Launches(q report.Question, r *report.Report) Launching {
	s := &r.Scenario
	switch {
	case !r.Memory.Fits:
		return Launching{Absent: s.ModelName + " does not fit on " + cards(s.GPUs, s.GPUName) + ": there is nothing to run."}
	case s.Engine == "trtllm" && r.GPU().Vendor != "NVIDIA" && r.GPU().Vendor != "": // custom hardware has none
		return Launching{Absent: s.EngineName + " does not run on " + s.GPUName + ": choose another engine."}
	case s.Engine == "ideal":
		return Launching{Absent: "The ideal profile is a bound that no engine reaches: choose an engine to see its commands."}
	}
	roles := []string{""}
	if s.Split {
		roles = []string{"prefill", "decode"}
	}
	var out Launching
	used := map[string]bool{}
	seen := map[string]bool{}
	for _, role := range roles {
		l, err := launch.Commands(deployment(r, role))
		if err != nil {
			return Launching{Absent: s.EngineName + " has no commands here."}
		}
		out.Engine = l.Engine
		for i := range l.Commands {
			c := &l.Commands[i]
			where := c.Where
			if role != "" {
				where = role
				if c.Where != "" {
					where += ", " + c.Where
				}
			}
			out.Commands = append(out.Commands, LaunchCommand{where, c.Text()})
			for _, f := range c.Flags {
				used["serve "+f.Name] = true
			}
			if c.File != nil {
				for _, k := range c.File.Keys {
					used["yaml "+k.Name] = true
				}
			}
		}
		for _, n := range l.Notes {
			if !seen[n] {
				seen[n] = true
				out.Notes = append(out.Notes, n)
			}
		}
	}
	out.Notes = append(out.Notes, cautions(r)...)
	options, _ := launch.Options()
	for _, o := range options {
		if o.Engine == s.Engine && used[o.Tool+" "+o.Flag] {
			out.Options = append(out.Options, LaunchOption{o.Flag, o.Meaning, o.Version, o.Source})
		}
	}
	out.Rows = SeenRows(r)
	for _, run := range sweep.Plan(q, r) {
		out.Runs = append(out.Runs, measuring(r, run))
	}
	if len(out.Runs) > 0 {
		out.Method = "Each run is the one that shrinks the ranges the most, given those before it. An error is shared by all loads of its class, which one measurement takes away, and in part each load's own."
	}
	return out
}

// deployment is what a report has decided, as core/launch takes it.
func deployment(r *report.Report, role string) launch.Deployment {
	s := &r.Scenario
	d := launch.Deployment{
		Engine: s.Engine, Model: "./model", GPUs: s.GPUs, PerNode: perServer(r), TP: s.TP, PP: s.PP, EP: s.EP, DP: s.DP,
		Context: longest(r), Sequences: s.Batch, Chunk: s.Chunk,
		Experts: r.Model.RoutedExperts, EPLB: s.EPLB, Spare: s.Spare, Interval: int64(s.Interval), Layers: s.Moves == "layerwise",
		Draft: s.Draft, DraftOwn: r.DraftsItself(), Host: s.Host, Role: role,
	}
	if p, ok := preset.ByID(s.Model); ok && p.HubID != "" {
		d.Model = p.HubID
	}
	if !s.Chosen.Weights {
		d.Weights = s.Weights
	}
	if !s.Chosen.KV {
		d.KV = s.KV
	}
	if e, ok := serving.EngineByID(s.Engine); ok {
		if e.MaxTokens > 0 {
			d.Chunk = min(d.Chunk, e.MaxTokens) // as the ledger has it
		}
		if e.Raised > 0 {
			// What the engine keeps clear holds its graphs, too.
			m := &r.Memory
			fills := 1 - float64(m.Runtime.Clear+m.Runtime.Graphs)/float64(m.GPUBytes-m.Runtime.Driver)
			if fills > (e.Fraction+e.Raised)/2 {
				d.Memory = e.Raised
			}
		}
	}
	if s.Host > 0 {
		d.HostBytes = r.Memory.HostBytes / int64(s.GPUs)
	}
	if r.Offload != nil {
		d.CPULayers = r.Offload.CPULayers
	}
	return d
}

// longest is the tokens of the longest request that a server is to take: where lengths vary, that which one in a thousand
// exceeds (3.09 standard deviations of a lognormal law), as far as the model and its cache go. llama.cpp sets memory aside for
// every token of it, so that it stays with the mean.
func longest(r *report.Report) int64 {
	s := &r.Scenario
	mean := s.In + s.Out
	if s.Engine == "llamacpp" || s.InCV == 0 && s.OutCV == 0 {
		return mean
	}
	tail := func(mean int64, cv float64) int64 {
		variance := math.Log1p(cv * cv)
		return int64(math.Ceil(float64(mean) * math.Exp(3.09*math.Sqrt(variance)-variance/2)))
	}
	most := tail(s.In, s.InCV) + tail(s.Out, s.OutCV)
	most = min(most, r.Memory.MaxBatch/max(int64(s.DP), 1)*mean)
	if limit := r.Model.MaxContext; limit > 0 {
		most = min(most, limit)
	}
	return max(most, mean)
}

// cautions say what a command holds that is not the whole traffic, or not the whole deployment.
func cautions(r *report.Report) []string {
	s := &r.Scenario
	var notes []string
	if s.InCV > 0 || s.OutCV > 0 {
		notes = append(notes, "Lengths vary: a request of more than "+quantity.Integer(longest(r))+" tokens, output included, is refused or cut off. Raise that to your longest.")
	}
	if s.Split {
		notes = append(notes, "Both commands have this scenario's layout. Where a plan gives prefill GPUs and a chunk of its own, its table says which.")
	}
	return notes
}

// perServer is how many GPUs share a server: eight, or four where one domain joins whole racks (GB200 and GB300 have four in
// a tray).
func perServer(r *report.Report) int {
	if r.GPU().ScaleUp.GPUs > 8 {
		return 4
	}
	return 8
}

// reasons say what a run is for.
var reasons = [...]string{
	sweep.Own:     "your own load",
	sweep.One:     "one user: the time of a step without company, and of a prompt without a queue",
	sweep.Prompts: "prompts alone: how fast prefill can be",
	sweep.Fullest: "as many users as fit: the cheapest end of the curve",
	sweep.Quarter: "a quarter of your users",
	sweep.Longer:  "prompts twice as long: what length costs",
}

// pinnedNames name the figures that runs measure.
var pinnedNames = [...][2]string{
	{"decode.tpot_s", "time per output token"}, {"prefill.ttft_loaded_s", "time to first token under load"},
	{"prefill.ttft_s", "time to first token"}, {"prefill.tokens_per_s", "prompt tokens per second"},
}

func pinnedName(figure string) string {
	for _, n := range pinnedNames {
		if n[0] == figure {
			return n[1]
		}
	}
	return figure
}

func measuring(r *report.Report, run sweep.Run) MeasuringRun {
	m := MeasuringRun{
		Title: count(run.Users, "user") + ", prompts of " + quantity.Integer(run.In) + " tokens, " + quantity.Integer(run.Out) + " out",
		Why:   reasons[run.Kind],
	}
	if c, err := launch.Bench(deployment(r, ""), launch.Load{Users: run.Users, In: run.In, Out: run.Out}); err == nil {
		m.Command = c.Text()
	}
	for _, p := range run.Pins {
		at := ""
		if p.Users != run.Users || p.In != run.In {
			at = " of " + count(p.Users, "user")
			if p.In != run.In {
				at += " with " + quantity.Integer(p.In) + " tokens"
			}
		}
		m.Pins = append(m.Pins, pinnedName(p.Figure)+at+": the range spans a factor of "+strconv.FormatFloat(p.Before, 'f', 2, 64)+" now, "+strconv.FormatFloat(p.After, 'f', 2, 64)+" then")
	}
	return m
}
