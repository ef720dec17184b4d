package plan

import (
	"moecost/core/hardware"
	"moecost/core/serving"
)

// The space that is searched.
var (
	// sizes are the GPUs of one copy: powers of two inside a host of eight, whole hosts beyond it. The
	// largest that has been described is DeepSeek-V3's decoding unit of 320 (arXiv 2412.19437, section 3.4.2).
	sizes = []int{1, 2, 4, 8, 16, 24, 32, 40, 48, 64, 72, 80, 96, 112, 128, 144, 160, 192, 256, 320}

	// stages are numbers of pipeline stages.
	stages = []int{1, 2, 4}

	// chunks are prefill tokens per step and attention replica: from vLLM's default on small GPUs to twice that of
	// engines on large ones.
	chunks = []int64{2048, 4096, 8192, 16384, 32768}

	// drafts are drafted tokens per step, for models that bring modules for it: one, whose acceptance is published. That of
	// a second and third falls along the chain (2.18 and 2.44 tokens per step of DeepSeek-V3, assets/measurements/specdec.csv,
	// where 0.85 each would give 2.57 and 3.19), so more are tried only if the link drafts more.
	drafts = []int64{0, 1}
)

// runs is what an engine can be asked for.
type runs struct {
	tensor    bool   // tensor parallelism
	replicas  bool   // attention replicas that share experts
	apart     bool   // prefill on other GPUs
	whole     bool   // ranks must hold equally many experts, spare ones included
	undrafted bool   // it does not run drafting modules
	most      int    // GPUs of one copy
	vendor    string // of the accelerators, if it runs on one vendor's alone
	source    string
}

// engines says what each runs.
var engines = map[string]runs{
	"ideal":    {tensor: true, replicas: true, apart: true, most: 320, source: "no limit but the model's own"},
	"vllm":     {tensor: true, replicas: true, apart: true, most: 320, source: "docs.vllm.ai: data_parallel_deployment, expert_parallel_deployment, disagg_prefill, spec_decode; experts that do not divide go to the first ranks (determine_expert_map)"},
	"sglang":   {tensor: true, replicas: true, apart: true, whole: true, most: 320, source: "docs.sglang.ai: expert_parallelism, dp_attention, pd_disaggregation, speculative_decoding; num_physical_experts % ep_size == 0 is asserted (eplb/expert_location.py)"},
	"trtllm":   {vendor: "NVIDIA", tensor: true, replicas: true, apart: true, most: 320, source: "nvidia.github.io/TensorRT-LLM: parallel-strategy, disaggregated-service, speculative-decoding"},
	"llamacpp": {undrafted: true, most: 8, source: "github.com/ggml-org/llama.cpp: layers are split over GPUs (--split-mode layer); no server shares experts or prefill between machines"},
}

// spares are the numbers of redundant expert slots to try with EPLB: none, those that fill up slots
// which ranks have anyway, and one more slot on each rank, as DeepSeek's deployments have it (32 on 32 ranks, 32 on 144).
// Where whole is set only those that leave all ranks equally many are allowed.
func spares(experts int64, ranks int, whole bool) []int64 {
	r := int64(ranks)
	if ranks <= 1 || experts == 0 {
		return []int64{0}
	}
	fill := (r - experts%r) % r
	all := []int64{fill, fill + r}
	if fill > 0 && !whole {
		all = append([]int64{0}, all...)
	}
	return all
}

// mostTensor is the widest tensor parallelism. Beyond a scale-up domain it is tried over two of them, as the recipes for
// models that one host does not hold have it (docs.sglang.io/docs/basic_usage/deepseek_v3: 2 x 8 H100).
const mostTensor = 64

// layouts are those of one copy of a size, most of them refused by Footprint.Accepts.
func layouts(n int, experts int64, gpu *hardware.Accelerator, e runs) []serving.Layout {
	var all []serving.Layout
	for _, pp := range stages {
		if n%pp != 0 {
			continue
		}
		stage := n / pp
		domain := max(gpu.ScaleUp.GPUs, 1)
		for tp := 1; tp <= min(stage, 2*domain, mostTensor); tp *= 2 {
			if stage%tp != 0 || tp > 1 && !e.tensor {
				continue
			}
			l := serving.Layout{GPUs: n, PP: pp, TP: tp, DP: stage / tp}
			if tp > domain && l.DP > 1 {
				continue
			}
			if l.DP > 1 && (!e.replicas || pp > 1 || experts == 0) {
				continue // replicas of attention are for sharing experts
			}
			if l.DP == 1 { // experts cut over every GPU of the stage; with replicas, core/serving does not time how their tokens get together
				l.EP = 1
				all = append(all, l)
			}
			if stage > 1 && experts > 0 && e.replicas {
				l.EP = largestDivisor(stage, experts)
				if l.EP > 1 {
					all = append(all, l)
				}
			}
		}
	}
	return all
}

// llama.cpp divides layers over GPUs: stages as many as there are GPUs.
func layered(n int) []serving.Layout {
	return []serving.Layout{{GPUs: n, TP: 1, PP: n, EP: 1, DP: 1}}
}

// largestDivisor is the largest divisor of n that is at most limit.
func largestDivisor(n int, limit int64) int {
	for d := int(min(int64(n), limit)); d > 1; d-- {
		if n%d == 0 {
			return d
		}
	}
	return 1
}
