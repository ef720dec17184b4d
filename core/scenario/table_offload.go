package scenario

// drafts is speculative decoding, and experts that live outside the GPU.
var drafts = []field{
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
		Key: "evict", Label: "Cache policy", Kind: KindChoice, List: "cache policy",
		Meaning: "which experts the GPU's expert cache keeps: a hot list, the last or the most used of each layer, or the last used of all layers",
		Default: "static", Example: "lru",
		Choices: []Choice{
			{ID: "static", Name: "Hot list"},
			{ID: "lru", Name: "LRU per layer"},
			{ID: "lfu", Name: "LFU per layer"},
			{ID: "global", Name: "One LRU"},
		},
	}, slot: func(s *Scenario) any { return &s.Evict }},
	{Field: Field{
		Key: "refetch", Label: "Re-fetch", Kind: KindFlag,
		Meaning: "1 = experts that the prefetch missed are copied after all; 0 = the predicted ones are executed instead",
		Default: "1", Example: "0",
		Also: []string{"lossless"},
	}, slot: func(s *Scenario) any { return &s.Refetch }},
	{Field: Field{
		Key: "experts", Label: "Experts off the GPU", Kind: KindChoice, List: "way to run experts",
		Meaning: "what happens to an expert that is not on the GPU: it is copied there, computed by the CPU, or whichever is faster for each",
		Absent:  "the fastest", Example: "cpu",
		Choices: []Choice{
			{ID: "copy", Name: "Copied"},
			{ID: "cpu", Name: "On the CPU"},
			{ID: "hybrid", Name: "Hybrid"},
		},
	}, slot: func(s *Scenario) any { return &s.Experts }},
	{Field: Field{
		Key: "ram", Label: "Host memory", Kind: KindNumber, Unit: "GB", Min: 1, Max: 100_000,
		Meaning: "memory of the host; experts get what the system leaves of it",
		Absent:  "as much as needed", Example: "128",
		Also: []string{"host_memory", "cpu_memory", "dram"},
	}, slot: func(s *Scenario) any { return &s.RAM }},
	{Field: Field{
		Key: "nvme", Label: "NVMe", Kind: KindNumber, Unit: "GB/s", Min: 0.1, Max: 1000,
		Meaning: "rate at which experts are read from the NVMe drive",
		Absent:  "7 GB/s, a PCIe 4.0 x4 drive", Example: "3.5",
		Also: []string{"ssd", "disk"},
	}, slot: func(s *Scenario) any { return &s.NVMe }},
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
}
