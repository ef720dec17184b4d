package scenario

// experts is how popular experts are, where they are put, and what that does to
// the exchange of tokens.
var experts = []field{
	{Field: Field{
		// Measured models fit 0.5 to 1.1; at 4 one expert of 256 takes nearly every token.
		Key: "skew", Label: "Expert skew", Kind: KindNumber, Min: 0, Max: 4,
		Meaning: "lognormal sigma of expert popularity (0 = all equally popular), or alpha of the power law",
		Default: "1", Example: "0.5",
		Also: []string{"sigma", "alpha", "imbalance"},
	}, slot: func(s *Scenario) any { return &s.Skew }},
	{Field: Field{
		Key: "law", Label: "Popularity law", Kind: KindChoice, List: "law of popularity",
		Meaning: "how popularity is spread over the experts, with `skew` as its one parameter",
		Default: "lognormal", Example: "power",
		Choices: []Choice{
			{ID: "lognormal", Name: "Lognormal"},
			{ID: "power", Name: "Power law", Aliases: []string{"powerlaw", "power-law"}},
		},
	}, slot: func(s *Scenario) any { return &s.Law }},
	{Field: Field{
		Key: "layer", Label: "Counted layer", Kind: KindCount, Min: 1, Max: 10_000,
		Meaning: "which layer of your own counts is drawn rank by rank, from 1; a link does not carry the counts",
		Absent:  "the least even one", Example: "36",
	}, slot: func(s *Scenario) any { return &s.Layer }},
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
		Key: "place", Label: "Placement", Kind: KindChoice, List: "objective of a placement",
		Meaning: "what EPLB evens out over the ranks: `tokens`, or the `distinct` experts that a step reads",
		Default: "tokens", Example: "distinct",
		Choices: []Choice{
			{ID: "tokens", Name: "Tokens"},
			{ID: "distinct", Name: "Distinct experts", Aliases: []string{"metro"}},
		},
	}, slot: func(s *Scenario) any { return &s.Place }},
	{Field: Field{
		// 0.12 is what measured EPLB leaves beyond perfect knowledge; docs/model.md.
		Key: "drift", Label: "Drift", Kind: KindNumber, Min: 0, Max: 4,
		Meaning: "lognormal sigma, per expert, by which traffic has moved since the placement was made",
		Default: "0.12", Example: "0.3",
	}, slot: func(s *Scenario) any { return &s.Drift }},
	{Field: Field{
		Key: "interval", Label: "Rebalancing interval", Kind: KindCount, Unit: "steps", Min: 1, Max: 1_000_000,
		Meaning: "decode steps between two online rebalancings",
		Default: "3000", Example: "1000",
		Also: []string{"step_interval", "rebalance_interval", "eplb_rebalance_num_iterations"},
	}, slot: func(s *Scenario) any { return &s.Interval }},
	{Field: Field{
		Key: "moves", Label: "Moves", Kind: KindChoice, List: "way to move weights",
		Meaning: "how online rebalancing moves weights: all at once while decoding waits, or a layer at a time behind it",
		Default: "blocking", Example: "layerwise",
		Choices: []Choice{
			{ID: "blocking", Name: "Blocking"},
			{ID: "layerwise", Name: "Layer-wise", Aliases: []string{"layer-wise", "async"}},
		},
	}, slot: func(s *Scenario) any { return &s.Moves }},
	{Field: Field{
		Key: "fabric", Label: "Fabric", Kind: KindChoice, List: "way of dispatch",
		Meaning: "how decode sends a token to its experts: a copy for each, one per node that is fanned out there, or one that switches copy",
		Default: "unicast", Example: "multicast",
		Choices: []Choice{
			{ID: "unicast", Name: "Unicast"},
			{ID: "node", Name: "Per node"},
			{ID: "multicast", Name: "Multicast"},
		},
	}, slot: func(s *Scenario) any { return &s.Fabric }},
	{Field: Field{
		Key: "split", Label: "Split", Kind: KindFlag,
		Meaning: "1 = prefill and decode on separate GPUs",
		Default: "0", Example: "1",
		Also: []string{"disagg", "disaggregated"},
	}, slot: func(s *Scenario) any { return &s.Split }},
}
