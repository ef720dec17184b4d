package report_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"moecost/core/arch/preset"
	"moecost/core/hardware"
	"moecost/core/report"
)

// predictedIDs are figures that must have a range.
var predictedIDs = strings.Fields(`decode.step_s decode.tpot_s decode.tokens_per_s decode.tokens_per_s_per_gpu decode.parts.head
	prefill.ttft_s prefill.ttft_loaded_s prefill.step_s prefill.tokens_per_s prefill.parts.head prefill.prompt_step_s
	routing.permute_s routing.per_layer_s cost.usd_per_m_output cost.usd_per_m_input`)

// TestStepAddsUp: parts add up to their step, ranges hold the value, and every
// predicted time is there with all that belongs to it.
func TestStepAddsUp(t *testing.T) {
	timed := 0
	everyScenario(t, func(query string, r *report.Report) {
		d := r.Decode
		if d.Step == 0 {
			if r.Memory.Fits && r.Scenario.Host == 0 || r.Prefill != nil || r.Cost != nil {
				t.Errorf("%s: no time of a step", query)
			}
			return
		}
		timed++
		for _, s := range []struct {
			name  string
			step  float64
			parts map[string]float64
		}{{"decode", d.Step, d.Parts}, {"prefill", r.Prefill.Step, r.Prefill.Parts}, {"prompt", r.Prefill.PromptStep, r.Prefill.PromptParts}} {
			sum := 0.0
			for _, seconds := range s.parts {
				sum += seconds
			}
			if math.Abs(sum/s.step-1) > 1e-12 {
				t.Errorf("%s: the parts of %s add up to %g of %g", query, s.name, sum, s.step)
			}
		}
		ideal := r.Scenario.Engine == "ideal"
		for _, id := range predictedIDs {
			f, ok := r.Figure(id)
			if !ok && (strings.HasPrefix(id, "routing") && (r.Routing == nil || ideal) || strings.HasPrefix(id, "cost") && r.Cost == nil) {
				continue
			}
			if !ok || !ideal && !(f.Low > 0 && f.Low < f.Value && f.Value < f.High) {
				t.Errorf("%s: %s is %g, outside of %g to %g", query, id, f.Value, f.Low, f.High)
			}
			if d, _ := r.Explain(id); ok && !ideal && !strings.Contains(d.Note, "Range: ") {
				t.Errorf("%s: %s does not say what its range rests on: %q", query, id, d.Note)
			}
			if ideal && (f.Low != 0 || f.High != 0) {
				t.Errorf("%s: %s has a range, and the profile is a bound", query, id)
			}
		}
		for _, id := range []string{"decode.distinct_experts", "decode.touched_bytes", "memory.weights_bytes", "cost.usd_per_hour"} {
			if f, _ := r.Figure(id); f.Low != 0 || f.High != 0 {
				t.Errorf("%s: %s is counted and has a range", query, id)
			}
		}
		if d.TPOT < d.Step/max(d.TokensPerStep, 1)*(1-1e-12) {
			t.Errorf("%s: %g per token, a step takes %g", query, d.TPOT, d.Step)
		}
		if x := r.Routing; x != nil && (x.Share <= 0 && !ideal || x.Share+x.ExchangeShare > 1) {
			t.Errorf("%s: routing is %g of a step, exchange %g", query, x.Share, x.ExchangeShare)
		}
	})
	if timed < 300/every {
		t.Errorf("only %d scenarios have times", timed)
	}
}

// TestCost: DeepSeek's own arithmetic (open-infra-index, day 6) makes 0.300 $ of a million output tokens at
// 16 $ an hour and 14.8k tokens/s, and 0.0603 $ of a million prompt tokens at 73.7k. The same
// arithmetic with the rates of the report gives its prices.
func TestCost(t *testing.T) {
	perMillion := func(hour, rate float64) float64 { return hour / 3600 / rate * 1e6 }
	if a, b := perMillion(16, 14.8e3), perMillion(16, 73.7e3); math.Abs(a/0.300-1) > 2e-3 || math.Abs(b/0.0603-1) > 2e-3 {
		t.Fatalf("%g and %g", a, b)
	}
	r := build(t, "model=deepseek-v3&gpu=h200&gpus=8&price=1.5&batch=64")
	if r.Cost.PerHour != 12 {
		t.Errorf("%g $ an hour", r.Cost.PerHour)
	}
	for name, pair := range map[string][2]float64{
		"output": {r.Cost.Output, perMillion(12, 64/r.Decode.Step)}, "input": {r.Cost.Input, perMillion(12, r.Prefill.TokensPerS)},
	} {
		if math.Abs(pair[0]/pair[1]-1) > 1e-12 {
			t.Errorf("%s costs %g, want %g", name, pair[0], pair[1])
		}
	}
}

// TestMeasured: what equals the prediction changes nothing but the range, what is twice the
// prediction doubles every time, and the range shrinks. A link keeps nanoseconds: 1e-6.
func TestMeasured(t *testing.T) {
	for _, query := range []string{"model=deepseek-v3&gpu=h200&gpus=16&batch=100", "model=qwen3-30b-a3b&gpu=h100-sxm&batch=1", "model=mixtral-8x7b&gpu=h100-sxm&gpus=2&draft=2"} {
		plain := build(t, query)
		for _, factor := range []float64{1, 2} {
			with := build(t, fmt.Sprintf("%s&measured_tpot=%v&measured_ttft=%v", query, 1e3*factor*plain.Decode.TPOT, 1e3*factor*plain.Prefill.Loaded))
			for name, pair := range map[string][2]float64{
				"TPOT": {plain.Decode.TPOT, with.Decode.TPOT}, "step": {plain.Decode.Step, with.Decode.Step},
				"TTFT": {plain.Prefill.TTFT, with.Prefill.TTFT}, "TTFT under load": {plain.Prefill.Loaded, with.Prefill.Loaded},
				"routing": {plain.Routing.PerLayer, with.Routing.PerLayer}, "output": {plain.Cost.Output, with.Cost.Output},
			} {
				if math.Abs(pair[1]/pair[0]/factor-1) > 1e-6 {
					t.Errorf("%s: measured at %g times: %s goes from %g to %g", query, factor, name, pair[0], pair[1])
				}
			}
			if with.Prefill.TokensPerS != plain.Prefill.TokensPerS || math.Abs(with.Routing.Share/plain.Routing.Share-1) > 1e-12 {
				t.Errorf("%s: a measured time changes the prompt rate or a share", query)
			}
			if before, after := plain.Decode.TPOTHigh/plain.Decode.TPOTLow, with.Decode.TPOTHigh/with.Decode.TPOTLow; after >= before {
				t.Errorf("%s: the range goes from a factor %g to %g", query, before, after)
			}
			named := 0
			for _, w := range with.Warnings {
				if strings.HasPrefix(w.ID, "time.measured") {
					named++
				}
			}
			if named != 2 {
				t.Errorf("%s: %d notes on two measurements", query, named)
			}
		}
	}
}

// TestSplitAndDraft: prefill elsewhere leaves the step alone; every accepted draft shortens the
// time per token; one drafted token accepted every time makes two of a step.
func TestSplitAndDraft(t *testing.T) {
	query := "model=deepseek-v3&gpu=h200&gpus=16&batch=256"
	if r := build(t, query+"&split=1"); math.Abs(r.Decode.TPOT/r.Decode.Step-1) > 1e-12 {
		t.Errorf("split: %g per token, a step takes %g", r.Decode.TPOT, r.Decode.Step)
	}
	half, all := build(t, query+"&split=1&draft=1&accept=0.5"), build(t, query+"&split=1&draft=1&accept=1")
	if half.Decode.TokensPerStep != 1.5 || all.Decode.TokensPerStep != 2 || math.Abs(all.Decode.TPOT*2/all.Decode.Step-1) > 1e-12 {
		t.Errorf("%g and %g tokens of a step, %g s per token of steps of %g s", half.Decode.TokensPerStep, all.Decode.TokensPerStep, all.Decode.TPOT, all.Decode.Step)
	}
}

// TestNoTimes: what cannot run has counts, no times, and a reason.
func TestNoTimes(t *testing.T) {
	for query, id := range map[string]string{
		"model=deepseek-v3&gpu=h100-sxm&gpus=8":                                                        "time.fits",
		"model=mixtral-8x7b&gpu=h100-sxm&gpus=2&batch=90000":                                           "time.fits",
		"model=mixtral-8x7b&gpu=custom~mem:24g~bw:1t~bf16:165t&gpus=1&weights=q4_k_m&host=0.9&batch=1": "time.host",
	} {
		r := build(t, query)
		named := false
		for _, w := range r.Warnings {
			named = named || w.ID == id
		}
		if !named || r.Decode.Step != 0 || r.Decode.TPOT != 0 || r.Prefill != nil || r.Routing != nil || r.Cost != nil {
			t.Errorf("%s: named %t, step %g, prefill %v, cost %v", query, named, r.Decode.Step, r.Prefill, r.Cost)
		}
		if r.Decode.TouchedBytes == 0 {
			t.Errorf("%s: nothing is counted", query)
		}
	}
}

// TestNoPrice: an accelerator without a price has times, no dollars, and a reason.
func TestNoPrice(t *testing.T) {
	gpu := "custom~name:My_card~mem:80g~bw:3.35t~bf16:989e12~link:450g~domain:8~host:63gi"
	r := build(t, "model=mixtral-8x7b&gpu="+gpu)
	named := false
	for _, w := range r.Warnings {
		named = named || w.ID == "cost.price"
	}
	if !named || r.Cost != nil || r.Decode.Step == 0 {
		t.Errorf("named %t, cost %v, step %g", named, r.Cost, r.Decode.Step)
	}
	if r = build(t, "model=mixtral-8x7b&price=2&gpu="+gpu); r.Cost == nil || r.Cost.PerHour != 2*float64(r.Scenario.GPUs) {
		t.Errorf("with a price, cost %v", r.Cost)
	}
}

// TestEveryAccelerator: no preset on any accelerator under an odd load makes a number that JSON
// cannot hold, and no time is below zero.
func TestEveryAccelerator(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 5))
	odd := []string{"", "&batch=1&in=1&out=1&chunk=1", "&batch=4096&skew=4&draft=16&accept=0", "&in=10000000&out=1&skew=0", "&split=1&eplb=static&spare=32&measured_tpot=0.01",
		"&engine=ideal&batch=3", "&engine=llamacpp&chunk=1000000", "&measured_ttft=10000000&price=0.001&tpot=0.1"}
	for at, p := range preset.All() {
		if p.Kind == preset.Closed {
			continue
		}
		for i, a := range hardware.All() {
			if (i+at)%every != 0 {
				continue
			}
			query := "model=" + p.ID + "&gpu=" + a.ID + odd[random.IntN(len(odd))]
			s, _ := report.Catalogue().Decode(query)
			r, err := report.Build(report.Question{Scenario: s})
			if err != nil {
				t.Fatalf("%s: %v", query, err)
			}
			if _, err := json.Marshal(r); err != nil {
				t.Errorf("%s: %v", query, err)
			}
			for _, id := range r.Figures() {
				f, _ := r.Figure(id)
				if math.IsNaN(f.Value) || math.IsInf(f.Value, 0) || math.IsNaN(f.Low) || math.IsInf(f.High, 0) || f.Value < 0 && id != "memory.per_gpu.free_bytes" {
					t.Errorf("%s: %s is %g (%g to %g)", query, id, f.Value, f.Low, f.High)
				}
			}
		}
	}
}
