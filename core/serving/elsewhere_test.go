package serving

import (
	"math"
	"testing"
)

// A step divided layer by layer adds up to the step, whatever it does.
func TestStackAddsUp(t *testing.T) {
	for _, model := range []string{"qwen3-30b-a3b", "gpt-oss-120b", "deepseek-v3", "qwen3-next-80b-a3b", "llama-4-scout"} {
		d := deploy(t, model, "h200", "vllm", Layout{GPUs: 8, TP: 8, PP: 1, EP: 1, DP: 1})
		timing := NewTiming(d, Assumptions{Skew: 1})
		order := timing.Order()
		for _, w := range []Work{{Decode: 1, Context: 4096}, {Decode: 64, Drafted: 1, Context: 1000}, {Prefill: 8192, PrefillReach: 2000, Prompts: 2, Eager: true}} {
			stack, step := timing.Stack(w, order), timing.Step(w)
			sum, experts := stack.After, 0.0
			for _, l := range stack.Layers {
				sum += l.Before + l.Shared + l.Experts
				experts += l.Experts
			}
			if stack.After < 0 || float64(len(stack.Layers)) != timing.moe {
				t.Errorf("%s: %d layers of %g, %g s behind them", model, len(stack.Layers), timing.moe, stack.After)
			}
			// 1e-9: additions in another order
			if math.Abs(sum/step.Seconds-1) > 1e-9 || math.Abs(experts/step.Parts[RoutedExpertMatrices]-1) > 1e-9 {
				t.Errorf("%s, %+v: layers make %g s with %g of experts, the step %g with %g", model, w, sum, experts, step.Seconds, step.Parts[RoutedExpertMatrices])
			}
		}
	}
}

func TestElsewhere(t *testing.T) {
	d := deploy(t, "qwen3-30b-a3b", "h200", "vllm", Layout{GPUs: 1, TP: 1, PP: 1, EP: 1, DP: 1})
	timing := NewTiming(d, Assumptions{Skew: 1})
	w := Work{Decode: 1, Context: 4096}
	all := timing.Step(w)
	moved := timing.Elsewhere(func(_ Work, s Step) Step { return s.Elsewhere(0.25, 1) })
	s := moved.Step(w)
	if want := all.Seconds - 0.75*all.Parts[RoutedExpertMatrices] + 1; math.Abs(s.Seconds-want) > 1e-12 {
		t.Errorf("got %g s, want %g", s.Seconds, want)
	}
	parts, waits := 0.0, 0.0
	for _, x := range s.Parts {
		parts += x
	}
	for _, x := range s.Waits {
		waits += x
	}
	if math.Abs(parts-s.Seconds) > 1e-12 || math.Abs(waits-s.Seconds) > 1e-12 || s.Bound() != BoundHost {
		t.Errorf("parts %g, waits %g (%s) of %g s", parts, waits, s.Bound(), s.Seconds)
	}
	if r := moved.Resident(w); r != all {
		t.Errorf("resident: got %+v, want %+v", r, all)
	}
}
