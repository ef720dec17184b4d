package serving

import (
	"math"
	"testing"

	"moecost/core/arch"
	"moecost/core/format"
	"moecost/core/hardware"
)

// One GPU, ideal profile, a made-up model with one dense layer and a drafting module of
// another shape: two passes are a sum of roofs that can be written down. The first covers all
// tokens of the step, the second one per sequence; each ends with the head over one row per sequence.
func TestDraftPassesClosedForm(t *testing.T) {
	const h, inner, moduleInner, vocab = 1024, 4096, 2048, 32000
	matrix := func(name string, out, in int64, role arch.Role) arch.Tensor {
		return arch.Tensor{Name: name, Shape: []int64{out, in}, Copies: 1, Role: role, Use: arch.Multiplied, Split: arch.SplitTP, Stored: format.BF16}
	}
	dense := func(n int64) arch.Sublayer {
		return arch.Sublayer{Dense: &arch.Dense{Inner: n}, Tensors: []arch.Tensor{matrix("up_proj", n, h, arch.DenseLayers)}}
	}
	projection := matrix("eh_proj", h, 2*h, arch.DenseLayers)
	projection.Split = arch.Replicated
	model := &arch.Model{Hidden: h, Vocabulary: vocab, Base: format.BF16,
		Head:   []arch.Tensor{matrix("lm_head", vocab, h, arch.EmbeddingAndHead)},
		Blocks: []arch.Block{{Sublayers: []arch.Sublayer{dense(inner)}}},
		MTP: arch.MTP{Depth: 1, Blocks: []arch.Block{{Sublayers: []arch.Sublayer{dense(moduleInner)}}},
			Tensors: []arch.Tensor{projection, matrix("shared_head.head", vocab, h, arch.EmbeddingAndHead)}}} // a copy of the head is not read besides it
	gpu, _ := hardware.ByID("h100-sxm")
	engine, _ := EngineByID("ideal")
	timing := NewTiming(Deployment{Model: model, GPU: gpu, Layout: oneGPU, KV: format.BF16, Engine: engine}, Assumptions{})
	const batch, drafts = 6, 2
	got := timing.DecodeStep(Load{Batch: batch, Prompt: 1, Draft: drafts})

	bandwidth, peak := gpu.BandwidthBytesPerSecond, gpu.Peaks.BF16
	product := func(out, in, tokens float64) float64 {
		return math.Max((2*out*in+tokens*2*(out+in))/bandwidth, 2*out*in*tokens/peak)
	}
	pass := func(tokens float64) float64 {
		return product(h, 2*h, tokens) + product(moduleInner, h, tokens) + product(vocab, h, batch)
	}
	near(t, "the passes", got.Parts[DraftPasses], pass(batch*(1+drafts))+pass(batch), 1e-9)
	near(t, "the verification", got.Seconds-got.Parts[DraftPasses], product(inner, h, batch*(1+drafts))+product(vocab, h, batch*(1+drafts)), 1e-9)

	two := *model // a second module like the first: passes take as long, each runs one of them
	two.MTP = arch.MTP{Depth: 2, Blocks: append(model.MTP.Blocks, model.MTP.Blocks...), Tensors: append(model.MTP.Tensors, model.MTP.Tensors...)}
	same := NewTiming(Deployment{Model: &two, GPU: gpu, Layout: oneGPU, KV: format.BF16, Engine: engine}, Assumptions{}).DecodeStep(Load{Batch: batch, Prompt: 1, Draft: drafts})
	near(t, "two modules", same.Parts[DraftPasses], got.Parts[DraftPasses], 1e-9)
}

// Modules run only where the load drafts and the model has them; in prefill once, over the prompt.
func TestWhoDrafts(t *testing.T) {
	with := NewTiming(deploy(t, "deepseek-v3", "h200", "sglang", wide32), Assumptions{Skew: 1})
	without := NewTiming(deploy(t, "qwen3-30b-a3b", "h200", "vllm", oneGPU), Assumptions{Skew: 1})
	l := Load{Batch: 64, Prompt: 4000, Output: 1000, Chunk: 8192}
	if s := with.DecodeStep(l); s.Parts[DraftPasses] != 0 {
		t.Errorf("without a draft the module takes %g s", s.Parts[DraftPasses])
	}
	plain := with.PromptSeconds(l)
	l.Draft = 3
	if s := without.DecodeStep(l); s.Parts[DraftPasses] != 0 {
		t.Errorf("a model without modules runs them for %g s", s.Parts[DraftPasses])
	}
	more := with.PromptSeconds(l)/plain - 1
	if more < 0.5/61 || more > 4.0/61 { // one layer more than 61, and the head
		t.Errorf("a prompt takes %.2f %% longer with the module", 100*more)
	}
	step := with.DecodeStep(l)
	touched := with.Step(Work{Decode: 64, Drafted: 3, Context: l.DecodeContext()})
	if step.Weights != touched.Weights || step.Distinct != touched.Distinct {
		t.Error("what the main model touches hangs on the drafting module")
	}
}
