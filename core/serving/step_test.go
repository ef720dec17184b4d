package serving

import (
	"math"
	"testing"

	"moecost/core/arch"
	"moecost/core/arch/preset"
	"moecost/core/format"
	"moecost/core/hardware"
	"moecost/core/routing"
)

func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Abs(want)) {
		t.Errorf("for %s, got %.6g, want %.6g ± %.3g %%", what, got, want, 100*relative)
	}
}

func deploy(t testing.TB, model, gpu, engine string, l Layout) Deployment {
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
	e, ok := EngineByID(engine)
	if !ok {
		t.Fatalf("no engine %q", engine)
	}
	if err := l.Check(r.Model); err != nil {
		t.Fatal(err)
	}
	return Deployment{Model: r.Model, GPU: g, Layout: l, KV: format.BF16, Engine: e}
}

var (
	oneGPU = Layout{GPUs: 1, TP: 1, PP: 1, EP: 1, DP: 1}
	tp8    = Layout{GPUs: 8, TP: 8, PP: 1, EP: 1, DP: 1}
	wide32 = Layout{GPUs: 32, TP: 1, PP: 1, EP: 32, DP: 32}
)

// DeepSeek-V3 as published in FP8: an independent tool's tensor arithmetic gives
// 37.55, 163.8, 585.3 and 670.8 GB touched at uniform routing, scales left out.
func TestTouchedDeepSeek(t *testing.T) {
	timing := NewTiming(deploy(t, "deepseek-v3", "h200", "sglang", wide32), Assumptions{})
	for _, c := range []struct {
		batch           int64
		bytes, distinct float64
	}{{1, 37.6e9, 8}, {8, 164e9, 57.42}, {64, 585e9, 222.44}, {256, 671e9, 255.92}} {
		s := timing.DecodeStep(Load{Batch: c.batch, Prompt: 4096, Output: 1024})
		near(t, "touched bytes", s.Weights, c.bytes, 0.01)
		near(t, "distinct experts", s.Distinct, c.distinct, 1e-4)
	}
}

// One GPU, ideal profile, uniform routing: the step is a sum of roofs that can be
// written down. The model is made up: one attention layer, one MoE layer, a head.
func TestClosedForm(t *testing.T) {
	const h, heads, dim, experts, topK, inner, vocab = 1024, 8, 64, 16, 2, 512, 32000
	matrix := func(name string, copies, out, in int64, role arch.Role, split arch.Split) arch.Tensor {
		return arch.Tensor{Name: name, Shape: []int64{out, in}, Copies: copies, Role: role, Use: arch.Multiplied, Split: split, Stored: format.BF16}
	}
	model := &arch.Model{Hidden: h, Vocabulary: vocab, Base: format.BF16,
		Head: []arch.Tensor{matrix("lm_head", 1, vocab, h, arch.EmbeddingAndHead, arch.SplitVocabulary)},
		Blocks: []arch.Block{{Sublayers: []arch.Sublayer{
			{Attention: &arch.Attention{Heads: heads, KVHeads: heads, KeyDim: dim, ValueDim: dim}, Tensors: []arch.Tensor{
				matrix("q_proj", 1, heads*dim, h, arch.AttentionWeights, arch.SplitTP)}},
			{MoE: &arch.MoE{Experts: experts, TopK: topK, Hidden: h, Inner: inner}, Tensors: []arch.Tensor{
				matrix("experts.{e}.up_proj", experts, inner, h, arch.RoutedExperts, arch.SplitExperts),
				matrix("experts.{e}.down_proj", experts, h, inner, arch.RoutedExperts, arch.SplitExperts)}},
		}}}}
	gpu, _ := hardware.ByID("h100-sxm")
	engine, _ := EngineByID("ideal")
	timing := NewTiming(Deployment{Model: model, GPU: gpu, Layout: oneGPU, KV: format.BF16, Engine: engine}, Assumptions{})
	const batch, context = 4, 2048
	got := timing.Step(Work{Decode: batch, Context: context})

	bandwidth, peak := gpu.BandwidthBytesPerSecond, gpu.Peaks.BF16
	roof := func(bytes, flops float64) float64 { return math.Max(bytes/bandwidth, flops/peak) }
	distinct := experts * (1 - math.Pow(1-float64(topK)/experts, batch))
	copies := float64(batch * topK)
	want := roof(2*heads*dim*h+batch*2*(heads*dim+h), 2*batch*heads*dim*h) + // projection
		roof(batch*context*2*heads*dim*2, batch*context*2*heads*2*dim) + // cache
		roof(distinct*2*2*inner*h+copies*2*2*(inner+h), 2*2*inner*h*copies) +
		roof(2*vocab*h+batch*2*(vocab+h), 2*batch*vocab*h)
	near(t, "the closed form", got.Seconds, want, 1e-6)
	near(t, "touched bytes", got.Weights, 2*(heads*dim*h+distinct*2*inner*h+vocab*h), 1e-6)
}

// The account adds up, by operator and by what is waited for.
func TestPartsAddUp(t *testing.T) {
	for _, d := range []Deployment{
		deploy(t, "deepseek-v3", "h200", "sglang", wide32), deploy(t, "deepseek-v3.2", "b200", "vllm", tp8),
		deploy(t, "gpt-oss-120b", "h100-sxm", "vllm", oneGPU), deploy(t, "qwen3-next-80b-a3b", "mi300x", "sglang", tp8.with(2)),
		deploy(t, "llama-3.1-70b", "h100-sxm", "trtllm", tp8),
	} {
		timing := NewTiming(d, Assumptions{Skew: 1})
		for _, w := range []Work{
			{Decode: 1, Context: 100}, {Decode: 300, Context: 4000, Drafted: 1},
			{Prefill: 8192, PrefillReach: 2048, Prompts: 2, Eager: true}, {Decode: 64, Context: 1000, Prefill: 512, PrefillReach: 256, Eager: true},
		} {
			s := timing.Step(w)
			parts, waits := 0.0, 0.0
			for _, p := range s.Parts {
				if p < 0 {
					t.Errorf("for %s %+v, a negative part", d.Model.Name, w)
				}
				parts += p
			}
			for _, p := range s.Waits {
				waits += p
			}
			near(t, "parts", parts, s.Seconds, 1e-9)
			near(t, "waits", waits, s.Seconds, 1e-9)
			if !(s.Seconds > 0) || math.IsInf(s.Seconds, 0) {
				t.Errorf("for %s %+v, a step of %g s", d.Model.Name, w, s.Seconds)
			}
		}
	}
}

func (l Layout) with(tp int) Layout { l.GPUs, l.TP = tp, tp; return l }

// Laws that hold whatever the constants.
func TestMonotone(t *testing.T) {
	layouts := []Layout{tp8, wide32}
	for _, layout := range layouts {
		d := deploy(t, "deepseek-v3", "h100-sxm", "vllm", layout)
		faster := d
		faster.GPU.BandwidthBytesPerSecond *= 2
		links := d
		links.GPU.ScaleUp.BytesPerSecond *= 2
		links.GPU.ScaleOutBytesPerSecond *= 2
		uniform, skewed := NewTiming(d, Assumptions{}), NewTiming(d, Assumptions{Skew: 1.2})
		wider, linked := NewTiming(faster, Assumptions{}), NewTiming(links, Assumptions{})
		last := 0.0
		for batch := int64(1); batch <= 1<<16; batch *= 2 {
			l := Load{Batch: batch, Prompt: 1000, Output: 1000}
			s := uniform.DecodeStep(l)
			if s.Seconds < last {
				t.Errorf("%v: a step of %d sequences takes %g s, less than half as many (%g)", layout, batch, s.Seconds, last)
			}
			last = s.Seconds
			if w := wider.DecodeStep(l); w.Seconds > s.Seconds*(1+1e-12) {
				t.Errorf("%v batch %d: twice the memory bandwidth is slower", layout, batch)
			}
			if w := linked.DecodeStep(l); w.Seconds > s.Seconds*(1+1e-12) {
				t.Errorf("%v batch %d: twice the link bandwidth is slower", layout, batch)
			}
			if k := skewed.DecodeStep(l); k.Weights > s.Weights*(1+1e-9) || k.Distinct > s.Distinct*(1+1e-9) {
				t.Errorf("%v batch %d: skewed routing touches more than uniform", layout, batch)
			}
		}
		s := uniform.DecodeStep(Load{Batch: 1 << 20, Prompt: 10, Output: 10})
		near(t, "experts of a huge batch", s.Distinct, 256, 1e-6)
	}
}

func TestRangesMeanSomething(t *testing.T) {
	for c := range ClassCount {
		r := RangeOf(c)
		low, high := 0.3, 3.0
		if c == OnDrive { // measured drives differ by a factor of ten from one another
			low, high = 0.25, 4
		}
		if !(r.Low > low && r.Low < 1 && r.High > 1 && r.High < high) {
			t.Errorf("for %s, a range of %g to %g", c, r.Low, r.High)
		}
		if r.NearbyHigh/r.NearbyLow > r.High/r.Low {
			t.Errorf("for %s, one measured point widens the range", c)
		}
	}
}

// One measured point moves the prediction there and narrows its range.
func TestPredict(t *testing.T) {
	before, after := Predict(NodeFew, 0.010, 0), Predict(NodeFew, 0.010, 1.23)
	near(t, "calibrated time", after.Seconds, 0.0123, 1e-12)
	near(t, "time", before.Seconds, 0.010, 0)
	if after.High/after.Low >= before.High/before.Low {
		t.Error("the range does not shrink")
	}
	if !(before.Low < before.Seconds && before.Seconds < before.High) {
		t.Errorf("a range of %g to %g around %g", before.Low, before.High, before.Seconds)
	}
}

func TestNoAllocation(t *testing.T) {
	timing := NewTiming(deploy(t, "deepseek-v3", "h200", "sglang", wide32), Assumptions{Skew: 1})
	l := Load{Batch: 512, Prompt: 4096, Output: 1024}
	if n := testing.AllocsPerRun(100, func() { timing.DecodeStep(l); timing.TPOT(l); timing.TTFT(l, Waves, 0) }); n > 0 {
		t.Errorf("an estimate allocates %g times", n)
	}
}

func BenchmarkStep(b *testing.B) {
	timing := NewTiming(deploy(b, "deepseek-v3", "h200", "sglang", wide32), Assumptions{Skew: 1})
	l := Load{Batch: 512, Prompt: 4096, Output: 1024}
	b.ReportAllocs()
	for b.Loop() {
		timing.DecodeStep(l)
	}
}

func BenchmarkNewTiming(b *testing.B) {
	d := deploy(b, "deepseek-v3", "h200", "sglang", wide32)
	for b.Loop() {
		NewTiming(d, Assumptions{Skew: 1})
	}
}

// With prefill on other GPUs a token waits for the step alone.
func TestPrefillApart(t *testing.T) {
	d := deploy(t, "deepseek-v3", "h200", "sglang", tp8)
	l := Load{Batch: 32, Prompt: 2048, Output: 512}
	together, apart := NewTiming(d, Assumptions{Skew: 1}), NewTiming(d, Assumptions{Skew: 1, Apart: true})
	near(t, "TPOT", apart.TPOT(l), apart.DecodeStep(l).Seconds, 0)
	if together.TPOT(l) <= apart.TPOT(l) {
		t.Errorf("TPOT %g with prefill on the same GPUs, %g without", together.TPOT(l), apart.TPOT(l))
	}
}

// Gate, top-k and permutation of 256 experts: 0.7 to 2.1 ms of a DeepSeek step from published
// kernel times (3 to 5 + 4 to 7 + 5 to 25 us per layer, 58 layers), 5 to 20 % at batch 1 to 16 on one node.
func TestRoutingOverhead(t *testing.T) {
	timing := NewTiming(deploy(t, "deepseek-v3", "h200", "sglang", tp8), Assumptions{Skew: 1})
	for _, batch := range []int64{1, 4, 16} {
		s := timing.DecodeStep(Load{Batch: batch, Prompt: 1024, Output: 1024})
		if ms := 1e3 * s.Routing(); ms < 0.7 || ms > 2.1 {
			t.Errorf("at batch %d, routing takes %.2f ms, want 0.7 to 2.1", batch, ms)
		}
		if share := s.Routing() / s.Seconds; share < 0.05 || share > 0.20 {
			t.Errorf("at batch %d, routing is %.0f %% of the step, want 5 to 20", batch, 100*share)
		}
	}
	s := timing.DecodeStep(Load{Batch: 512, Prompt: 4096, Output: 1024})
	if share := s.Routing() / s.Seconds; share > 0.05 {
		t.Errorf("at batch 512, routing is %.0f %% of the step, want below 5", 100*share)
	}
}

// Drafted tokens of one sequence choose alike: they touch less than as many sequences do.
func TestDraftsCorrelate(t *testing.T) {
	timing := NewTiming(deploy(t, "deepseek-v3", "h200", "sglang", tp8), Assumptions{Skew: 1})
	drafted := timing.Step(Work{Decode: 8, Drafted: 3, Context: 1000})
	separate := timing.Step(Work{Decode: 32, Context: 1000})
	plain := timing.Step(Work{Decode: 8, Context: 1000})
	if !(plain.Distinct < drafted.Distinct && drafted.Distinct < separate.Distinct) {
		t.Errorf("distinct experts %g, drafted %g, separate %g: want ascending", plain.Distinct, drafted.Distinct, separate.Distinct)
	}
}

func BenchmarkNewTimingShared(b *testing.B) {
	d := deploy(b, "deepseek-v3", "h200", "sglang", wide32)
	routes := NewRoutes(routing.Popularity{Skew: 1})
	for b.Loop() {
		NewTiming(d, Assumptions{Skew: 1, Routes: routes})
	}
}
