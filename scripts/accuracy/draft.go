package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"moecost/core/arch"
	"moecost/core/arch/preset"
	"moecost/core/draft"
	"moecost/core/format"
	"moecost/core/hardware"
	"moecost/core/serving"
)

// draftCase is a measured gain by drafting with what predicts it: a row of
// specdec.csv by its row of specdec_cases.csv.
type draftCase struct {
	id, model, method, note, skipped string

	timings []*serving.Timing // of several models the least gain counts
	load    serving.Load
	plan    draft.Plan
	stated  bool    // what was accepted is known
	guessed bool    // the deployment is not: shown, not counted
	gain    float64 // measured
	high    float64 // the other end, where the source gives a range
	penalty float64 // measured at most; 0 if it is not
}

func readDraftCases(f *facts) ([]*draftCase, error) {
	rows, err := readTable(f.dir, "specdec.csv")
	if err != nil {
		return nil, err
	}
	cases, err := readTable(f.dir, "specdec_cases.csv")
	if err != nil {
		return nil, err
	}
	out := make([]*draftCase, 0, len(rows))
	for _, r := range rows {
		facts, err := find(cases, "id", r["id"])
		if err != nil {
			return nil, err
		}
		c := &draftCase{id: r["id"], model: r["model"], method: r["method"], note: facts["taken_for"], skipped: facts["why_not"]}
		if c.skipped == "" {
			if err := c.prepare(f, facts); err != nil {
				return nil, fmt.Errorf("specdec_cases.csv: %s: %w", c.id, err)
			}
		}
		out = append(out, c)
	}
	return out, nil
}

func (c *draftCase) prepare(f *facts, r map[string]string) error {
	gpu, ok := hardware.ByID(r["gpu"])
	if !ok {
		return fmt.Errorf("gpu %q: unknown", r["gpu"])
	}
	gpu.BandwidthBytesPerSecond = number(r["bandwidth_gb_per_s"], gpu.BandwidthBytesPerSecond/1e9) * 1e9
	engine, ok := serving.EngineByID(r["engine"])
	if !ok {
		return fmt.Errorf("engine %q: unknown", r["engine"])
	}
	layout := serving.Layout{TP: int(number(r["tp"], 1)), PP: 1, DP: int(number(r["dp"], 1)), EP: int(number(r["ep"], 1))}
	layout.GPUs = layout.TP * layout.DP
	assume := serving.Assumptions{Skew: number(r["skew"], f.skew), Apart: true} // gains of decoding alone
	if layout.EP > 8 {
		assume.Balanced = 1.1
	}
	c.load = serving.Load{Batch: int64(number(r["batch"], 1)), Prompt: int64(number(r["in"], 1024)), Output: int64(number(r["out"], 1024))}
	for id := range strings.SplitSeq(r["preset"], ";") {
		model, err := convertedPreset(id, r["weights"])
		if err != nil {
			return err
		}
		if err := layout.Check(model); err != nil {
			return err
		}
		d := serving.Deployment{Model: model, GPU: gpu, Layout: layout, KV: format.BF16, Engine: engine, Load: c.load}
		c.timings = append(c.timings, serving.NewTiming(d, assume))
	}
	c.gain, c.high, c.penalty = number(r["gain"], 0), number(r["gain_high"], 0), number(r["penalty_high"], 0)
	c.plan = draft.Plan{Tokens: int(number(r["draft"], 0)), Accept: number(r["accept"], 0)}
	c.stated, c.guessed = r["accept"] != "", r["guessed"] != ""
	if perStep := number(r["per_step"], 0); perStep > 0 {
		c.plan.Accept, c.stated = draft.Acceptance(c.plan.Tokens, perStep), true
	}
	return nil
}

func convertedPreset(id, weights string) (*arch.Model, error) {
	p, ok := preset.ByID(id)
	if !ok {
		return nil, fmt.Errorf("preset %q: unknown", id)
	}
	reading, err := p.Reading()
	if err != nil || weights == "" {
		return reading.Model, err
	}
	scheme, ok := format.SchemeByID(weights)
	if !ok {
		return nil, fmt.Errorf("weights %q: unknown", weights)
	}
	return reading.Model.Convert(scheme), nil
}

// predict is the least effect of the case's models.
func (c *draftCase) predict(accept float64) draft.Effect {
	c.plan.Accept = accept
	least := draft.Effect{Speedup: math.Inf(1)}
	for _, t := range c.timings {
		if e := draft.Of(t, c.load, c.plan); e.Speedup < least.Speedup {
			least = e
		}
	}
	return least
}

// implied is the acceptance with which the prediction is the measured gain.
func (c *draftCase) implied(gain float64) (accept float64, possible bool) {
	low, high := 0.0, 1.0
	if c.predict(1).Speedup < gain || c.predict(0).Speedup > gain {
		return 0, false
	}
	for range 50 {
		if middle := (low + high) / 2; c.predict(middle).Speedup < gain {
			low = middle
		} else {
			high = middle
		}
	}
	return low, true
}

// draftTable compares gains by drafting. No constant was fitted on them.
func draftTable(w io.Writer, f *facts) error {
	cases, err := readDraftCases(f)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "| drafting, acceptance known | drafts | tokens per step | verification takes | draft takes | measured gain | predicted | error | note |\n|---|--:|--:|--:|--:|--:|--:|--:|---|\n")
	var errs []float64
	for _, c := range cases {
		if c.skipped != "" || !c.stated {
			continue
		}
		e := c.predict(c.plan.Accept)
		miss := e.Speedup/c.gain - 1
		shown := fmt.Sprintf("%+.0f %%", 100*miss)
		if c.guessed {
			shown = "(" + shown + ")"
		} else {
			errs = append(errs, math.Abs(miss))
		}
		fmt.Fprintf(w, "| %s | %d | %.2f | %.2f steps | %.2f steps | %.2f× | %.2f× | %s | %s |\n",
			c.id, c.plan.Tokens, e.PerStep, e.Penalty, e.Draft/e.Plain, c.gain, e.Speedup, shown, c.note)
	}
	slices.Sort(errs)
	fmt.Fprintf(w, "\nMedian error %s, largest %s; in parentheses where the source does not say what it ran on, and not counted.\n", percent(quantile(errs, 0.5)), percent(errs[len(errs)-1]))
	fmt.Fprintf(w, "\n| drafting, acceptance not stated | drafts | measured gain | verification takes | draft takes | acceptance that the gain implies | note |\n|---|--:|--:|--:|--:|--:|---|\n")
	for _, c := range cases {
		if c.skipped != "" || c.stated {
			continue
		}
		e := c.predict(0)
		gain, implied := fmt.Sprintf("%.2f×", c.gain), impliedText(c, c.gain)
		if c.high > 0 {
			gain += fmt.Sprintf(" to %.2f×", c.high)
			implied += " to " + impliedText(c, c.high)
		}
		fmt.Fprintf(w, "| %s | %d | %s | %.2f steps | %.2f steps | %s | %s |\n", c.id, c.plan.Tokens, gain, e.Penalty, e.Draft/e.Plain, implied, c.note)
	}
	fmt.Fprintf(w, "\n| drafting, not predicted | why |\n|---|---|\n")
	for _, c := range cases {
		if c.skipped != "" {
			fmt.Fprintf(w, "| %s | %s |\n", c.id, c.skipped)
		}
	}
	return nil
}

func impliedText(c *draftCase, gain float64) string {
	accept, possible := c.implied(gain)
	if !possible {
		return "none"
	}
	return fmt.Sprintf("%.0f %%", 100*accept)
}
