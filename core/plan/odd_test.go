package plan

import (
	"strings"
	"testing"
)

// The bound is said to be the least that anything costs. Where a simulation is kinder than the closed form, a plan costs less
// than the closed form's optimum, and that is no bound any more.
func TestNoBoundAboveThePlan(t *testing.T) {
	s := usual("gpt-oss-120b", "h100-sxm")
	s.Engine = "vllm"
	s.Rate, s.In, s.Out, s.TPOT, s.TTFT, s.Pct = 5, 1024, 1024, 20, 800, 95
	r := finish(ask(t, s))
	if r.Best == nil || r.Bound > r.Best.PerHour*(1+1e-9) || r.Gap < 0 {
		t.Fatalf("got bound $%g, gap %g, plan %+v", r.Bound, r.Gap, r.Best)
	}
}

// One long prompt in 100 seconds leaves every GPU idle nearly always: a token then takes what it takes alone, however few
// are asked for, and no kind of deployment can miss 50 ms for being busy.
func TestLongPromptsShortOutputsSeldom(t *testing.T) {
	s := usual("qwen3-30b-a3b", "h100-sxm")
	s.Rate, s.In, s.Out, s.TPOT, s.TTFT, s.Pct = 0.01, 100_000, 10, 50, 30_000, 95
	search := ask(t, s)
	for search.Phase() == "search" {
		search.Advance(1000)
	}
	r := search.Result()
	for _, o := range r.Others {
		if o.Reason == "tpot" || o.Reason == "overload" {
			t.Errorf("%s: %s", o.Style, o.Why)
		}
	}
	if r.Best == nil || r.Best.GPUs > 4 {
		t.Errorf("got %+v", r.Best)
	}
}

// The first of one token has no token before it.
func TestOneTokenHasNoTPOT(t *testing.T) {
	s := usual("qwen3-30b-a3b", "h100-sxm")
	s.In, s.Out, s.TPOT = 2048, 1, 0.1
	search := ask(t, s)
	for search.Phase() == "search" {
		search.Advance(1000)
	}
	if r := search.Result(); r.Best == nil || r.Best.TPOT.Objective != 0 || !strings.Contains(strings.Join(r.Notes, " "), "one token") {
		t.Errorf("got %+v, notes %q", r.Best, r.Notes)
	}
}

// The plan serves the requests that were asked for, to the last digit, and each copy its part; reasons say a ratio
// that is not 1.
func TestSentencesOfOthers(t *testing.T) {
	s := usual("qwen3-30b-a3b", "h100-sxm")
	s.Rate, s.In, s.Out, s.Pct, s.TTFT, s.TPOT = 7, 2048, 256, 95, 0, 0
	search := ask(t, s)
	for search.Phase() == "search" {
		search.Advance(1000)
	}
	r := search.Result()
	if r.Best == nil || r.Best.Requests != s.Rate || r.Best.Scenario.Rate != s.Rate/float64(r.Best.Main.Copies) {
		t.Errorf("got %+v, want 7 requests a second", r.Best)
	}
	for _, o := range r.Others {
		if strings.Contains(o.Why, "1.00") {
			t.Errorf("%s: %s", o.Style, o.Why)
		}
	}
	for ratio, want := range map[float64]string{1.001: "a little over", 1.03: "1.03 times", 2600: "2,600 times"} {
		if got := times(ratio); got != want {
			t.Errorf("times(%g) = %q, want %q", ratio, got, want)
		}
	}

	s.TTFT = 0.5
	search = ask(t, s)
	for search.Phase() == "search" {
		search.Advance(1000)
	}
	for _, o := range search.Result().Others {
		if o.Reason != "ttft" {
			t.Errorf("%s: %s, %s; half a millisecond is shorter than any prefill, also apart", o.Style, o.Reason, o.Why)
		}
	}
}

// The most GPUs of a deployment are those of both its pools.
func TestBothPoolsCount(t *testing.T) {
	s := usual("gpt-oss-120b", "h200")
	s.Engine, s.Rate, s.In, s.Out, s.TPOT, s.TTFT, s.Pct = "vllm", 1e6, 1000, 300, 9, 1000, 99
	search := ask(t, s)
	for search.Phase() == "search" {
		search.Advance(1000)
	}
	for _, c := range search.cheapest() {
		if c.gpus() > mostGPUs {
			t.Errorf("%d GPUs, more than %d", c.gpus(), mostGPUs)
		}
	}
}

// A quarter off the least price that a link can name is a price that it cannot: it would say that it changes nothing.
func TestPricesThatALinkCanName(t *testing.T) {
	for price, want := range map[string]string{"0.001": "price+", "2": "price- price+", "10000": "price-"} {
		s := usual("qwen3-30b-a3b", "h100-sxm:"+price)
		search := ask(t, s)
		for search.Phase() == "search" {
			search.Advance(1000)
		}
		search.startChanges()
		var got []string
		for _, a := range search.alterations() {
			if strings.HasPrefix(a.id, "price") {
				got = append(got, a.id)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("at $%s: %q, want %q", price, got, want)
		}
	}
}

// Users who wait for a separate prefill are not among those that decode, and a plan says so.
func TestUsersOfASplitPlan(t *testing.T) {
	s := usual("deepseek-v3", "h200")
	s.Rate, s.Batch, s.Pct = 0, 500, 50
	search := ask(t, s)
	for search.Phase() == "search" {
		search.Advance(1000)
	}
	r := search.Result()
	if r.Best == nil || r.Best.Split != strings.Contains(strings.Join(r.Notes, " "), "while they decode") {
		t.Errorf("plan %+v, notes %q", r.Best, r.Notes)
	}
}
