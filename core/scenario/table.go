package scenario

// Limits that are not obvious from the field.
const (
	// MaxGPUs is several times the largest serving deployments that have been described.
	MaxGPUs = 4096
	// MaxTokens bounds prompt and output together: the longest context that any
	// published model claims is Llama 4 Scout's ten million tokens
	// (https://ai.meta.com/blog/llama-4-multimodal-intelligence/).
	MaxTokens = 10_000_000
)

// table is the schema of the link, in the order in which keys are written.
// Adding a key is adding a row to one of its parts and a field to Scenario. A
// key's meaning never changes without a new Version and an upgrader.
var table = join(question, experts, tail, drafts, planning, answer)

func join(parts ...[]field) (all []field) {
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}

// question is what is served, on what, under which load.
var question = []field{
	{Field: Field{
		Key: "v", Label: "Schema version", Kind: KindCount, Min: 1, Max: 9999,
		Meaning: "version of the meaning of the keys",
		Default: "1", Example: "1",
	}, slot: func(s *Scenario) any { return &s.Version }},

	{Field: Field{
		Key: "model", Label: "Model", Kind: KindChoice, List: "model",
		Meaning: "preset, or `custom` with the architecture in the fragment `#arch=`",
		Default: "deepseek-v3", Example: "kimi-k2",
		Also: []string{"model_id", "model_name", "preset"},
	}, slot: func(s *Scenario) any { return &s.Model },
		list: func(c *Catalogue) []Choice { return c.Models }},
	{Field: Field{
		Key: "weights", Label: "Weights", Kind: KindChoice, List: "weight scheme",
		Meaning: "number format of the weights",
		Absent:  "the published format", Example: "fp8",
		Also: []string{"quant", "quantization", "dtype", "precision"},
	}, slot: func(s *Scenario) any { return &s.Weights },
		list: func(c *Catalogue) []Choice { return c.Weights }},
	{Field: Field{
		Key: "kv", Label: "KV cache", Kind: KindChoice, List: "KV cache format",
		Meaning: "number format of the KV cache",
		Absent:  "the model's own format", Example: "fp8",
		Also: []string{"kv_cache_dtype", "kv_dtype", "cache_dtype"},
	}, slot: func(s *Scenario) any { return &s.KV },
		list: func(c *Catalogue) []Choice { return c.KVs }},

	{Field: Field{
		Key: "gpu", Label: "Accelerator", Kind: KindChoice, List: "accelerator",
		Meaning: "accelerator, or a custom one as `custom~…`",
		Default: "h100-sxm", Example: "h200",
		Also: []string{"accelerator", "hardware", "device", "gpu_type"},
	}, slot: func(s *Scenario) any { return &s.GPU },
		list: func(c *Catalogue) []Choice { return c.GPUs }},
	{Field: Field{
		Key: "gpus", Label: "GPUs", Kind: KindCount, Min: 1, Max: MaxGPUs,
		Meaning: "accelerators in the whole deployment",
		Absent:  "the fewest that fit", Example: "16",
		Also: []string{"num_gpus", "n_gpus", "gpu_count", "world_size"},
	}, slot: func(s *Scenario) any { return &s.GPUs }},
	{Field: Field{
		Key: "tp", Label: "Tensor parallel", Kind: KindCount, Min: 1, Max: 1024,
		Meaning: "GPUs that share each matrix",
		Absent:  "its own choice", Example: "8",
		Also: []string{"tensor_parallel", "tensor_parallel_size", "tp_size"},
	}, slot: func(s *Scenario) any { return &s.TP }},
	{Field: Field{
		Key: "pp", Label: "Pipeline parallel", Kind: KindCount, Min: 1, Max: 256,
		Meaning: "groups of layers, one after the other",
		Absent:  "its own choice", Example: "2",
		Also: []string{"pipeline_parallel", "pipeline_parallel_size", "pp_size"},
	}, slot: func(s *Scenario) any { return &s.PP }},
	{Field: Field{
		Key: "ep", Label: "Expert parallel", Kind: KindCount, Min: 1, Max: MaxGPUs,
		Meaning: "GPUs over which the experts of a layer are spread",
		Absent:  "its own choice", Example: "32",
		Also: []string{"expert_parallel", "expert_parallel_size", "ep_size"},
	}, slot: func(s *Scenario) any { return &s.EP }},
	{Field: Field{
		Key: "dp", Label: "Attention-data parallel", Kind: KindCount, Min: 1, Max: MaxGPUs,
		Meaning: "copies of attention, each with its own sequences",
		Absent:  "its own choice", Example: "16",
		Also: []string{"data_parallel", "data_parallel_size", "dp_size"},
	}, slot: func(s *Scenario) any { return &s.DP }},

	{Field: Field{
		Key: "batch", Label: "Batch", Kind: KindCount, Unit: "sequences", Min: 1, Max: 1_000_000,
		Meaning: "sequences decoding at once over the whole deployment",
		Default: "64", Example: "512",
		Also: []string{"batch_size", "bs", "concurrency", "users", "max_num_seqs"},
	}, slot: func(s *Scenario) any { return &s.Batch }},
	{Field: Field{
		Key: "in", Label: "Prompt", Kind: KindCount, Unit: "tokens", Min: 1, Max: MaxTokens,
		Meaning: "prompt tokens of one request",
		Default: "4096", Example: "32768",
		Also: []string{"isl", "input", "prompt", "context", "ctx"},
	}, slot: func(s *Scenario) any { return &s.In }},
	{Field: Field{
		Key: "out", Label: "Output", Kind: KindCount, Unit: "tokens", Min: 1, Max: 1_000_000,
		Meaning: "generated tokens of one request; decode sees a context of in + out/2",
		Default: "1024", Example: "512",
		Also: []string{"osl", "output", "max_tokens", "generated"},
	}, slot: func(s *Scenario) any { return &s.Out }},
	{Field: Field{
		Key: "chunk", Label: "Prefill chunk", Kind: KindCount, Unit: "tokens", Min: 1, Max: 1_000_000,
		Meaning: "prefill tokens per step and attention replica (max batched tokens)",
		Default: "16384", Example: "8192",
		Also: []string{"max_num_batched_tokens", "chunk_size", "chunked_prefill_size"},
	}, slot: func(s *Scenario) any { return &s.Chunk }},
	{Field: Field{
		Key: "engine", Label: "Engine", Kind: KindChoice, List: "engine",
		Meaning: "efficiency profile of the serving engine",
		Default: "vllm", Example: "sglang",
		Also: []string{"backend", "framework", "runtime"},
	}, slot: func(s *Scenario) any { return &s.Engine },
		list: func(c *Catalogue) []Choice { return c.Engines }},
}
