package plan

import (
	"testing"

	"moecost/core/arch/preset"
	"moecost/core/scenario"
)

// ask prepares the search of a preset.
func ask(t testing.TB, s scenario.Scenario) *Search {
	t.Helper()
	p, ok := preset.ByID(s.Model)
	if !ok {
		t.Fatalf("no preset %q", s.Model)
	}
	r, err := p.Reading()
	if err != nil {
		t.Fatal(err)
	}
	search, err := New(Question{Scenario: s, Model: r.Model, KV: p.KV})
	if err != nil {
		t.Fatal(err)
	}
	return search
}

// finish runs a search to its end.
func finish(s *Search) Result {
	for s.Phase() != "done" {
		s.Advance(1000)
	}
	return s.Result()
}

// usual is a traffic with objectives.
func usual(model, among string) scenario.Scenario {
	s := scenario.Default()
	s.Model, s.Among, s.Engine = model, among, "sglang"
	s.Rate, s.In, s.Out, s.TPOT, s.TTFT, s.Pct = 20, 4096, 512, 50, 2000, 95
	return s
}

// A search is done in slices, and does not depend on them.
func TestSlices(t *testing.T) {
	one, many := ask(t, usual("qwen3-30b-a3b", "h100-sxm")), ask(t, usual("qwen3-30b-a3b", "h100-sxm"))
	one.Advance(1 << 30)
	for many.Phase() != "done" {
		many.Advance(7)
		if done, _ := many.Done(); done%5 == 0 {
			many.Result() // asking changes nothing
		}
	}
	a, b := one.Result(), many.Result()
	if a.Best == nil || b.Best == nil || a.Best.Query != b.Best.Query || a.Best.PerHour != b.Best.PerHour || a.Tried != b.Tried {
		t.Errorf("for one slice, got %+v, for many %+v", a.Best, b.Best)
	}
}
