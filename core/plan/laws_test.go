package plan

import (
	"math"
	"slices"
	"testing"

	"moecost/core/scenario"
)

// cost is the plan's by the closed form, without simulation, among copies of up to four GPUs: what holds of every space holds of
// this one.
func cost(t *testing.T, s scenario.Scenario) float64 {
	t.Helper()
	search := ask(t, s)
	search.shapes = slices.DeleteFunc(search.shapes, func(h *shape) bool { return h.layout.GPUs > 4 })
	for search.Phase() == "search" {
		search.Advance(1000)
	}
	if all := search.cheapest(); len(all) > 0 {
		return all[0].dollars
	}
	return math.Inf(1)
}

// Asking for less never costs more, paying more is never cheaper, and a choice of more accelerators is never dearer.
func TestMonotone(t *testing.T) {
	base := usual("qwen3-30b-a3b", "h100-sxm")
	base.TPOT, base.TTFT = 15, 600
	grows := func(what string, change func(*scenario.Scenario, float64), values ...float64) {
		t.Helper()
		last := 0.0
		for _, x := range values {
			s := base
			change(&s, x)
			got := cost(t, s)
			if got < last*(1-1e-9) {
				t.Errorf("with %s %g, got $%.3f an hour, less than $%.3f before", what, x, got, last)
			}
			last = got
		}
	}
	grows("1/TPOT", func(s *scenario.Scenario, x float64) { s.TPOT = 1 / x }, 1.0/60, 1.0/15, 1.0/10, 1.0/4)
	grows("1/TTFT", func(s *scenario.Scenario, x float64) { s.TTFT = 1 / x }, 1.0/4000, 1.0/400, 1.0/150)
	grows("percentile", func(s *scenario.Scenario, x float64) { s.Pct = x }, 50, 90, 99)
	grows("rate", func(s *scenario.Scenario, x float64) { s.Rate = x }, 1, 20, 80)
	grows("prompt", func(s *scenario.Scenario, x float64) { s.In = int(x) }, 512, 8192)
	grows("1 - prefix", func(s *scenario.Scenario, x float64) { s.Prefix = 1 - x }, 0.2, 1)
	one, two := base, base
	one.Among, two.Among = "h100-sxm:2", "h100-sxm:3"
	if a, b := cost(t, one), cost(t, two); math.Abs(b-1.5*a) > 1e-9*b {
		t.Errorf("at $2 got $%.3f an hour, at $3 $%.3f: want half as much again", a, b)
	}
	more := base
	more.Among = "h100-sxm,h200"
	if a, b := cost(t, base), cost(t, more); b > a {
		t.Errorf("with H200s to choose too, got $%.3f an hour, more than $%.3f", b, a)
	}
}

// What a plan promises holds in the simulation; the others are no cheaper; the front is a front; a budget below
// the plan leaves nothing, and says so.
func TestResult(t *testing.T) {
	a := usual("qwen3-30b-a3b", "h100-sxm")
	a.TPOT, a.TTFT, a.InCV = 15, 800, 0.5
	r := finish(ask(t, a))
	b := r.Best
	if b == nil || !b.Simulated || !(b.TPOT.Percentile <= 0.015) || !(b.TTFT.Percentile <= 0.8) {
		t.Fatalf("got %+v, want a simulated plan within 15 and 800 ms", b)
	}
	// With other random numbers, too, but for what 4,000 requests leave uncertain.
	other := a
	other.Seed = 7
	again := finish(ask(t, other))
	if again.Best == nil || math.Abs(again.Best.PerHour/b.PerHour-1) > 0.25 || again.Best.TPOT.Percentile > 0.015 {
		t.Errorf("with another seed, got %+v, want about $%.2f an hour", again.Best, b.PerHour)
	}
	if b.PriceFrom == "" {
		t.Error("the price has no source")
	}
	if b.Requests < 20*(1-1e-3) {
		t.Errorf("got a plan for %g requests/s, want 20", b.Requests)
	}
	for _, o := range r.Others {
		if o.Plan != nil && o.Plan.PerHour < b.PerHour*(1-1e-9) {
			t.Errorf("%s on %s costs $%.2f, less than the plan's $%.2f", o.Style, o.GPU, o.Plan.PerHour, b.PerHour)
		}
		if o.Why == "" || o.Reason == "" {
			t.Errorf("%s on %s lost without a reason", o.Style, o.GPU)
		}
	}
	for i := 1; i < len(r.Front); i++ {
		if p, q := r.Front[i-1], r.Front[i]; !(p.TokensPerS > q.TokensPerS && p.USDPerM > q.USDPerM) {
			t.Errorf("front: %.1f tokens/s at $%.3f, then %.1f at $%.3f", p.TokensPerS, p.USDPerM, q.TokensPerS, q.USDPerM)
		}
	}
	if len(r.Front) < 5 || len(r.Changes) < 15 {
		t.Errorf("got %d points of the front, %d changes", len(r.Front), len(r.Changes))
	}
	for _, c := range r.Changes {
		switch c.ID {
		case "price-":
			if math.Abs(c.Ratio-0.75) > 1e-6 {
				t.Errorf("a quarter cheaper: got %.3f times the cost", c.Ratio)
			}
		case "tpot+", "ttft+", "pct-", "prefix":
			if c.Ratio > 1+1e-9 {
				t.Errorf("%s: got %.3f times the cost, want no more", c.Name, c.Ratio)
			}
		}
	}
	a.Budget = b.PerHour / 2
	if r := finish(ask(t, a)); r.Best != nil || len(r.Others) == 0 || r.Others[0].Reason != "budget" {
		t.Errorf("with half the budget, got %+v", r.Best)
	}
}

// Users in place of a rate: as many as are asked for, with the same promises.
func TestUsers(t *testing.T) {
	a := usual("qwen3-30b-a3b", "h100-sxm")
	a.Rate, a.Batch, a.TPOT = 0, 300, 15
	r := finish(ask(t, a))
	if r.Best == nil || r.Best.TPOT.Percentile > 0.015 {
		t.Fatalf("got %+v", r.Best)
	}
	if users := float64(r.Best.Main.Copies) * float64(r.Best.Scenario.Batch); !r.Best.Split && math.Abs(users-300) > 0.02*300 {
		t.Errorf("got %g users over %d copies, want 300", users, r.Best.Main.Copies)
	}
}

// A model without experts, one on llama.cpp, and a question without an answer.
func TestOtherQuestions(t *testing.T) {
	a := usual("llama-3.1-70b", "h100-sxm,h200")
	a.Rate = 5
	if r := finish(ask(t, a)); r.Best == nil || r.Best.Main.EP != 1 || r.Best.Main.DP != 1 {
		t.Errorf("llama-3.1-70b: got %+v", r.Best)
	}
	b := usual("qwen3-30b-a3b", "rtx4090")
	b.Engine, b.Weights, b.Rate, b.Batch, b.TPOT, b.TTFT = "llamacpp", "q4_k_m", 0, 1, 50, 0
	if r := finish(ask(t, b)); r.Best == nil || r.Best.GPUs != 1 {
		t.Errorf("qwen3-30b-a3b on llama.cpp: got %+v", r.Best)
	}
	c := usual("qwen3-30b-a3b", "h100-sxm")
	c.TPOT = 1
	if r := finish(ask(t, c)); r.Best != nil || len(r.Others) == 0 || r.Others[0].Reason != "tpot" || r.Others[0].Over <= 1 {
		t.Errorf("with a TPOT of 1 ms, got %+v, %+v", r.Best, r.Others)
	}
	d := usual("qwen3-30b-a3b", "h20") // no price is known
	p := ask(t, usual("qwen3-30b-a3b", "h100-sxm")).q
	p.Scenario = d
	if _, err := New(p); err == nil {
		t.Error("without a price, got a search")
	}
	p.Scenario.Among, p.Scenario.Engine = "mi300x", "trtllm"
	if _, err := New(p); err == nil {
		t.Error("for TensorRT-LLM on an MI300X, got a search")
	}
	if _, err := New(Question{Scenario: d}); err == nil {
		t.Error("without a model, got a search")
	}
}
