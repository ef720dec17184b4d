package serving

import (
	"testing"

	"moecost/core/balance"
	"moecost/core/routing"
)

// TestPlace: placed afterwards is placed from the start, and leaves the first as it was.
func TestPlace(t *testing.T) {
	d := deploy(t, "deepseek-v3", "h200", "sglang", wide32)
	d.Load = Load{Batch: 2048, Prompt: 4096, Output: 1024}
	routes := NewRoutes(routing.Popularity{Skew: 1})
	setup := balance.Setup{Policy: balance.Static, Drift: 0.12}
	off := NewTiming(d, Assumptions{Skew: 1, Routes: routes})
	w := off.DecodeWork(d.Load)
	before := off.Step(w).Seconds
	placed := off.Place(setup, 32, routes)
	d.Load.Spare = 32
	fresh := NewTiming(d, Assumptions{Skew: 1, Placed: setup})
	if got, want := placed.Step(w), fresh.Step(w); got != want {
		t.Errorf("placed afterwards a step takes %g s, from the start %g", got.Seconds, want.Seconds)
	}
	if off.Step(w).Seconds != before {
		t.Error("placing changed the deployment that it started from")
	}
}

// TestPlacedAsMeasured: DeepSeek-R1 at EP32 inside one NVLink domain, 1024 token copies per rank: 2.56 times the
// mean in order, 1.11 with EPLB and 32 spare slots (TensorRT-LLM, tech blog 4, table 1). The step model was fitted with
// 1.1 in place of EPLB in every measurement that had it.
func TestPlacedAsMeasured(t *testing.T) {
	d := deploy(t, "deepseek-v3", "gb200", "trtllm", wide32)
	d.Load = Load{Batch: 4096, Spare: 32}
	w := Work{Decode: 4096, Context: 1000}
	near(t, "in order", NewTiming(d, Assumptions{Skew: 1.05}).Imbalance(w), 2.564, 0.06)
	near(t, "with EPLB", NewTiming(d, Assumptions{Skew: 1.05, Placed: balance.Setup{Policy: balance.Static, Drift: 0.12}}).Imbalance(w), 1.11, 0.02)
}

// TestOneRank: on one expert-parallel rank there is nothing to place.
func TestOneRank(t *testing.T) {
	d := deploy(t, "deepseek-v3", "h200", "sglang", tp8)
	w := Work{Decode: 64, Context: 1000}
	off, on := NewTiming(d, Assumptions{Skew: 1}).Step(w), NewTiming(d, Assumptions{Skew: 1, Placed: balance.Setup{Policy: balance.Static}}).Step(w)
	if off != on {
		t.Errorf("on one rank EPLB takes a step from %g to %g s", off.Seconds, on.Seconds)
	}
}

// TestEven: a step of even ranks is shorter, in the experts, the permutation and, where
// a copy goes to every expert, the exchange.
func TestEven(t *testing.T) {
	timing := NewTiming(deploy(t, "deepseek-v3", "h200", "sglang", wide32), Assumptions{Skew: 1})
	for _, w := range []Work{{Decode: 32, Context: 100}, {Decode: 8192, Context: 3000}} {
		s, even := timing.Step(w), timing.Even().Step(w)
		for o, seconds := range even.Parts {
			wants := Operator(o) == RoutedExpertMatrices || Operator(o) == Permute || Operator(o) == Dispatch || Operator(o) == Combine
			if wants != (seconds < s.Parts[o]) || seconds > s.Parts[o] {
				t.Errorf("%s takes %g s on even ranks, else %g", Operator(o).Name(), seconds, s.Parts[o])
			}
		}
		busiest, mean := timing.Busiest(w)
		if busiest <= mean || timing.Even().Imbalance(w) != 1 {
			t.Errorf("the busiest rank reads %g experts, the mean %g", busiest, mean)
		}
		near(t, "mean of the ranks", mean, s.Distinct/32, 1e-9)
	}
	// Prefill sends one copy per node, whatever experts are hot there.
	w := Work{Prefill: 8192, PrefillReach: 2048, Prompts: 4, Eager: true}
	s, even := timing.Step(w), timing.Even().Step(w)
	near(t, "dispatch of prefill", even.Parts[Dispatch], s.Parts[Dispatch], 0)
	near(t, "combine of prefill", even.Parts[Combine], s.Parts[Combine], 0)
}
