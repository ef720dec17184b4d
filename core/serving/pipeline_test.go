package serving

import "testing"

// A pipeline of four stages works on four chunks at a time: with prompts waiting it takes a
// quarter of a chunk's way through all stages for each. TensorRT-LLM publishes 10,697 output tokens/s
// for Qwen3-235B-A22B in NVFP4 on 8 RTX PRO 6000 as TP 2 x PP 4, prompts of 1,000 for outputs of 1,000;
// one chunk at a time would not come to half of that.
func TestPipelinePrefills(t *testing.T) {
	four := Layout{GPUs: 8, TP: 2, PP: 4, EP: 1, DP: 1}
	timing := NewTiming(deploy(t, "qwen3-235b-a22b", "h100-sxm", "trtllm", four), Assumptions{Skew: 1})
	l := Load{Batch: 256, Prompt: 4096, Output: 1024, Chunk: 4096}
	one := timing.Step(Work{Prefill: 4096, PrefillReach: 2048, Prompts: 1, Prefilling: 1, Eager: true})
	near(t, "a prompt among many", timing.SharedPromptSeconds(l, 256), one.Seconds/4, 1e-9)
	near(t, "a prompt alone", timing.PromptSeconds(l), one.Seconds, 1e-9)
}
