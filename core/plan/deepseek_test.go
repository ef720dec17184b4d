package plan

import (
	"math"
	"testing"

	"moecost/core/scenario"
	"moecost/core/serving"
)

// published is the traffic of DeepSeek's day, as far as it is published: output of 21 tokens/s to each user, a mean
// context of 4,989 tokens, 3.62 tokens of input for one of output, of which 56.3 % were cached; prompts of 4,383 and outputs of
// 1,211 tokens have these. All the day's tokens, spread evenly, are 1,606 requests/s.
func published() scenario.Scenario {
	d := DeepSeekDay()
	s := scenario.Default()
	s.Model, s.GPU, s.Price, s.Engine = "deepseek-v3", "h800", 2, "sglang"
	input := d.Use.Fresh + d.Use.Cached
	out := d.KVLength / (input/d.Use.Output + 0.5)
	s.Out, s.In = int(out), int(out*input/d.Use.Output)
	s.Prefix = d.Use.Cached / input
	s.Rate = math.Round(d.Use.Output / 86400 / out)
	s.TPOT, s.TTFT, s.Pct, s.Accept = 50, 5000, 50, 0
	return s
}

// perNode is the tokens per second of eight GPUs.
func perNode(tokens float64, l serving.Layout) float64 { return tokens / float64(l.GPUs) * 8 }

// DeepSeek's own deployment units under its own traffic: 14,800 output tokens/s of a node that decodes at 20 to 22 tokens/s
// to each user, 73,700 input tokens/s of one that prefills. And the plan for the same traffic at 50 ms: its cost per million
// output tokens beside the published $0.518. docs/plan.md explains the differences.
func TestDeepSeekDeployment(t *testing.T) {
	d := DeepSeekDay()
	s := ask(t, published())
	unitOf := func(n, spare, chunk int64, apart bool) unit {
		h := &shape{of: s.candidates[0], layout: serving.Layout{GPUs: int(n), TP: 1, PP: 1, DP: int(n), EP: int(n)}, spare: spare, eplb: true}
		u, ok := h.unit(&s.t, s.timing(h, apart), chunk, 0, 0, 0.02)
		if !ok {
			t.Fatal("the published unit does not fit")
		}
		return u
	}
	u := unitOf(d.Decode.GPUs, d.Decode.Spare, 2048, true)
	speed := (d.SpeedLow + d.SpeedHigh) / 2
	low, high := 1.0, u.seats
	for range 50 {
		if n := (low + high) / 2; u.decoding(&s.t, n).tpot < 1/speed {
			low = n
		} else {
			high = n
		}
	}
	decode := perNode(low*speed, u.shape.layout)
	t.Logf("EP 144: %.0f sequences per GPU at %.0f tokens/s each make %.0f tokens/s of a node, published %.0f", low/144, speed, decode, d.OutputPerNode)

	v := unitOf(d.Prefill.GPUs, d.Prefill.Spare, 16384, true)
	prefill := perNode(v.full/v.pieces/v.prefillSeconds(v.full)*s.t.prompt, v.shape.layout)
	t.Logf("EP 32: %.0f input tokens/s of a node, published %.0f", prefill, d.InputPerNode)

	r := finish(s)
	if r.Best == nil {
		t.Fatal("no plan")
	}
	p := r.Best
	t.Logf("plan: %d GPUs, %d x %s decode, %+v, $%.3f per million output tokens, published $%.3f; TPOT %.1f ms",
		p.GPUs, p.Main.Copies, p.Main.Words, p.Prefill, p.Output, d.Use.Bill().AllOutput, 1e3*p.TPOT.Percentile)
	wide := serving.RangeOf(serving.WideParallel)
	for _, c := range []struct {
		what        string
		got, want   float64
		least, most float64
	}{
		{"decode of EP 144", decode, d.OutputPerNode, wide.Low, wide.High},
		{"prefill of EP 32", prefill, d.InputPerNode, wide.Low, 1.4}, // full steps here; there the mean of a day
		{"cost of the plan", p.Output, d.Use.Bill().AllOutput, 0.8, 1.25},
	} {
		if ratio := c.got / c.want; ratio < c.least || ratio > c.most {
			t.Errorf("%s: got %.4g, published %.4g: %.2f times", c.what, c.got, c.want, ratio)
		}
	}
	if !p.Split || p.Main.DP < 32 || p.Main.Spare == 0 {
		t.Errorf("got %+v, want prefill apart and wide expert parallelism with spare experts, as published", p.Main)
	}
}
