package scenario

// tail is what spreads the times of steps and requests.
var tail = []field{
	{Field: Field{
		Key: "rate", Label: "Request rate", Kind: KindNumber, Unit: "requests/s", Min: 0.001, Max: 1_000_000,
		Meaning: "requests that arrive per second",
		Absent:  "a closed loop of `batch` users", Example: "4",
		Also: []string{"request_rate", "rps", "qps"},
	}, slot: func(s *Scenario) any { return &s.Rate }},
	{Field: Field{
		Key: "domain", Label: "Domain drift", Kind: KindNumber, Min: 0, Max: 4,
		Meaning: "lognormal sigma by which the mix of domains moves popularity from step to step, common to a step",
		Default: "0.3", Example: "0.5",
	}, slot: func(s *Scenario) any { return &s.Domain }},
	{Field: Field{
		Key: "speed", Label: "GPU speed spread", Kind: KindNumber, Unit: "%", Min: 0, Max: 50,
		Meaning: "sigma of the speeds of the GPUs, in percent",
		Default: "2", Example: "3",
	}, slot: func(s *Scenario) any { return &s.Speed }},
	{Field: Field{
		Key: "without", Label: "Causes left out", Kind: KindList, List: "cause of the tail",
		Meaning: "causes of the tail that are left out",
		Absent:  "every cause", Example: "routing,prefill",
		Choices: []Choice{
			{ID: "routing", Name: "Routing"},
			{ID: "batch", Name: "Batch and context"},
			{ID: "domain", Name: "Domain drift"},
			{ID: "prefill", Name: "Prefill"},
			{ID: "moves", Name: "Rebalancing"},
			{ID: "speed", Name: "GPU speed"},
		},
	}, slot: func(s *Scenario) any { return &s.Without }},
	{Field: Field{
		Key: "seed", Label: "Seed", Kind: KindCount, Min: 0, Max: 1_000_000,
		Meaning: "start of the simulation's random numbers; the same seed gives the same result",
		Default: "1", Example: "2",
	}, slot: func(s *Scenario) any { return &s.Seed }},
}
