package scenario

// planning is what a plan is asked for beside the load: how requests vary, what may
// be rented, and what a day of it is compared with.
var planning = []field{
	{Field: Field{
		Key: "among", Label: "Accelerators to choose from", Kind: KindList, List: "accelerator",
		Meaning: "accelerators that the plan may choose from; one may carry its price in USD per GPU-hour after a colon",
		Absent:  "the scenario's accelerator alone", Example: "h200:2.5,b200",
		Also: []string{"gpu_types", "accelerators"},
	}, slot: func(s *Scenario) any { return &s.Among },
		list: func(c *Catalogue) []Choice { return c.GPUs }, priced: true},
	{Field: Field{
		Key: "budget", Label: "Budget", Kind: KindNumber, Unit: "USD per hour", Min: 0.001, Max: 1_000_000,
		Meaning: "most that the whole deployment may cost",
		Absent:  "no limit", Example: "100",
	}, slot: func(s *Scenario) any { return &s.Budget }},
	{Field: Field{
		Key: "lossy", Label: "Other number formats", Kind: KindFlag,
		Meaning: "1 = the plan may store weights and KV cache in narrower formats than the model's own; answers then change a little",
		Default: "0", Example: "1",
	}, slot: func(s *Scenario) any { return &s.Lossy }},
	{Field: Field{
		Key: "prefix", Label: "Shared prefix", Kind: KindNumber, Min: 0, Max: 1,
		Meaning: "share of the prompt tokens whose cache is there already, because earlier requests began with them",
		Default: "0", Example: "0.5",
		Also: []string{"cache_hit_rate", "prefix_hit_rate"},
	}, slot: func(s *Scenario) any { return &s.Prefix }},
	{Field: Field{
		Key: "in_cv", Label: "Spread of prompts", Kind: KindNumber, Min: 0.001, Max: 4,
		Meaning: "standard deviation of the prompt lengths over their mean; they are lognormal",
		Absent:  "evenly within 11 % of the mean, as benchmarks draw them", Example: "1",
	}, slot: func(s *Scenario) any { return &s.InCV }},
	{Field: Field{
		Key: "out_cv", Label: "Spread of outputs", Kind: KindNumber, Min: 0.001, Max: 4,
		Meaning: "standard deviation of the output lengths over their mean; they are lognormal",
		Absent:  "evenly within 11 % of the mean, as benchmarks draw them", Example: "0.8",
	}, slot: func(s *Scenario) any { return &s.OutCV }},

	{Field: Field{
		Key: "day", Label: "Traffic over a day", Kind: KindChoice, List: "traffic curve",
		Meaning: "how requests are spread over the hours of a day",
		Default: "flat", Example: "office",
		Choices: []Choice{
			{ID: "flat", Name: "The same at all hours"},
			{ID: "wave", Name: "Day and night"},
			{ID: "office", Name: "Office hours"},
		},
	}, slot: func(s *Scenario) any { return &s.Day }},
	{Field: Field{
		Key: "peak", Label: "Peak over mean", Kind: KindNumber, Min: 1, Max: 24,
		Meaning: "traffic of the busiest hour over that of the mean hour; stretches the curve of the day",
		Absent:  "the curve's own", Example: "2.5",
	}, slot: func(s *Scenario) any { return &s.Peak }},
	{Field: Field{
		Key: "autoscale", Label: "Autoscaled", Kind: KindFlag,
		Meaning: "1 = GPUs are given back in quiet hours; 0 = what the busiest hour needs runs all day",
		Default: "0", Example: "1",
	}, slot: func(s *Scenario) any { return &s.Autoscale }},
	{Field: Field{
		Key: "kwh", Label: "Electricity", Kind: KindNumber, Unit: "USD per kWh", Min: 0.001, Max: 10,
		Meaning: "what a kilowatt-hour costs, where the price of a GPU does not contain it",
		Absent:  "nothing: a rented GPU's price contains it", Example: "0.1",
	}, slot: func(s *Scenario) any { return &s.KWh }},
	{Field: Field{
		Key: "pue", Label: "PUE", Kind: KindNumber, Min: 1, Max: 4,
		Meaning: "power usage effectiveness: what the data centre draws over what its machines draw",
		Default: "1.3", Example: "1.1",
	}, slot: func(s *Scenario) any { return &s.PUE }},
	{Field: Field{
		Key: "api_in", Label: "API price of input", Kind: KindNumber, Unit: "USD per million tokens", Min: 0.0001, Max: 10_000,
		Meaning: "what an API asks for prompt tokens, to compare with",
		Absent:  "no comparison", Example: "0.55",
	}, slot: func(s *Scenario) any { return &s.APIIn }},
	{Field: Field{
		Key: "api_out", Label: "API price of output", Kind: KindNumber, Unit: "USD per million tokens", Min: 0.0001, Max: 10_000,
		Meaning: "what an API asks for generated tokens, to compare with",
		Absent:  "no comparison", Example: "2.19",
	}, slot: func(s *Scenario) any { return &s.APIOut }},
	{Field: Field{
		Key: "api_cached", Label: "API price of cached input", Kind: KindNumber, Unit: "USD per million tokens", Min: 0.0001, Max: 10_000,
		Meaning: "what an API asks for prompt tokens that its cache holds, to compare with",
		Absent:  "the price of input", Example: "0.14",
	}, slot: func(s *Scenario) any { return &s.APICached }},
}
