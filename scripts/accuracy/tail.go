package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"moecost/core/arch"
	"moecost/core/balance"
	"moecost/core/format"
	"moecost/core/hardware"
	"moecost/core/serving"
	"moecost/core/tail"
)

// tailRow is a row of tails.csv with what predicts it: a row of tails_cases.csv.
type tailRow struct {
	cells, as map[string]string
	ratio     float64 // measured P99 over median, or over the mean; or the P99 in milliseconds
	predicted float64
}

// readTailRows pairs measured rows with what they are taken for.
func readTailRows(f *facts) ([]*tailRow, error) {
	rows, err := readTable(f.dir, "tails.csv")
	if err != nil {
		return nil, err
	}
	cases, err := readTable(f.dir, "tails_cases.csv")
	if err != nil {
		return nil, err
	}
	var out []*tailRow
	for i, r := range rows {
		t := &tailRow{cells: r, ratio: number(r["ratio"], 0)}
		for _, c := range cases {
			if c["model"] == r["model"] && c["engine_hardware"] == r["engine_hardware"] {
				t.as = c
			}
		}
		if t.as == nil {
			return nil, fmt.Errorf("tails.csv: row %d: no row of tails_cases.csv says what %s, %s is taken for", i+2, r["model"], r["engine_hardware"])
		}
		out = append(out, t)
	}
	return out, nil
}

// shortest is the least of a benchmark's prompts and outputs, as a share of the longest.
const shortest = 0.8

// simulate is the row's load: a closed loop, whose users start together if whole requests
// were measured.
func (r *tailRow) simulate() (tail.Result, error) {
	as := r.as
	model, err := convertedPreset(as["preset"], as["weights"])
	if err != nil {
		return tail.Result{}, err
	}
	gpu, ok := hardware.ByID(as["gpu"])
	if !ok {
		return tail.Result{}, fmt.Errorf("gpu %q: unknown", as["gpu"])
	}
	engine, ok := serving.EngineByID(as["engine"])
	if !ok {
		return tail.Result{}, fmt.Errorf("engine %q: unknown", as["engine"])
	}
	layout := serving.Layout{TP: int(number(as["tp"], 1)), PP: 1, DP: int(number(as["dp"], 1)), EP: int(number(as["dp"], 1))}
	layout.GPUs = layout.TP * layout.DP
	if err := layout.Check(model); err != nil {
		return tail.Result{}, err
	}
	length := func(column string) int64 { return int64(math.Round(number(r.cells[column], 1) * (1 + shortest) / 2)) }
	users := number(r.cells["concurrency"], 50) // in words: "10 req/s, 50 prompts"
	load := serving.Load{Batch: int64(users), Prompt: length("input_len"), Output: length("output_len"), Chunk: int64(number(as["chunk"], 0)), Spare: int64(number(as["spare"], 0))}
	a := serving.Assumptions{Skew: 1}
	if as["eplb"] == "online" {
		a.Placed = balance.Setup{Policy: balance.Online, Drift: usualDrift, Interval: 3000}
	}
	c := tail.Case{
		Timing: serving.NewTiming(serving.Deployment{Model: model, GPU: gpu, Layout: layout, KV: format.BF16, Engine: engine, Load: load}, a),
		Load:   load, Domain: 0.3, Speed: 0.02, Lengths: (1 - shortest) / (1 + shortest), Benchmark: as["kind"] == "request", Seed: 1, Drawn: 200,
		Admitted: admitted(model, &gpu, &engine, layout, load),
	}
	if as["kind"] == "decode" {
		c.Without = c.Without.With(tail.Prefill)
	}
	s, err := tail.New(c)
	if err != nil {
		return tail.Result{}, err
	}
	_, total := s.Done()
	s.Advance(total)
	return s.Result(), nil
}

// admitted is the sequences that memory holds.
func admitted(m *arch.Model, gpu *hardware.Accelerator, engine *serving.Engine, l serving.Layout, load serving.Load) int64 {
	led := serving.Compile(m, format.BF16).Ledger(gpu, engine, l, load)
	return led.Sequences() * int64(l.DP)
}

// predictTails simulates every benchmark once and takes the ratios of all its rows from it.
func predictTails(rows []*tailRow) error {
	done := map[string]tail.Result{}
	for _, r := range rows {
		if r.as["skipped"] != "" {
			continue
		}
		key := strings.Join([]string{r.cells["model"], r.cells["engine_hardware"], r.cells["input_len"], r.cells["concurrency"]}, "|")
		res, ok := done[key]
		if !ok {
			var err error
			if res, err = r.simulate(); err != nil {
				return fmt.Errorf("tails_cases.csv: %s: %w", r.cells["model"], err)
			}
			done[key] = res
		}
		q, middle := res.TPOT, 0.0
		if strings.HasPrefix(r.cells["metric"], "TTFT") {
			q = res.TTFT
		}
		if r.as["kind"] != "request" {
			q = res.Step
		}
		switch middle = q.P50.Value; {
		case r.as["kind"] == "step": // milliseconds
			r.ratio, middle = number(r.cells["p99"], 0), 1e-3
		case strings.Contains(r.cells["metric"], "mean"):
			middle = q.Mean
		}
		r.predicted = q.P99.Value / middle
	}
	return nil
}

// tailTable compares P99 over median with tails.csv. No constant was fitted on it.
func tailTable(w io.Writer, f *facts) error {
	rows, err := readTailRows(f)
	if err != nil {
		return err
	}
	if err := predictTails(rows); err != nil {
		return err
	}
	fmt.Fprintf(w, "| P99 over median of a request, closed loop; of a step where it is ITL | users | measured | simulated | error |\n|---|---|---|---|---|\n")
	errs, over := map[string][]float64{}, map[string][]float64{}
	for i := 0; i < len(rows); {
		r := rows[i]
		if r.as["skipped"] != "" {
			i++
			continue
		}
		what := func(x *tailRow) string {
			return fmt.Sprintf("%s, %s in, %s out, %s, %s", x.cells["model"], x.cells["input_len"], x.cells["output_len"], x.cells["engine_hardware"], x.cells["metric"])
		}
		var users, measured, simulated, missed []string
		first := what(r)
		for ; i < len(rows) && rows[i].as["skipped"] == "" && what(rows[i]) == first; i++ {
			x := rows[i]
			users, measured = append(users, x.cells["concurrency"]), append(measured, fmt.Sprintf("%.2f", x.ratio))
			simulated = append(simulated, fmt.Sprintf("%.2f", x.predicted))
			miss := x.predicted/x.ratio - 1
			missed = append(missed, fmt.Sprintf("%+.0f %%", 100*miss))
			metric := strings.Fields(x.cells["metric"])[0]
			errs[metric], over[metric] = append(errs[metric], math.Abs(miss)), append(over[metric], x.ratio/x.predicted)
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s | %s |\n", first, strings.Join(users, " · "), strings.Join(measured, " · "), strings.Join(simulated, " · "), strings.Join(missed, " · "))
	}
	fmt.Fprintln(w)
	for _, metric := range []string{"TPOT", "TTFT", "ITL"} {
		slices.Sort(errs[metric])
		slices.Sort(over[metric])
		fmt.Fprintf(w, "%s: median error %s, 80 %% below %s, of %d rows; measured over simulated, 80 %% from %.2f to %.2f.\n", metric,
			percent(quantile(errs[metric], 0.5)), percent(quantile(errs[metric], 0.8)), len(errs[metric]), quantile(over[metric], 0.1), quantile(over[metric], 0.9))
	}
	fmt.Fprintf(w, "\n| tails | taken for |\n|---|---|\n")
	seen := map[string]bool{}
	for _, r := range rows {
		if name := r.cells["model"] + ", " + r.cells["engine_hardware"]; !seen[name] {
			seen[name] = true
			fmt.Fprintf(w, "| %s | %s |\n", name, r.as["note"]+r.as["skipped"])
		}
	}
	return nil
}
