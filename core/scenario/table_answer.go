package scenario

// answer is what the user measured, pays and wants, and how it is shown.
var answer = []field{
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
		Key: "seen", Label: "Measured points", Kind: KindPoints,
		Meaning: "what you measured at several loads: users, time per output token, time to first token; scales the predictions, shrinks their range",
		Absent:  "no measurements", Example: "16:20.5~64x4096x1024:31.5:900",
		Also: []string{"measured_points"},
	}, slot: func(s *Scenario) any { return &s.Seen }},

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
