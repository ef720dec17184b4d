package serving_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"moecost/core/arch"
	"moecost/core/arch/preset"
	"moecost/core/format"
	"moecost/core/hardware"
	"moecost/core/serving"
)

// models are all presets with a description.
func models(t testing.TB) map[string]*arch.Model {
	t.Helper()
	all := map[string]*arch.Model{}
	for _, p := range preset.All() {
		if p.Kind == preset.Closed {
			continue
		}
		reading, err := p.Reading()
		if err != nil {
			t.Fatal(err)
		}
		all[p.ID] = reading.Model
	}
	return all
}

var layouts = []serving.Layout{
	{GPUs: 1, TP: 1, PP: 1, EP: 1, DP: 1},
	{GPUs: 8, TP: 8, PP: 1, EP: 8, DP: 1},
	{GPUs: 8, TP: 8, PP: 1, EP: 1, DP: 1},
	{GPUs: 16, TP: 8, PP: 1, EP: 16, DP: 2},
	{GPUs: 16, TP: 4, PP: 2, EP: 4, DP: 2},
	{GPUs: 32, TP: 1, PP: 1, EP: 32, DP: 32},
	{GPUs: 24, TP: 4, PP: 3, EP: 2, DP: 2},
	{GPUs: 6, TP: 2, PP: 3, EP: 2, DP: 1},
}

// byHand is a second implementation of a stage's weights and cache: tensor by
// tensor, in floating point, from the definitions of the splits alone.
func byHand(m *arch.Model, kv format.Format, l serving.Layout, load serving.Load, first, last int) (weights [arch.RoleCount]float64, perSequence float64) {
	tp, split := float64(l.TP), float64(l.TP*l.DP)/float64(l.EP)
	add := func(t arch.Tensor, s *arch.Sublayer) {
		bytes := float64(t.Size().Bytes())
		switch t.Split {
		case arch.SplitTP, arch.SplitVocabulary:
			bytes /= tp
		case arch.SplitKVHeads:
			if s == nil || s.Attention == nil {
				bytes /= tp
			} else {
				bytes /= min(tp, float64(s.Attention.KVHeads))
			}
		case arch.SplitExperts:
			e := float64(s.MoE.Experts)
			perRank := float64((int(s.MoE.Experts) + l.EP - 1) / l.EP)
			bytes = bytes / e * perRank / split
		}
		weights[t.Role] += bytes
	}
	for i := first; i < last; i++ {
		for j := range m.Blocks[i].Sublayers {
			s := &m.Blocks[i].Sublayers[j]
			for _, t := range s.Tensors {
				add(t, s)
			}
			if a := s.Attention; a != nil {
				bytes := float64(a.SequenceBytes(load.ReservedTokens(), kv))
				if a.Latent == 0 && a.KVHeads > 0 {
					index := *a
					index.SharesKV = true // keeps nothing but index keys
					keys := float64(index.SequenceBytes(load.ReservedTokens(), kv))
					bytes = keys + (bytes-keys)/min(tp, float64(a.KVHeads))
				}
				perSequence += bytes
			}
			if r := s.Recurrent; r != nil {
				perSequence += (float64(r.StateFormat.SizeOf([]int64{r.State}).Bytes()) + float64(m.Base.SizeOf([]int64{r.Convolution}).Bytes())) / tp
			}
		}
	}
	if first == 0 {
		for _, t := range m.Embedding {
			add(t, nil)
		}
	}
	if last == len(m.Blocks) {
		for _, t := range m.Head {
			add(t, nil)
		}
		if m.Tied && l.PP > 1 {
			for _, t := range m.Embedding {
				add(t, nil)
			}
		}
	}
	return weights, perSequence
}

// TestLedgerByHand compares every line of every preset's ledger with byHand.
// Bytes that do not divide are rounded up per layer, so a line may be that many bytes larger.
func TestLedgerByHand(t *testing.T) {
	gpu, _ := hardware.ByID("h200")
	engine, _ := serving.EngineByID("vllm")
	load := serving.Load{Batch: 37, Prompt: 3000, Output: 500, Chunk: 4096}
	compared := 0
	for id, m := range models(t) {
		f := serving.Compile(m, format.BF16)
		for _, l := range layouts {
			if l.Check(m) != nil {
				continue
			}
			compared++
			led := f.Ledger(&gpu, &engine, l, load)
			first, last := 0, 0
			for s := 0; s <= led.Stage; s++ {
				first = last
				last += stageSize(len(m.Blocks), l.PP, s)
			}
			weights, perSequence := byHand(m, format.BF16, l, load, first, last)
			slack := float64(8 * (len(m.Blocks) + 2))
			for role := range arch.RoleCount {
				if d := float64(led.Weights[role]) - weights[role]; d < -1 || d > slack {
					t.Errorf("%s, %s, role %d: ledger %d, by hand %.1f", id, l, role, led.Weights[role], weights[role])
				}
			}
			if d := float64(led.PerSequence) - perSequence; d < -1 || d > slack {
				t.Errorf("%s, %s: %d bytes per sequence, by hand %.1f", id, l, led.PerSequence, perSequence)
			}
			perReplica := (load.Batch + int64(l.DP) - 1) / int64(l.DP)
			if led.CacheBytes() != perReplica*led.PerSequence {
				t.Errorf("%s, %s: cache %d is not %d sequences of %d", id, l, led.CacheBytes(), perReplica, led.PerSequence)
			}
		}
	}
	if compared < 150 {
		t.Errorf("only %d ledgers compared", compared)
	}
}

// stageSize is vLLM's get_pp_indices as its documentation words it: layers are
// divided evenly and, going backwards from the stage before the last, one more to
// each until none is left.
func stageSize(layers, stages, s int) int {
	sizes := make([]int, stages)
	for i := range sizes {
		sizes[i] = layers / stages
	}
	for i, rest := stages-2, layers%stages; rest > 0; i, rest = i-1, rest-1 {
		sizes[i]++
	}
	return sizes[s]
}

// TestLedgerAddsUp checks what must hold whatever the scenario: lines add up to
// the capacity, all GPUs together hold at least one whole model, and more
// sequences, longer ones, more drafting never take less.
func TestLedgerAddsUp(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	gpu, _ := hardware.ByID("h100-sxm")
	for id, m := range models(t) {
		f := serving.Compile(m, format.BF16)
		for _, engine := range serving.Engines() {
			for _, l := range layouts {
				if l.Check(m) != nil {
					continue
				}
				load := serving.Load{
					Batch: 1 + random.Int64N(500), Prompt: 1 + random.Int64N(20000), Output: 1 + random.Int64N(5000),
					Chunk: 1 + random.Int64N(16384), Spare: random.Int64N(3) * 16, Draft: random.Int64N(2),
				}
				led := f.Ledger(&gpu, &engine, l, load)
				where := fmt.Sprintf("%s, %s, %s, %+v", id, engine.ID, l, load)
				sum := led.WeightBytes() + led.Padding + led.MTP + led.Vision + led.CacheBytes() + led.Activation + led.Comm + led.Runtime.Bytes() + led.Free
				if sum != led.Capacity || led.Capacity != gpu.MemoryBytes {
					t.Errorf("%s: lines add up to %d of %d", where, sum, led.Capacity)
				}
				if all := f.Deployed(l, load); all < m.WeightBytes().Bytes() {
					t.Errorf("%s: %d bytes on all GPUs, the model has %d", where, all, m.WeightBytes().Bytes())
				}
				if l.PP == 1 && led.WeightBytes()*int64(l.GPUs) < f.Deployed(l, load) {
					t.Errorf("%s: the fullest GPU holds less than its share", where)
				}
				for name, more := range map[string]serving.Load{
					"batch":  with(load, func(x *serving.Load) { x.Batch += int64(l.DP) }),
					"prompt": with(load, func(x *serving.Load) { x.Prompt *= 2 }),
					"spare":  with(load, func(x *serving.Load) { x.Spare += int64(l.EP) }),
					"draft":  with(load, func(x *serving.Load) { x.Draft++ }),
					"chunk":  with(load, func(x *serving.Load) { x.Chunk *= 2 }),
				} {
					if next := f.Ledger(&gpu, &engine, l, more); next.Free > led.Free {
						t.Errorf("%s: more %s leaves more memory: %d, then %d", where, name, led.Free, next.Free)
					}
				}
			}
		}
	}
}

func with(l serving.Load, change func(*serving.Load)) serving.Load {
	change(&l)
	return l
}

// TestFewest checks that the smallest number fits, that no smaller one does,
// and what publishers and recipes say: DeepSeek-V3 in FP8 runs on 8 H200 or 16
// H100; the smallest unit for Kimi K2 in FP8 is 16 H200 (its deployment guide,
// https://github.com/MoonshotAI/Kimi-K2/blob/main/docs/deploy_guidance.md).
func TestFewest(t *testing.T) {
	engine, _ := serving.EngineByID("vllm")
	load := serving.Load{Batch: 32, Prompt: 2048, Output: 512, Chunk: 8192}
	all := models(t)
	for _, c := range []struct {
		model, gpu string
		engineGPUs int
	}{
		{"deepseek-v3", "h100-sxm", 16},
		{"deepseek-v3", "h200", 8},
		{"deepseek-v3", "b200", 8},
		{"mixtral-8x7b", "h100-sxm", 2},
		{"llama-3.1-8b", "h100-sxm", 1},
		{"llama-3.1-70b", "h100-sxm", 4},
		{"llama-3.1-70b", "a100-80-sxm", 4},
		{"qwen3-30b-a3b", "h100-sxm", 1},
		{"grok-1", "h100-sxm", 16},
		{"kimi-k2", "h200", 16},
	} {
		m, ok := all[c.model]
		if !ok {
			t.Fatalf("no preset %s", c.model)
		}
		gpu, _ := hardware.ByID(c.gpu)
		f := serving.Compile(m, format.BF16)
		n := f.Fewest(&gpu, &engine, load, serving.Layout{})
		e := f.FewestInEngine(&gpu, &engine, load, serving.Layout{})
		t.Logf("%s on %s: %d fit (%s), an engine takes %d (%s)", c.model, c.gpu, n.GPUs, n.Layout, e.GPUs, e.Layout)
		if e.GPUs != c.engineGPUs {
			t.Errorf("%s on %s: an engine would take %d, want %d", c.model, c.gpu, e.GPUs, c.engineGPUs)
		}
		if n.GPUs > e.GPUs || n.GPUs < 1 {
			t.Errorf("%s on %s: %d fit, but an engine takes %d", c.model, c.gpu, n.GPUs, e.GPUs)
		}
		for fewer := 1; fewer < n.GPUs; fewer++ {
			if l, ok := f.Choose(&gpu, &engine, load, serving.Layout{GPUs: fewer}); ok {
				t.Errorf("%s on %s: %d GPUs fit as %s, yet the fewest are %d", c.model, c.gpu, fewer, l, n.GPUs)
			}
		}
	}
}

func BenchmarkLedger(b *testing.B) {
	m := models(b)["deepseek-v3"]
	f := serving.Compile(m, format.BF16)
	gpu, _ := hardware.ByID("h100-sxm")
	engine, _ := serving.EngineByID("vllm")
	load := serving.Load{Batch: 64, Prompt: 4096, Output: 1024, Chunk: 16384}
	l := serving.Layout{GPUs: 16, TP: 8, PP: 1, EP: 16, DP: 2}
	b.ReportAllocs()
	for b.Loop() {
		led := f.Ledger(&gpu, &engine, l, load)
		if !led.Fits() {
			b.Fatal("does not fit")
		}
	}
}
