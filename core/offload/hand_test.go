package offload

import (
	"math"
	"testing"

	"moecost/core/serving"
)

// TestByHand writes a step out for Qwen3-30B-A3B at batch 1, of 48 MoE layers with 8 experts of 3 × 2048 × 768 elements in
// bf16 for a token, all equally popular, half of them on the GPU.
func TestByHand(t *testing.T) {
	const layers, asked, bytes = 48, 8, 3 * 2048 * 768 * 2
	p := planAt(t, 0, "qwen3-30b-a3b", "rtx4090", func(s *Setting) { s.Host, s.Drift = 0.5, 0 })
	s, resident := &p.Setting, p.timing.Resident(one)
	experts := resident.Parts[serving.RoutedExpertMatrices]
	times := p.Times(one)

	copies := layers * asked * 0.5 * bytes
	near(t, "bytes over the link", times[OnDemand].LinkBytes, copies, 1e-6)
	near(t, "on demand", times[OnDemand].Seconds, resident.Seconds+copies/s.Link, 1e-6)
	near(t, "hit rate", times[Cached].HitRate, 0.5, 1e-6)

	cpu := asked*0.5*bytes/s.CPU + p.fitted.Sync
	near(t, "on the CPU", times[CPU].Seconds, resident.Seconds-0.5*experts+layers*(cpu-0.5*experts/layers), 1e-6)
	near(t, "bytes that the CPU reads", times[CPU].CPUBytes, copies, 1e-6)
	near(t, "work left to the GPU", times[CPU].Local, 0.5, 1e-6)

	// llama.cpp: half the layers are on the CPU as wholes, which the GPU waits for; in the others nothing is handed over.
	cpu -= 0.5 * p.fitted.Sync
	whole := planAt(t, 0, "qwen3-30b-a3b", "rtx4090", func(s *Setting) { s.Host, s.Drift, s.Mapped = 0.5, 0, 61e9 })
	near(t, "whole layers", whole.Times(one)[CPU].Seconds, resident.Seconds-0.5*experts+layers*cpu, 1e-6)
}

// TestHybridIsTheBestDivision tries every number of tokens from which on experts are copied.
func TestHybridIsTheBestDivision(t *testing.T) {
	for _, w := range []serving.Work{one, eight, {Decode: 40, Context: 2000}, {Decode: 300, Context: 500}} {
		p := plan(t, "qwen3-30b-a3b", "rtx4090", func(s *Setting) { s.Cache = 0.2 })
		s := p.timing.Stack(w, p.order)
		n := &p.lacks(&s, true)[0]
		l := p.loads(n)
		best := math.Inf(1)
		for threshold := 1; threshold <= mostLoads+1; threshold++ {
			computed, cost := 0.0, 0.0
			for tokens := 1; tokens < threshold && tokens <= mostLoads; tokens++ {
				computed += l.count[tokens]
				cost += l.count[tokens] * costOf(float64(tokens))
			}
			if threshold > mostLoads {
				computed, cost = n.missing, cost+l.manyCost
			}
			copied := 1 - computed/n.missing
			seconds := s.After
			for i := range s.Layers {
				layer := &s.Layers[i]
				gpu := layer.Shared + copied*n.copy + (n.hit+(1-n.hit)*copied)*layer.Experts
				processor := 0.0
				if cost > 0 {
					processor = cost*n.kind.Bytes/p.Setting.CPU + p.fitted.Sync
				}
				seconds += layer.Before + max(gpu, processor)
			}
			best = min(best, seconds)
		}
		near(t, "hybrid", p.Time(Hybrid, w).Seconds, best, 1e-9)
	}
}

// TestCostOfTokens holds the CPU's cost to what was measured, and copying to pay from about four tokens on: 0.61 ms
// for copying and running an expert against 0.42 ms for two tokens on the CPU and 0.99 for four.
func TestCostOfTokens(t *testing.T) {
	const single, copied = 0.32, 0.61
	for tokens, ms := range map[float64]float64{1: 0.32, 2: 0.42, 4: 0.99, 8: 4.36, 16: 8.48} {
		near(t, "cost", costOf(tokens)*single, ms, 1e-12)
	}
	if costOf(2)*single > copied || costOf(4)*single < copied {
		t.Errorf("two tokens take %g ms, four %g", costOf(2)*single, costOf(4)*single)
	}
	for tokens := 1.0; tokens < 100; tokens += 0.5 {
		if costOf(tokens+0.5) < costOf(tokens) || costOf(tokens) > tokens*costOf(16)/16+1 {
			t.Errorf("%g tokens cost %g", tokens, costOf(tokens))
		}
	}
}

// TestLoads compares the experts by their tokens with the binomial written out: 24 tokens, each of which chooses 8 of
// 128 experts.
func TestLoads(t *testing.T) {
	p := planAt(t, 0, "qwen3-30b-a3b", "rtx4090", func(s *Setting) { s.Drift = 0 })
	s := p.timing.Stack(serving.Work{Decode: 24, Context: 1000}, p.order)
	l := p.loads(&p.lacks(&s, true)[0])
	const tokens, chance = 24, 8.0 / 128
	ways := 1.0
	for n := 1; n <= 8; n++ {
		ways *= float64(tokens-n+1) / float64(n)
		near(t, "experts", l.count[n], 128*ways*math.Pow(chance, float64(n))*math.Pow(1-chance, float64(tokens-n)), 1e-6)
	}
}

// TestDriveByHand: of 58 GB of experts 28 have room in 36 GB of host memory, and of a mapped file of 61 GB as much.
func TestDriveByHand(t *testing.T) {
	const perToken = 48 * 8 * 3 * 2048 * 768 * 2
	pinned := planAt(t, 0, "qwen3-30b-a3b", "rtx4090", func(s *Setting) { s.Drift, s.RAM = 0, 36e9 })
	away := perToken * (1 - 28e9/pinned.experts)
	x := pinned.Times(one)[OnDemand]
	near(t, "bytes from the drive", x.DriveBytes, away, 1e-6)
	near(t, "time for them", x.Drive, away/(0.8*7e9), 1e-6)
	mapped := planAt(t, 0, "qwen3-30b-a3b", "rtx4090", func(s *Setting) { s.Cache, s.RAM, s.Mapped = 0.25, 36e9, 61e9 })
	away = perToken * 0.75 * (1 - 28.0/61)
	x = mapped.Times(one)[CPU]
	near(t, "bytes from the drive, mapped", x.DriveBytes, away, 1e-6)
	near(t, "time for them, mapped", x.Drive, away/(0.13*7e9), 1e-6)
	near(t, "share without room, mapped", mapped.Paged(), 0.75*(1-28.0/61), 1e-12)
}

// TestPromptByHand: every layer's experts are copied while the layer before computes.
func TestPromptByHand(t *testing.T) {
	p := planAt(t, 0, "qwen3-30b-a3b", "rtx4090", func(s *Setting) { s.Drift = 0 })
	w := serving.Work{Prefill: 4096, PrefillReach: 2048, Prompts: 1, Eager: true}
	s, resident := p.timing.Stack(w, p.order), p.timing.Resident(w).Seconds
	copied := p.experts / 48 / p.Setting.Link
	l := &s.Layers[1] // all layers are alike
	want := resident + max(copied-l.Before, 0) + 47*max(copied-l.Before-l.Shared-l.Experts, 0)
	near(t, "a prompt", p.Time(Cached, w).Seconds, want, 1e-6)
	slow := planAt(t, 0, "qwen3-30b-a3b", "rtx4090", func(s *Setting) { s.Drift, s.CPU = 0, 1e9 })
	near(t, "a prompt, the CPU too slow to help", slow.Time(CPU, w).Seconds, want, 1e-6)
}
