package report_test

import (
	"math"
	"strings"
	"testing"

	"moecost/core/arch/preset"
	"moecost/core/report"
)

// queries are scenarios for the derivations of every preset: defaults, other
// formats, layouts with every kind of parallelism, engines, short of memory.
var queries = []string{
	"",
	"gpu=h200&gpus=8&batch=7&in=1000&out=333&skew=0",
	"gpu=b200&gpus=16&tp=4&batch=100&kv=fp8&weights=fp8",
	"gpu=a100-80-sxm&gpus=24&weights=int4&batch=1&in=131072&out=1",
	"gpu=h100-sxm&gpus=2&engine=trtllm",
	"gpu=h100-sxm&gpus=64&engine=sglang&batch=512",
	"gpu=rtx4090&gpus=1&engine=llamacpp&weights=q4_k_m&batch=1&host=0.9&cache=0.1",
	"gpu=rtx3090&ram=64&engine=llamacpp&weights=q4_k_m&batch=1",
	"gpu=rtx-a6000&gpus=2&ram=96&weights=int4&batch=3&prefetch=router&refetch=0&experts=copy&evict=lru&measured_tpot=90",
	"gpu=l4&gpus=1&ram=256&batch=40&in=500&out=100&experts=hybrid&draft=1",
	"gpu=strix-halo&gpus=1&ram=1&batch=1&prefetch=trained&experts=copy",
	"gpu=h200&gpus=16&pp=2&draft=1&eplb=static&spare=32",
	"gpu=mi300x&gpus=8&dp=8&engine=ideal&batch=4096",
	"gpu=h200&gpus=32&tp=1&fabric=multicast&law=power&skew=1.2",
	"gpu=h200&gpus=32&tp=1&fabric=node&batch=2048",
	"gpu=b200&gpus=16&tp=1&pp=2&eplb=online&spare=16&place=distinct&interval=1000",
}

// build answers a query that must not have problems.
func build(t testing.TB, query string) *report.Report {
	t.Helper()
	s, problems := report.Catalogue().Decode(query)
	for _, p := range problems {
		t.Fatalf("%s: %s", query, p)
	}
	r, err := report.Build(report.Question{Scenario: s})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return r
}

// everyScenario builds all presets with all queries, or one of every so many.
func everyScenario(t *testing.T, visit func(query string, r *report.Report)) {
	t.Helper()
	at := 0
	for _, p := range preset.All() {
		if p.Kind == preset.Closed {
			continue
		}
		for _, q := range queries {
			if at++; at%every != 0 {
				continue
			}
			query := "model=" + p.ID
			if q != "" {
				query += "&" + q
			}
			visit(query, build(t, query))
		}
	}
}

// TestDerivations evaluates every printed formula of every report with its
// printed terms and compares with the printed answer. 1e-9 leaves room for the
// order of additions.
func TestDerivations(t *testing.T) {
	const tolerance = 1e-9
	formulas := 0
	everyScenario(t, func(query string, r *report.Report) {
		for _, id := range r.Figures() {
			d, err := r.Explain(id)
			if err != nil {
				t.Fatalf("%s: %s: %v", query, id, err)
			}
			formulas++
			got, err := evaluate(d)
			if err != nil {
				t.Fatalf("%s: %s: %q: %v", query, id, d.Formula, err)
			}
			if want := d.Figure.Value; math.Abs(got-want) > tolerance*math.Abs(want) {
				t.Errorf("%s: %s: formula %q gives %v, the report says %v", query, id, d.Formula, got, want)
			}
			checkTerms(t, query, r, d)
		}
	})
	t.Logf("%d formulas evaluated", formulas)
}

// checkTerms wants a source for every term, and the figures that terms name to
// have the values that they print.
func checkTerms(t *testing.T, query string, r *report.Report, d report.Derivation) {
	t.Helper()
	if d.Words == "" || d.Figure.Name == "" {
		t.Errorf("%s: %s: no words for it", query, d.Figure.ID)
	}
	for _, term := range d.Terms {
		where := query + ": " + d.Figure.ID + ": " + term.Symbol
		if term.Name == "" || (term.Source == "") == (term.Figure == "") {
			t.Errorf("%s: wants a name and either a source or a figure: %+v", where, term)
		}
		if term.Figure != "" {
			f, ok := r.Figure(term.Figure)
			if !ok && term.Value != 0 {
				t.Errorf("%s: names %s, which the report does not have", where, term.Figure)
			} else if ok && f.Value != term.Value {
				t.Errorf("%s: prints %v, but %s is %v", where, term.Value, term.Figure, f.Value)
			}
		}
		if term.Factors != nil {
			product := 1.0
			for _, f := range term.Factors {
				product *= float64(f)
			}
			if product != term.Value {
				t.Errorf("%s: factors %v make %v, not %v", where, term.Factors, product, term.Value)
			}
		}
	}
}

// TestDerivationsEnd follows the figures that terms name: nobody opens one
// popover after another and comes back to the first.
func TestDerivationsEnd(t *testing.T) {
	for _, query := range queries {
		r := build(t, strings.TrimPrefix(query, "&"))
		state := map[string]int{} // 1 open, 2 done
		var follow func(id string)
		follow = func(id string) {
			if state[id] == 2 {
				return
			}
			if state[id] == 1 {
				t.Fatalf("%s: %s rests on itself", query, id)
			}
			state[id] = 1
			if d, err := r.Explain(id); err == nil {
				for _, term := range d.Terms {
					if term.Figure != "" {
						follow(term.Figure)
					}
				}
			}
			state[id] = 2
		}
		for _, id := range r.Figures() {
			follow(id)
		}
	}
}
