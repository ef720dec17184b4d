package serving

import "testing"

// Laid open and put together again with the expected values a step is what Step
// adds up. 1e-9 leaves room for the order of additions.
func TestLaidOpen(t *testing.T) {
	for _, d := range []Deployment{
		deploy(t, "deepseek-v3", "h200", "sglang", wide32), deploy(t, "deepseek-v3.2", "b200", "vllm", tp8),
		deploy(t, "gpt-oss-120b", "h100-sxm", "vllm", oneGPU), deploy(t, "qwen3-235b-a22b", "h200", "sglang", tp8.with(8)),
		deploy(t, "longcat-flash", "h200", "sglang", wide32),
		deploy(t, "deepseek-v3", "h200", "vllm", Layout{GPUs: 16, TP: 4, PP: 2, EP: 4, DP: 2}),
		deploy(t, "deepseek-v3", "h200", "ideal", wide32), deploy(t, "llama-3.1-70b", "h100-sxm", "trtllm", tp8),
	} {
		for _, a := range []Assumptions{{}, {Skew: 1}, {Skew: 1, Balanced: 1.1}} {
			timing := NewTiming(d, a)
			for _, w := range []Work{{Decode: 1, Context: 100}, {Decode: 64, Context: 1000}, {Decode: 4096, Context: 3000, Drafted: 1, Passes: 1}} {
				sum := timing.Beside(w)
				_, _, rows := timing.Routed(w)
				layers := timing.ExpertLayers()
				for i := range layers {
					e := &layers[i]
					sum += float64(e.Layers) * (e.Rank(e.Expected(w)) + e.Exchange(rows, timing.Imbalance(w)))
				}
				s := timing.Step(w)
				near(t, d.Model.Name+" laid open", sum, s.Seconds, 1e-9)
			}
		}
	}
}

// A hot receiver holds up the exchange; a cold one does not speed it up.
func TestExchangeWaitsForTheReceiver(t *testing.T) {
	timing := NewTiming(deploy(t, "deepseek-v3", "h200", "sglang", wide32), Assumptions{Skew: 1})
	e := timing.ExpertLayers()[0]
	if mean, hot := e.Exchange(128, 1), e.Exchange(128, 2.5); hot <= mean {
		t.Errorf("for a receiver of 2.5 times the mean, got %v, want more than %v", hot, mean)
	}
	if e.Exchange(128, 0.5) != e.Exchange(128, 1) {
		t.Error("a rank that receives less than the mean changed the exchange")
	}
}
