package serving

import "moecost/core/hardware"

const (
	mib = 1 << 20
	gib = 1 << 30
)

// Engine is what a serving engine does with memory beside weights and cache:
// how much of a GPU it fills, and what it sets aside. Users change these with
// flags; the figures are the defaults, and the source of each stands in engines.
type Engine struct {
	_ [0]func() // no == for it: docs/size.md

	ID   string // as in the link: "vllm"
	Name string // "vLLM"

	Fraction  float64 // of the memory a program sees that the engine fills; the rest is kept clear
	Raised    float64 // the same where padded experts leave no room at the default, as the engine's own recipe has it; 0 is none
	Remainder float64 // of what weights and workspace leave that becomes the KV pool

	MaxSequences      int64 // sequences that a step is prepared for on a large GPU
	MaxSequencesSmall int64 // and on one below 70 GiB
	SamplerBytes      int64 // workspace of sampling, per sequence and vocabulary entry
	MaxTokens         int64 // prefill tokens per step that the engine caps a chunk at; 0 is no cap
	TokenBytes        int64 // workspace that the engine sets aside per prefill token whatever the model; 0 is the model's own
	NoWorkspace       bool  // counts weights and cache alone
	Pads              bool  // holds MXFP4 experts wider than they are: padding.go

	LibraryBytes int64 // CUDA libraries and their workspaces, beside the tensors
	GroupBytes   int64 // buffers of the collectives, on each GPU that has a peer
	GraphBytes   int64 // CUDA graphs and context, in the part that is kept clear

	Source string
}

// engines are the profiles. What is measured here is vLLM: the constants of
// the others are read from their code and documents, and no run checks them.
//
// vLLM, fitted on assets/measurements/vllm_memory.csv (memory_fit_test.go):
// peak activation is 39 bytes per sequence slot and vocabulary entry within 2 %
// on six of seven models, from 0.6 to 120 billion parameters, whatever the
// width, the depth or the number of experts: what sets it is sampling (logits,
// their sorted copy with INT64 indices, probabilities, noise), not the forward pass.
// Non-torch memory is 0.13 GiB on one GPU and 0.55 on two.
var engines = []Engine{
	{
		ID: "ideal", Name: "ideal", Fraction: 1, Remainder: 1, NoWorkspace: true,
		Source: "weights and KV cache alone: a bound that no engine reaches",
	},
	{
		ID: "vllm", Name: "vLLM", Fraction: 0.9, Raised: 0.95, Remainder: 1, Pads: true,
		MaxSequences: 1024, MaxSequencesSmall: 256, SamplerBytes: 39,
		LibraryBytes: 133 * mib, GroupBytes: 430 * mib, GraphBytes: 727 * mib,
		Source: "gpu_memory_utilization 0.9 and max_num_seqs 1024 (256 below 70 GiB and on A100) are defaults (vllm/engine/arg_utils.py), 0.95 where that leaves no room (vLLM's recipe for gpt-oss: out of memory on one H100 by default); the rest is fitted on measured start-ups of v0.11 on H100 (llm-d-planner docs/empirical-vllm-memory-results.md)",
	},
	{
		ID: "sglang", Name: "SGLang", Fraction: 1, Remainder: 1, Pads: true,
		TokenBytes: 3 * mib / 2, LibraryBytes: 512 * mib, GroupBytes: 1024 * mib, GraphBytes: 1024 * mib,
		Source: "the reserve from which mem_fraction_static is derived: 512 MiB, 1.5 MiB per token of a prefill chunk, 2 MiB per sequence of the largest CUDA graph (512), 1 GiB for 8 ranks (python/sglang/srt/server_args.py)",
	},
	{
		ID: "trtllm", Name: "TensorRT-LLM", Fraction: 1, Remainder: 0.9,
		LibraryBytes: 512 * mib, GroupBytes: 430 * mib, GraphBytes: 727 * mib,
		Source: "free_gpu_memory_fraction 0.9 of what weights and activations leave is the default (TensorRT-LLM KvCacheConfig); libraries and graphs as in the other engines",
	},
	{
		ID: "llamacpp", Name: "llama.cpp", Fraction: 1, Remainder: 1,
		MaxSequences: 512, MaxSequencesSmall: 512, SamplerBytes: 4, MaxTokens: 512,
		LibraryBytes: 512 * mib,
		Source:       "micro-batches of 512 tokens with FP32 logits (llama.cpp n_ubatch); 0.5 GiB for the CUDA context and cuBLAS",
	},
}

// Engines lists the profiles in the order of the form.
func Engines() []Engine { return append([]Engine(nil), engines...) }

// EngineByID finds a profile.
func EngineByID(id string) (Engine, bool) {
	for _, e := range engines {
		if e.ID == id {
			return e, true
		}
	}
	return Engine{}, false
}

// driverBytes is what an NVIDIA driver keeps of the memory that it reports: an
// H100 reports 81,559 MiB and gives programs 79.18 GiB (nvidia-smi against
// torch.cuda.mem_get_info in the runs of vllm_memory.csv). Vendors' round
// numbers are taken as they are.
const driverBytes = 81559*mib - 7918*gib/100

// Visible is the memory of an accelerator that a program can allocate.
func Visible(gpu hardware.Accelerator) int64 {
	if gpu.MemoryBasis == hardware.MemoryFromDriver && gpu.Vendor == "NVIDIA" {
		return gpu.MemoryBytes - driverBytes
	}
	return gpu.MemoryBytes
}

// sequences is the number of sequences that sampling is prepared for.
func (e *Engine) sequences(gpu *hardware.Accelerator) int64 {
	if gpu.MemoryBytes >= 70*gib && gpu.Architecture != "ampere" {
		return e.MaxSequences
	}
	return e.MaxSequencesSmall
}
