package main

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"moecost/core/serving"
)

// Classes beside those that have a range.
const (
	wholeBatch serving.Class = serving.ClassCount + iota // old benchmarks: prefill and decode of one batch
	burst                                                // TPOT of hundreds of requests at once: predicted, not fitted
	unclassed
)

func className(c serving.Class) string {
	switch c {
	case wholeBatch:
		return "whole-batch latency"
	case burst:
		return "burst TPOT (not fitted)"
	}
	return c.String()
}

// row is one measurement with what predicts it.
type row struct {
	id, model, gpu, weights, engine, version string
	gpus                                     int
	class                                    serving.Class
	burst                                    bool
	grey                                     bool // shown, never fitted or counted
	reason                                   string
	conf                                     string // model x GPU x count x engine family: what a fold leaves out
	exact                                    string // the same with version, formats and parallelism: what one point calibrates
	measured                                 float64
	slower                                   bool // larger is slower: a time
	timing                                   *serving.Timing
	predict                                  func(t *serving.Timing) float64
	weight                                   float64
	users, prompt, output, source            string // as the table writes them
	skipped                                  string
}

// err is ln(predicted/measured) of a time, the reverse of a rate: above 0 is too slow.
func (r *row) err(predicted float64) float64 {
	e := math.Log(predicted / r.measured)
	if !r.slower {
		e = -e
	}
	return e
}

type timings map[string]*serving.Timing

// readRows reads serving.csv. Every row comes back; those without a prediction say why.
func readRows(f *facts) ([]*row, error) {
	table, err := readTable(f.dir, "serving.csv")
	if err != nil {
		return nil, err
	}
	cache := timings{}
	rows := make([]*row, 0, len(table))
	for _, cells := range table {
		r := &row{
			id: cells["id"], model: cells["model"], gpu: cells["gpu"], weights: cells["weights_dtype"],
			version: cells["engine+version"], engine: engineOf(cells["engine+version"]),
			gpus: int(number(cells["n_gpus"], 1)), measured: number(cells["value"], 0),
			users: cells["batch_or_concurrency"], prompt: cells["input_len"], output: cells["output_len"], source: cells["source"],
		}
		r.conf = fmt.Sprintf("%s|%s|%d|%s", r.model, r.gpu, r.gpus, r.engine)
		r.exact = r.conf + "|" + r.version + "|" + r.weights + "|" + cells["parallelism"]
		treat, reason := excluded(f, r.id, cells["metric"])
		r.class, r.reason = unclassed, reason
		switch treat {
		case "other":
			r.skipped = r.reason
		default:
			r.grey = treat == "grey"
			r.burst = treat == "burst"
			if err := f.bind(r, cells, cache); err != nil {
				r.skipped = err.Error()
			}
		}
		rows = append(rows, r)
	}
	weigh(rows)
	return rows, nil
}

// excluded says how serving_excluded.csv treats a row, and why; "" is as any other.
func excluded(f *facts, id, metric string) (treat, reason string) {
	for _, x := range f.excluded {
		if strings.HasPrefix(id, x["prefix"]) && strings.HasPrefix(metric, x["metric"]) {
			return x["class"], x["reason"]
		}
	}
	return "", ""
}

var leadingNumber = regexp.MustCompile(`^[0-9]+`)

// bind finds the deployment of a row and the function that predicts it.
func (f *facts) bind(r *row, cells map[string]string, cached timings) error {
	model, err := f.model(r.model, r.weights)
	if err != nil {
		return err
	}
	gpu, err := f.gpu(r.gpu)
	if err != nil {
		return err
	}
	layout, err := f.layout(cells["parallelism"], r.gpus)
	if err != nil {
		return err
	}
	engine, _ := serving.EngineByID(r.engine)
	d := serving.Deployment{Model: model, GPU: gpu, Layout: layout, KV: cache(cells["kv_dtype"], &gpu, r.weights, r.engine), Engine: engine}
	if err := layout.Check(model); err != nil {
		return err
	}
	wide := strings.HasPrefix(cells["parallelism"], "ep") || strings.Contains(cells["parallelism"], "dp4 ep4")
	popularity := serving.Assumptions{Skew: f.skew, Older: f.older(r.version)}
	if wide {
		popularity.Balanced = 1.1 // EPLB or forced balance in every one of these rows
	}
	key := r.exact + fmt.Sprint(d.KV.ID, popularity)
	if cached[key] == nil {
		cached[key] = serving.NewTiming(d, popularity)
	}
	r.timing = cached[key]

	users := number(cells["batch_or_concurrency"], 0)
	perGPU := strings.Contains(cells["batch_or_concurrency"], "per GPU")
	if users == 0 {
		users = number(leadingNumber.FindString(cells["batch_or_concurrency"]), 1)
	}
	if perGPU {
		users *= float64(layout.GPUs)
	}
	load := serving.Load{
		Batch: int64(users), Prompt: int64(number(cells["input_len"], 1024)), Output: int64(number(cells["output_len"], 0)),
		Chunk: chunkOf(r),
	}
	metric := cells["metric"]
	r.slower = cells["unit"] == "ms" || cells["unit"] == "s"
	if cells["unit"] == "ms" {
		r.measured /= 1e3
	}
	scale := 1.0 // from the deployment's total to the row's unit
	switch {
	case strings.HasSuffix(metric, "per_gpu") || strings.HasSuffix(cells["unit"], "/GPU"):
		scale = 1 / float64(layout.GPUs)
	case strings.Contains(metric, "per_node"):
		scale = 8 / float64(layout.GPUs)
	}
	set := func(c serving.Class, predict func(t *serving.Timing) float64) {
		r.class, r.predict = c, predict
		if r.burst {
			r.class = burst
		}
	}
	decodeClass := func() serving.Class {
		if wide {
			return serving.WideParallel
		}
		c := r.timing.DecodeClass(load)
		if c == serving.WideParallel { // attention replicated inside one node
			c = serving.NodeMany
		}
		return c
	}
	admitted := f.admitted(d, load)
	running := load
	running.Batch = min(load.Batch, admitted)
	switch {
	case strings.HasPrefix(metric, "tpot"):
		if strings.Contains(cells["batch_or_concurrency"], "at once") {
			running.Batch = min(admitted, 500)
		}
		set(decodeClass(), func(t *serving.Timing) float64 { return t.TPOT(running) })
	case strings.HasPrefix(metric, "ttft"):
		arrivals := serving.Waves
		if metric == "ttft_median" {
			arrivals = serving.Spread
		}
		c := serving.LoadedFirst
		if load.Batch <= 1 {
			c = serving.FirstToken
		}
		set(c, func(t *serving.Timing) float64 { return t.TTFT(load, arrivals, admitted) })
	case metric == "decode_speed" || metric == "output_speed_per_user":
		if metric == "output_speed_per_user" && load.Batch > 1 {
			set(decodeClass(), func(t *serving.Timing) float64 { return 1 / t.TPOT(running) })
			break
		}
		load.Output = max(load.Output, 1)
		set(decodeClass(), func(t *serving.Timing) float64 { s := t.DecodeStep(load); return 1 / s.Seconds })
	case metric == "decode_throughput_total":
		set(decodeClass(), func(t *serving.Timing) float64 { s := t.DecodeStep(load); return float64(load.Batch) / s.Seconds })
	case metric == "prefill_speed" || strings.HasPrefix(metric, "input_throughput") || strings.HasPrefix(r.id, "vlgb3-"):
		c := serving.PrefillRate
		if wide {
			c = serving.WideParallel
		}
		tokens, reach := float64(load.Prompt), float64(load.Prompt)/2
		switch {
		case r.engine == "llamacpp" && load.Output > 0: // llama-bench: context, then the tokens of the test
			tokens, reach = float64(load.Output), float64(number(cells["input_len"], 0))+float64(load.Output)/2
		case wide:
			tokens = 16384
		case tokens > float64(load.Chunk):
			tokens = float64(load.Chunk)
		}
		work := serving.Work{Prefill: tokens, PrefillReach: reach, Prompts: 1, Eager: true}
		dp := float64(layout.DP)
		set(c, func(t *serving.Timing) float64 { s := t.Step(work); return tokens * dp * scale / s.Seconds })
	case metric == "e2e_latency":
		set(wholeBatch, func(t *serving.Timing) float64 {
			s := t.DecodeStep(load)
			return t.SharedPromptSeconds(load, float64(load.Batch))*float64(load.Batch) + (float64(load.Output)-1)*s.Seconds
		})
	case strings.HasPrefix(metric, "output_throughput") && wide:
		if load.Output == 0 {
			load.Output = 2000
		}
		set(serving.WideParallel, func(t *serving.Timing) float64 {
			s := t.DecodeStep(load)
			return float64(load.Batch) * scale / s.Seconds
		})
	case strings.HasPrefix(cells["batch_or_concurrency"], "max load"):
		load.Batch = admitted
		set(serving.SaturatedRate, func(t *serving.Timing) float64 { return t.SaturatedPerSecond(load) * scale })
	case metric == "total_throughput":
		load.Batch = min(admitted, 500)
		both := float64(load.Prompt+load.Output) / float64(load.Output)
		set(serving.SaturatedRate, func(t *serving.Timing) float64 { return t.SaturatedPerSecond(load) * both })
	case metric == "output_throughput":
		if strings.Contains(cells["batch_or_concurrency"], "burst") {
			load.Batch = min(admitted, 1000)
			set(serving.SaturatedRate, func(t *serving.Timing) float64 { return t.SaturatedPerSecond(load) * scale })
			break
		}
		set(serving.ClosedLoopRate, func(t *serving.Timing) float64 { return t.OutputPerSecond(running) * scale })
	default:
		return fmt.Errorf("metric %q: no prediction", metric)
	}
	return nil
}

// chunkOf is the prefill tokens per step: what the row states, else the engines' defaults.
func chunkOf(r *row) int64 {
	switch {
	case strings.Contains(r.version, "mbt4096"):
		return 4096
	case r.engine == "llamacpp":
		return 2048 // the -ub of the published llama-bench runs
	case strings.HasPrefix(r.id, "lm"), strings.HasPrefix(r.id, "ds"), strings.HasPrefix(r.id, "vlgb"):
		return 16384
	}
	return 8192
}

// admitted is how many sequences of full length the caches hold.
func (f *facts) admitted(d serving.Deployment, load serving.Load) int64 {
	footprint := serving.Compile(d.Model, d.KV)
	ledger := footprint.Ledger(&d.GPU, &d.Engine, d.Layout, load)
	perReplica := max(ledger.Sequences(), 1)
	most := int64(1024)
	if d.Layout.DP > 1 {
		most = 512
	}
	return min(perReplica, most) * int64(d.Layout.DP)
}

// weigh gives a configuration one vote per class, softened: 1/sqrt(rows).
func weigh(rows []*row) {
	count := map[string]float64{}
	key := func(r *row) string { return r.conf + "|" + className(r.class) }
	for _, r := range rows {
		if r.used() {
			count[key(r)]++
		}
	}
	for _, r := range rows {
		if !r.used() {
			continue
		}
		r.weight = 1 / math.Sqrt(count[key(r)])
		switch r.class {
		case serving.LoadedFirst, serving.ClosedLoopRate:
			r.weight *= 0.5
		case serving.SaturatedRate:
			r.weight *= 0.7
		}
	}
}

// used tells whether a row is fitted and counted.
func (r *row) used() bool { return r.skipped == "" && !r.grey && r.class != burst }
