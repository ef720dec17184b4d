package main

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"moecost/core/plan"
	"moecost/core/report"
)

// A plan's link opens one of its copies: it fits, its GPUs cost what the plan says of a copy, and a step of as many sequences as
// run takes as long, but for the slowest of the GPUs, which the plan counts in.
func TestPlanOpensAsReport(t *testing.T) {
	for _, query := range []string{
		"model=qwen3-30b-a3b&gpu=h100-sxm&rate=10&in=2048&out=256&tpot=20&ttft=800&pct=95&speed=0",
		"model=deepseek-v3&among=h800,h200:2.2&rate=20&in=4096&out=512&tpot=50&ttft=2000&pct=95&engine=sglang&speed=0",
		"model=qwen3-next-80b-a3b&gpu=rtx4090&batch=1&in=2048&out=512&engine=llamacpp&weights=q4_k_m&ram=128&speed=0",
		"model=llama-3.1-70b&gpu=h200&batch=64&in=1024&out=1024&tpot=40&speed=0",
	} {
		r, err := answer(query, false, new(bytes.Buffer))
		if err != nil || r.Best == nil {
			t.Fatalf("%s: %v, no plan", query, err)
		}
		p := r.Best
		c := report.Catalogue()
		s, problems := c.Decode(p.Query)
		if len(problems) > 0 || s != p.Scenario {
			t.Errorf("%s: the plan's link %s: %v", query, p.Query, problems)
		}
		opened, err := report.Build(report.Question{Scenario: s})
		if err != nil || !opened.Memory.Fits || opened.Decode == nil || opened.Cost == nil {
			t.Errorf("%s: %s does not open: %v", query, p.Query, err)
			continue
		}
		if got, want := opened.Cost.PerHour, p.Price*float64(p.Main.GPUs); math.Abs(got-want) > 1e-9*want {
			t.Errorf("%s: a copy costs $%g, its link says $%g", query, want, got)
		}
		for _, f := range r.Front {
			fs, problems := c.Decode(f.Query)
			if at, err := report.Build(report.Question{Scenario: fs}); err != nil || len(problems) > 0 || !at.Memory.Fits || at.Scenario.GPUs != f.GPUs {
				t.Errorf("%s: a point of the front, %s, does not open: %v, %v", query, f.Query, problems, err)
			}
		}
		s.Batch = max(int(math.Round(p.Main.Running)), 1)
		running, err := report.Build(report.Question{Scenario: s})
		if err != nil || running.Decode.Step == 0 {
			t.Errorf("%s: %v", query, err)
			continue
		}
		// Whole sequences, and chance between the replicas: a tenth.
		if got, want := running.Decode.Step, p.Main.Step; math.Abs(got/want-1) > 0.1 {
			t.Errorf("%s: a step takes %.2f ms, its link says %.2f", query, 1e3*want, 1e3*got)
		}
	}
}

func TestRun(t *testing.T) {
	var out, log bytes.Buffer
	if code := run([]string{"model=qwen3-30b-a3b&gpu=h100-sxm&batch=8&tpot=20"}, &out, &log); code != 0 || log.Len() > 0 {
		t.Fatalf("exit %d, %s", code, &log)
	}
	var r plan.Result
	if err := json.Unmarshal(out.Bytes(), &r); err != nil || !r.Done || r.Best == nil {
		t.Errorf("got %.300s, %v", &out, err)
	}
	for query, want := range map[string]string{
		"model=qwen3-31b-a3b":                 "model",
		"model=qwen3-30b-a3b&among=h100,h2oo": "among",
		"model=qwen3-30b-a3b&gpu=h20":         "price",
		"model=gemini-1.5":                    "",
	} {
		log.Reset()
		if code := run([]string{query}, &out, &log); code != 2 || !strings.Contains(log.String(), want) {
			t.Errorf("%s: exit %d, %q, want 2 and %q", query, code, &log, want)
		}
	}
}
