package draft

import (
	"testing"

	"moecost/core/arch"
	"moecost/core/arch/preset"
	"moecost/core/format"
	"moecost/core/hardware"
	"moecost/core/routing"
	"moecost/core/serving"
)

func timing(t testing.TB, model, gpu, engine string, l serving.Layout, a serving.Assumptions) *serving.Timing {
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
	oneGPU = serving.Layout{GPUs: 1, TP: 1, PP: 1, EP: 1, DP: 1}
	tp8    = serving.Layout{GPUs: 8, TP: 8, PP: 1, EP: 1, DP: 1}
	wide   = serving.Layout{GPUs: 32, TP: 1, PP: 1, EP: 32, DP: 32}
)

// Where everything waits for memory, a step takes longer by the experts that the
// drafts add. Their number is counted here by the formula, their bytes from the tensors.
func TestPenaltyClosedForm(t *testing.T) {
	const batch, drafts, skew = 4, 2, 1
	tm := timing(t, "qwen3-30b-a3b", "h100-sxm", "ideal", oneGPU, serving.Assumptions{Skew: skew})
	l := serving.Load{Batch: batch, Prompt: 64, Output: 64}
	e := Of(tm, l, Plan{Tokens: drafts, Accept: 0.8})

	p, _ := preset.ByID("qwen3-30b-a3b")
	r, err := p.Reading()
	if err != nil {
		t.Fatal(err)
	}
	expert := float64(r.Model.WeightBytesByRole()[arch.RoutedExperts].Bytes()) / 128 // one of every layer
	pi := routing.Inclusion(128, 8, skew)
	gpu, _ := hardware.ByID("h100-sxm")
	plain := routing.ExpectedDistinct(pi, batch)
	drafted := routing.ExpectedDistinct(pi, batch*(1+4.0/5+4.0/6)) // EffectiveTokens(3, 0.2) written out
	rest := e.Plain*gpu.BandwidthBytesPerSecond - expert*plain
	near(t, "the penalty", e.Penalty, Penalty(expert, plain, drafted, rest), 0.005) // activations, of which three times as many tokens have more
	near(t, "the speedup", e.Speedup, Accepted(drafts, 0.8)/e.Penalty, 1e-9)        // no modules, nobody else's prompts in the ideal profile
}

func TestEnds(t *testing.T) {
	for _, tm := range []*serving.Timing{
		timing(t, "deepseek-v3", "h200", "sglang", wide, serving.Assumptions{Skew: 1, Balanced: 1.1}),
		timing(t, "gpt-oss-120b", "h100-sxm", "vllm", oneGPU, serving.Assumptions{Skew: 1}),
		timing(t, "llama-3.1-70b", "h200", "vllm", tp8, serving.Assumptions{}),
	} {
		for _, batch := range []int64{1, 32, 1024} {
			l := serving.Load{Batch: batch, Prompt: 2000, Output: 500}
			if e := Of(tm, l, Plan{Accept: 0.9}); e.Speedup != 1 || e.Penalty != 1 || e.PerStep != 1 || e.Draft != 0 || e.Verify != e.Plain {
				t.Errorf("nothing drafted changes a step: %+v", e)
			}
			before := 0.0
			for _, accept := range []float64{0, 0.3, 0.6, 0.9, 1} {
				e := Of(tm, l, Plan{Tokens: 3, Accept: accept})
				if !(e.Speedup > before) || !(e.Penalty >= 1) {
					t.Errorf("at acceptance %g a speedup of %g after %g, penalty %g", accept, e.Speedup, before, e.Penalty)
				}
				before = e.Speedup
			}
			wasted := Of(tm, l, Plan{Tokens: 3})
			if wasted.Speedup >= 1 {
				t.Errorf("drafts of which none is accepted gain %g at batch %d", wasted.Speedup, batch)
			}
			perfect := Of(tm, l, Plan{Tokens: 3, Accept: 1})
			if perfect.Speedup > 4 {
				t.Errorf("three drafts gain %g", perfect.Speedup)
			}
			l.Draft = 7 // the plan decides, not the load
			if Of(tm, l, Plan{Tokens: 3, Accept: 1}) != perfect {
				t.Error("the load's own drafts count beside the plan's")
			}
		}
	}
}

// Nothing accepted, alone on the machine: the step is longer by penalty and drafts, and so is a token.
func TestLossIsThePenalty(t *testing.T) {
	tm := timing(t, "mixtral-8x7b", "h200", "vllm", oneGPU, serving.Assumptions{})
	l := serving.Load{Batch: 1, Prompt: 512, Output: 256}
	e := Of(tm, l, Plan{Tokens: 2})
	near(t, "the loss", e.Speedup, 1/e.Penalty, 1e-12)
	separate := Of(tm, l, Plan{Tokens: 2, Share: 0.05})
	near(t, "a separate model's share", separate.Speedup, 1/(e.Penalty+0.1), 1e-12)
}

// DeepSeek-V3 brings one module of one layer for its 61 and the head: a pass of it
// lies between one and a few layers' share of a step.
func TestDraftPasses(t *testing.T) {
	tm := timing(t, "deepseek-v3", "h200", "sglang", tp8, serving.Assumptions{Skew: 1})
	l := serving.Load{Batch: 8, Prompt: 2000, Output: 500}
	one, two, three := Of(tm, l, Plan{Tokens: 1}), Of(tm, l, Plan{Tokens: 2}), Of(tm, l, Plan{Tokens: 3})
	if share := one.Draft / one.Plain; share < 1.0/61 || share > 4.0/61 {
		t.Errorf("a pass takes %.1f %% of a step", 100*share)
	}
	if more := (three.Draft - two.Draft) / one.Draft; more < 0.3 || more > 1.1 {
		t.Errorf("a further pass takes %g of the first", more)
	}
	none := timing(t, "llama-3.1-8b", "h200", "vllm", oneGPU, serving.Assumptions{})
	if e := Of(none, l, Plan{Tokens: 3}); e.Draft != 0 {
		t.Errorf("a model without modules drafts in %g s", e.Draft)
	}
}

// Every batch one by one, instead of powers of two and bisection.
func TestWhere(t *testing.T) {
	const limit = 512
	moe := timing(t, "mixtral-8x7b", "h200", "vllm", oneGPU, serving.Assumptions{})
	large := timing(t, "deepseek-v3", "h200", "sglang", wide, serving.Assumptions{Skew: 1, Balanced: 1.1})
	seen := map[string]int{}
	for _, c := range []struct {
		tm *serving.Timing
		p  Plan
	}{{moe, Plan{Tokens: 3, Accept: 0.55}}, {moe, Plan{Tokens: 2, Accept: 0.9}}, {moe, Plan{Tokens: 4, Accept: 0.1}}, {moe, Plan{Tokens: 8}}, {large, Plan{Tokens: 3, Accept: 0.5}}} {
		l := serving.Load{Prompt: 512, Output: 512}
		gains := make([]bool, limit+2)
		for b := int64(1); b <= limit; b++ {
			l.Batch = b
			gains[b] = Of(c.tm, l, c.p).Speedup > 1
		}
		got := Where(c.tm, l, c.p, limit)
		if got.From == 0 {
			for b, gain := range gains {
				if gain {
					t.Fatalf("%+v: batch %d gains, but Where found none", c.p, b)
				}
			}
			seen["never"]++
			continue
		}
		for b := got.From; b <= got.To; b++ {
			if !gains[b] {
				t.Errorf("%+v: batch %d does not gain, inside %+v", c.p, b, got)
			}
		}
		if got.From > 1 {
			seen["late"]++
			if gains[got.From-1] {
				t.Errorf("%+v: batch %d gains before %+v", c.p, got.From-1, got)
			}
		}
		if got.Loss > 0 {
			seen["early"]++
			if gains[got.Loss] || got.Loss != got.To+1 {
				t.Errorf("%+v: batch %d gains after %+v", c.p, got.Loss, got)
			}
		}
	}
	if seen["never"] == 0 || seen["late"] == 0 || seen["early"] == 0 {
		t.Errorf("the cases show %v, want gains that never come, come late and end early", seen)
	}
}

func TestBest(t *testing.T) {
	tm := timing(t, "deepseek-v3", "h200", "sglang", tp8, serving.Assumptions{Skew: 1})
	l := serving.Load{Batch: 1, Prompt: 2000, Output: 500}
	base := Prepare(tm, l)
	if k := base.Best(Plan{}, 8); k != 0 {
		t.Errorf("%d drafts are best of which none is accepted", k)
	}
	if k := base.Best(Plan{Accept: 1}, 8); k != 8 {
		t.Errorf("%d drafts are best of which all are accepted", k)
	}
	k := base.Best(Plan{Accept: 0.7}, 8)
	best := Of(tm, l, Plan{Tokens: k, Accept: 0.7}).Speedup
	for n := 1; n <= 8; n++ {
		if s := Of(tm, l, Plan{Tokens: n, Accept: 0.7}).Speedup; s > best {
			t.Errorf("%d drafts gain %g, more than %g of the best, %d", n, s, best, k)
		}
	}
}

func BenchmarkOf(b *testing.B) {
	tm := timing(b, "deepseek-v3", "h200", "sglang", wide, serving.Assumptions{Skew: 1})
	l := serving.Load{Batch: 256, Prompt: 2000, Output: 500}
	b.ReportAllocs()
	for b.Loop() {
		Of(tm, l, Plan{Tokens: 3, Accept: 0.8})
	}
}
