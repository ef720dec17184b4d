package report_test

import (
	"math"
	"strings"
	"testing"

	simulation "moecost/core/tail"
)

// simulated are scenarios for the tail: wide expert parallelism with and without
// EPLB, one GPU, a rate, prefill apart, drafts, a user's measurement, a dense model.
var simulated = []string{
	"model=deepseek-v3&gpu=h200&gpus=32&tp=1&dp=32&ep=32&batch=512&in=1000&out=200",
	"model=deepseek-v3&gpu=h200&gpus=32&tp=1&dp=32&ep=32&batch=512&in=1000&out=200&eplb=online&spare=32&interval=500",
	"model=gpt-oss-120b&gpu=h100-sxm&gpus=1&batch=8&in=1000&out=200",
	"model=qwen3-235b-a22b&gpu=h200&gpus=8&batch=32&in=1000&out=200&rate=1&split=1",
	"model=deepseek-v3&gpu=h200&gpus=16&batch=32&draft=1&out=200&measured_tpot=40",
	"model=llama-3.1-70b&gpu=h100-sxm&gpus=4&batch=16&in=1000&out=200&without=prefill,batch",
}

// TestTailDerivations evaluates every formula of the simulated section with its terms.
func TestTailDerivations(t *testing.T) {
	for _, query := range simulated {
		r := build(t, query)
		if r.Tail != nil {
			t.Fatalf("%s: simulated by Build", query)
		}
		r.Simulate(false)
		if r.Tail == nil {
			t.Fatalf("%s: not simulated", query)
		}
		n := 0
		for _, id := range r.Figures() {
			if !strings.HasPrefix(id, "tail.") {
				continue
			}
			n++
			d, err := r.Explain(id)
			if err != nil {
				t.Fatalf("%s: %s: %v", query, id, err)
			}
			got, err := evaluate(d)
			if err != nil {
				t.Fatalf("%s: %s: %q: %v", query, id, d.Formula, err)
			}
			if math.Abs(got-d.Figure.Value) > 1e-9*d.Figure.Value {
				t.Errorf("%s: %s: formula %q gives %v, the report says %v", query, id, d.Formula, got, d.Figure.Value)
			}
			checkTerms(t, query, r, d)
		}
		if n < 20 {
			t.Errorf("%s: only %d figures", query, n)
		}
		if x := r.Tail; !(x.P50 <= x.P90 && x.P90 <= x.P99 && x.P99 <= x.P999 && x.TPOTP50 <= x.TPOTP99 && x.TTFTP50 <= x.TTFTP99) {
			t.Errorf("%s: percentiles fall: %+v", query, x)
		}
		f, _ := r.Figure("tail.p99_s")
		step, _ := r.Figure("decode.step_s")
		if !(f.Low/f.Value <= step.Low/step.Value && f.High/f.Value >= step.High/step.Value) {
			t.Errorf("%s: the sampling error is not in the range of P99: %+v, of the step %+v", query, f, step)
		}
		if len(r.TailBins()) == 0 || len(r.TailCauses()) != int(simulation.CauseCount) || r.TailBare().P50 <= 0 {
			t.Errorf("%s: a series is missing", query)
		}
	}
}

// The simulation's middle is the report's step and TPOT: the two are computed apart.
// What the simulation adds to the step is contexts that differ and the busiest rank in time,
// where the report takes the most tokens and the most experts to be on one.
func TestTailAgreesWithReport(t *testing.T) {
	for _, c := range []struct {
		query  string
		within float64
	}{
		{"model=deepseek-v3&gpu=h200&gpus=8&batch=64&in=2000&out=500&domain=0&speed=0", 0.02},
		{"model=gpt-oss-120b&gpu=h100-sxm&gpus=1&batch=16&in=1000&out=500&domain=0&speed=0", 0.02},
		{"model=deepseek-v3&gpu=h200&gpus=32&tp=1&dp=32&ep=32&batch=2048&in=2000&out=500&eplb=static&spare=32&domain=0&speed=0", 0.03},
	} {
		r := build(t, c.query)
		r.Simulate(false)
		if got, want := r.Tail.P50, r.Decode.Step; math.Abs(got/want-1) > c.within {
			t.Errorf("for %s, the median step is %v, the expected one %v", c.query, got, want)
		}
		if got, want := r.Tail.TPOTP50, r.Decode.TPOT; math.Abs(got/want-1) > 0.08 {
			t.Errorf("for %s, the median TPOT is %v, the expected one %v", c.query, got, want)
		}
	}
}

// An objective is held against its percentile, and the warning goes with the objective.
func TestTailObjectives(t *testing.T) {
	const query = "model=deepseek-v3&gpu=h200&gpus=8&batch=64&in=4000&out=200"
	warned := func(query string) (ids []string) {
		r := build(t, query)
		r.Simulate(false)
		r.Simulated(simulation.Result{}) // an empty result changes nothing
		for _, w := range r.Warnings {
			if strings.HasPrefix(w.ID, "tail.") {
				ids = append(ids, w.ID)
			}
		}
		return ids
	}
	if ids := warned(query); ids != nil {
		t.Errorf("without objectives, got warnings %v", ids)
	}
	if ids := warned(query + "&tpot=5&ttft=1"); len(ids) != 2 {
		t.Errorf("for objectives out of reach, got %v", ids)
	}
	if ids := warned(query + "&tpot=5000&ttft=500000"); ids != nil {
		t.Errorf("for objectives within reach, got %v", ids)
	}
}

// TestTailPercentiles: the table of percentiles is the section's figures, with those between them in order.
func TestTailPercentiles(t *testing.T) {
	for _, query := range []string{"", "model=mixtral-8x7b&gpus=2&measured_tpot=20&measured_ttft=400"} {
		r := build(t, query)
		if !r.Simulable() || r.TailPercentiles() != nil {
			t.Errorf("for %q, before the simulation: simulable %v, %v", query, r.Simulable(), r.TailPercentiles())
		}
		if _, ok := r.Simulation(); ok {
			t.Errorf("for %q: a result before the simulation", query)
		}
		r.Simulate(false)
		rows := r.TailPercentiles()
		for i, want := range [][2]float64{{r.Tail.P50, r.Tail.P99}, {r.Tail.TPOTP50, r.Tail.TPOTP99}, {r.Tail.TTFTP50, r.Tail.TTFTP99}} {
			if got := [2]float64{rows[i].Seconds[0], rows[i].Seconds[2]}; got != want {
				t.Errorf("for %q, %s: got %v, want %v", query, rows[i].Name, got, want)
			}
			for j := 1; j < 4; j++ {
				if rows[i].Seconds[j] < rows[i].Seconds[j-1] {
					t.Errorf("for %q, %s: %v", query, rows[i].Name, rows[i].Seconds)
				}
			}
		}
	}
}
