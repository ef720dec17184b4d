package tail_test

import (
	"fmt"

	"moecost/core/arch/preset"
	"moecost/core/format"
	"moecost/core/hardware"
	"moecost/core/serving"
	"moecost/core/tail"
)

// DeepSeek-V3 on 32 H200, prefill on GPUs of its own: what the mix of domains adds to a
// decode step, and what the noise of routing does.
func Example() {
	p, _ := preset.ByID("deepseek-v3")
	reading, err := p.Reading()
	if err != nil {
		fmt.Println(err)
		return
	}
	gpu, _ := hardware.ByID("h200")
	engine, _ := serving.EngineByID("sglang")
	load := serving.Load{Batch: 2048, Prompt: 2000, Output: 500}
	timing := serving.NewTiming(serving.Deployment{
		Model: reading.Model, GPU: gpu, Layout: serving.Layout{GPUs: 32, TP: 1, PP: 1, DP: 32, EP: 32}, KV: format.BF16, Engine: engine, Load: load,
	}, serving.Assumptions{Skew: 1, Apart: true})

	s, err := tail.New(tail.Case{Timing: timing, Load: load, Domain: 0.3, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for done, total := s.Done(); done < total; done, total = s.Done() {
		s.Advance(50) // between two slices a page can show s.Result()
	}
	r := s.Result()
	fmt.Printf("P99 is %.2f times the median\n", r.Step.P99.Value/r.Step.P50.Value)
	fmt.Printf("%.2f with the noise of routing alone, %.2f with the mix of domains alone\n", r.Alone[tail.Routing].Ratio(), r.Alone[tail.Domain].Ratio())
	// Output:
	// P99 is 1.14 times the median
	// 1.01 with the noise of routing alone, 1.14 with the mix of domains alone
}
