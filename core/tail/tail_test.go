package tail

import (
	"math"
	"reflect"
	"testing"

	"moecost/core/arch/preset"
	"moecost/core/format"
	"moecost/core/hardware"
	"moecost/core/serving"
)

func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Abs(want)) {
		t.Errorf("for %s, got %.6g, want %.6g ± %.3g %%", what, got, want, 100*relative)
	}
}

// timed prepares a deployment of a preset.
func timed(t testing.TB, model, gpu, engine string, l serving.Layout, a serving.Assumptions) *serving.Timing {
	t.Helper()
	p, ok := preset.ByID(model)
	if !ok {
		t.Fatalf("no preset %q", model)
	}
	r, err := p.Reading()
	if err != nil {
		t.Fatal(err)
	}
	g, ok := hardware.ByID(gpu)
	if !ok {
		t.Fatalf("no accelerator %q", gpu)
	}
	e, ok := serving.EngineByID(engine)
	if !ok {
		t.Fatalf("no engine %q", engine)
	}
	if err := l.Check(r.Model); err != nil {
		t.Fatal(err)
	}
	return serving.NewTiming(serving.Deployment{Model: r.Model, GPU: g, Layout: l, KV: format.BF16, Engine: e}, a)
}

var (
	wide32 = serving.Layout{GPUs: 32, TP: 1, PP: 1, EP: 32, DP: 32}
	wide8  = serving.Layout{GPUs: 8, TP: 1, PP: 1, EP: 8, DP: 8}
	tp8    = serving.Layout{GPUs: 8, TP: 8, PP: 1, EP: 1, DP: 1}
)

// wide is DeepSeek-R1 on 32 GPUs, sigma 1.
func wide(t testing.TB, batch int64) Case {
	return Case{
		Timing: timed(t, "deepseek-r1", "h200", "sglang", wide32, serving.Assumptions{Skew: 1}),
		Load:   serving.Load{Batch: batch, Prompt: 2000, Output: 500, Chunk: 8192}, Seed: 1, InTurn: true, PerStep: 1,
	}
}

func run(t testing.TB, c Case) Result {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	_, total := s.Done()
	s.Advance(total)
	return s.Result()
}

func BenchmarkSimulation(b *testing.B) {
	for _, c := range []struct {
		name string
		of   Case
	}{{"Batch4096", wide(b, 4096)}, {"Batch256", wide(b, 256)}, {"Batch16", wide(b, 16)}} {
		c.of.Domain, c.of.Speed, c.of.Lengths = 0.3, 0.02, 0.1
		c.of.Drawn = 2000
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				run(b, c.of)
			}
		})
	}
}

// However a simulation is sliced, and whatever was asked of it in between, the
// result is the same; and it survives the message between two programs.
func TestSlices(t *testing.T) {
	c := wide(t, 256)
	c.Domain, c.Speed, c.Lengths, c.Drawn = 0.3, 0.02, 0.1, 100
	c.Sweep = []Point{{Skew: 1, EP: 32, Case: func() Case { return wide(t, 64) }}}
	want := run(t, c)
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	for slice := 1; ; slice = slice%29 + 7 {
		done, total := s.Done()
		if done == total {
			break
		}
		s.Advance(slice)
		s.Result()
	}
	got, err := DecodeResult(s.Result().Encode())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("sliced and sent, got %+v, want %+v", got, want)
	}
	if len(want.Sweep) != 1 || !want.Done {
		t.Errorf("for a sweep of one point, got %+v", want.Sweep)
	}
}

// In a pipeline a first token is out stages after the step that decoding waits for. What follows
// it is no less late: a request of two tokens, which takes one step more, has that step for its TPOT.
func TestLateFirstToken(t *testing.T) {
	c := Case{
		Timing: timed(t, "qwen3-30b-a3b", "h100-sxm", "vllm", serving.Layout{GPUs: 8, TP: 1, PP: 8, EP: 1, DP: 1}, serving.Assumptions{Skew: 1}),
		Load:   serving.Load{Batch: 16, Prompt: 4096, Output: 2, Chunk: 16384}, Seed: 1, PerStep: 1, Drawn: 50,
	}
	r := run(t, c)
	if r.TPOT.P50.Value < r.Bare.P50 || r.TPOT.P50.Value > r.Step.P999.Value {
		t.Errorf("for requests of two tokens, got a TPOT of %.4g s, want that of a step, %.4g to %.4g s", r.TPOT.P50.Value, r.Bare.P50, r.Step.P999.Value)
	}
}

// Where decoding does not wait for prompts, a first token still waits for its own.
func TestFirstTokenWithoutInterference(t *testing.T) {
	c := wide(t, 64)
	c.Drawn, c.Without = 50, Causes(0).With(Prefill)
	alone := c.Timing.PromptSeconds(c.Load)
	if r := run(t, c); r.TTFT.P50.Value < alone {
		t.Errorf("without interference, got a TTFT of %.4g s, want the prompt's own %.4g s at least", r.TTFT.P50.Value, alone)
	}
}
