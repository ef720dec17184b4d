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
// Adding a key is adding a row here and a field to Scenario. A key's meaning
// never changes without a new Version and an upgrader.
var table = []field{
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

	{Field: Field{
		// Measured models fit 0.5 to 1.1; at 4 one expert of 256 takes nearly every token.
		Key: "skew", Label: "Expert skew", Kind: KindNumber, Min: 0, Max: 4,
		Meaning: "lognormal sigma of expert popularity; 0 = all equally popular",
		Default: "1", Example: "0.5",
		Also: []string{"sigma", "imbalance"},
	}, slot: func(s *Scenario) any { return &s.Skew }},
	{Field: Field{
		Key: "eplb", Label: "EPLB", Kind: KindChoice, List: "balancing mode",
		Meaning: "expert-parallel load balancing",
		Default: "off", Example: "static",
		Choices: []Choice{
			{ID: "off", Name: "Off"},
			{ID: "static", Name: "Static"},
			{ID: "online", Name: "Online"},
		},
	}, slot: func(s *Scenario) any { return &s.EPLB }},
	{Field: Field{
		Key: "spare", Label: "Spare experts", Kind: KindCount, Unit: "slots", Min: 0, Max: MaxGPUs,
		Meaning: "redundant expert slots over the whole deployment, in each MoE layer",
		Default: "0", Example: "32",
		Also: []string{"redundant", "num_redundant_experts", "redundant_experts"},
	}, slot: func(s *Scenario) any { return &s.Spare }},
	{Field: Field{
		Key: "split", Label: "Split", Kind: KindFlag,
		Meaning: "1 = prefill and decode on separate GPUs",
		Default: "0", Example: "1",
		Also: []string{"disagg", "disaggregated"},
	}, slot: func(s *Scenario) any { return &s.Split }},

	{Field: Field{
		Key: "draft", Label: "Drafted tokens", Kind: KindCount, Unit: "tokens", Min: 0, Max: 16,
		Meaning: "drafted tokens per step (MTP or a draft model)",
		Default: "0", Example: "1",
		Also: []string{"mtp", "speculative", "num_speculative_tokens"},
	}, slot: func(s *Scenario) any { return &s.Draft }},
	{Field: Field{
		Key: "accept", Label: "Acceptance", Kind: KindNumber, Min: 0, Max: 1,
		Meaning: "share of drafted tokens that are accepted",
		Default: "0.85", Example: "0.7",
		Also: []string{"acceptance", "acceptance_rate"},
	}, slot: func(s *Scenario) any { return &s.Accept }},

	{Field: Field{
		Key: "host", Label: "Experts in host memory", Kind: KindNumber, Min: 0, Max: 1,
		Meaning: "share of the routed experts kept in host memory",
		Default: "0", Example: "0.75",
		Also: []string{"offload", "cpu_offload"},
	}, slot: func(s *Scenario) any { return &s.Host }},
	{Field: Field{
		Key: "cache", Label: "Expert cache", Kind: KindNumber, Min: 0, Max: 1,
		Meaning: "GPU slots for experts, as a share of those in host memory",
		Default: "0", Example: "0.1",
		Also: []string{"expert_cache"},
	}, slot: func(s *Scenario) any { return &s.Cache }},
	{Field: Field{
		Key: "prefetch", Label: "Prefetch", Kind: KindChoice, List: "prefetch mode",
		Meaning: "what predicts the experts to fetch from host memory",
		Default: "none", Example: "router",
		Choices: []Choice{
			{ID: "none", Name: "None"},
			{ID: "router", Name: "Router"},
			{ID: "trained", Name: "Trained"},
		},
	}, slot: func(s *Scenario) any { return &s.Prefetch }},
	{Field: Field{
		Key: "recall", Label: "Recall", Kind: KindNumber, Min: 0, Max: 1,
		Meaning: "share of the needed experts that the predictor names in time",
		Default: "0.88", Example: "0.95",
	}, slot: func(s *Scenario) any { return &s.Recall }},
	{Field: Field{
		Key: "link", Label: "Host link", Kind: KindNumber, Unit: "GB/s", Min: 0.1, Max: 10_000,
		Meaning: "bandwidth from host memory to one GPU",
		Absent:  "the hardware's bandwidth", Example: "25",
		Also: []string{"pcie", "host_link"},
	}, slot: func(s *Scenario) any { return &s.Link }},
	{Field: Field{
		Key: "cpu", Label: "CPU experts", Kind: KindNumber, Unit: "GB/s", Min: 0.1, Max: 10_000,
		Meaning: "rate at which the CPU reads experts that it computes itself",
		Absent:  "the hardware's rate", Example: "63",
		Also: []string{"cpu_bandwidth", "ram_bandwidth"},
	}, slot: func(s *Scenario) any { return &s.CPU }},

	{Field: Field{
		Key: "measured_tpot", Label: "Measured TPOT", Kind: KindNumber, Unit: "ms", Min: 0.01, Max: 1_000_000,
		Meaning: "time per output token that you measured at this scenario: scales the prediction, shrinks its range",
		Absent:  "no measurement", Example: "31.5",
		Also: []string{"measured_itl"},
	}, slot: func(s *Scenario) any { return &s.MeasuredTPOT }},
	{Field: Field{
		Key: "measured_ttft", Label: "Measured TTFT", Kind: KindNumber, Unit: "ms", Min: 0.01, Max: 10_000_000,
		Meaning: "time to first token that you measured at this scenario",
		Absent:  "no measurement", Example: "420",
	}, slot: func(s *Scenario) any { return &s.MeasuredTTFT }},

	{Field: Field{
		Key: "price", Label: "Price", Kind: KindNumber, Unit: "USD per GPU-hour", Min: 0.001, Max: 10_000,
		Meaning: "what one accelerator costs",
		Absent:  "the hardware's typical price", Example: "2",
		Also: []string{"usd", "gpu_price", "cost_per_hour"},
	}, slot: func(s *Scenario) any { return &s.Price }},
	{Field: Field{
		Key: "ttft", Label: "TTFT objective", Kind: KindNumber, Unit: "ms", Min: 0.1, Max: 10_000_000,
		Meaning: "objective: longest time to first token",
		Absent:  "no objective", Example: "2000",
		Also: []string{"slo_ttft", "ttft_ms"},
	}, slot: func(s *Scenario) any { return &s.TTFT }},
	{Field: Field{
		Key: "tpot", Label: "TPOT objective", Kind: KindNumber, Unit: "ms", Min: 0.1, Max: 1_000_000,
		Meaning: "objective: longest time per output token",
		Absent:  "no objective", Example: "50",
		Also: []string{"slo_tpot", "tpot_ms", "itl"},
	}, slot: func(s *Scenario) any { return &s.TPOT }},
	{Field: Field{
		Key: "pct", Label: "Percentile", Kind: KindNumber, Min: 50, Max: 99.9,
		Meaning: "percentile of requests at which the objectives hold",
		Default: "99", Example: "90",
		Also: []string{"percentile"},
	}, slot: func(s *Scenario) any { return &s.Pct }},

	{Field: Field{
		Key: "units", Label: "Units", Kind: KindChoice, List: "unit system",
		Meaning: "how bytes are shown",
		Default: "gb", Example: "gib",
		Choices: []Choice{
			{ID: "gb", Name: "GB"},
			{ID: "gib", Name: "GiB"},
		},
	}, slot: func(s *Scenario) any { return &s.Units }},
	{Field: Field{
		Key: "points", Label: "Measurements", Kind: KindChoice, List: "set of measurements",
		Meaning: "which measurements the accuracy chart shows",
		Default: "all", Example: "model",
		Choices: []Choice{
			{ID: "all", Name: "All"},
			{ID: "model", Name: "Model"},
			{ID: "gpu", Name: "GPU"},
			{ID: "engine", Name: "Engine"},
		},
	}, slot: func(s *Scenario) any { return &s.Points }},
	{Field: Field{
		Key: "chart", Label: "Chart", Kind: KindChoice, List: "chart",
		Meaning: "which chart an embed shows",
		Absent:  "the whole page", Example: "batch",
	}, slot: func(s *Scenario) any { return &s.Chart },
		list: func(c *Catalogue) []Choice { return c.Charts }},
}
