package report

var prefillEntries = join([]entry{
	{"prefill.ttft_s", "time to first token on an idle deployment", Seconds, timeOf(func(r *Report) float64 { return r.Prefill.TTFT })},
	{"prefill.ttft_loaded_s", "time to first token with the scenario's other users", Seconds, timeOf(func(r *Report) float64 { return r.Prefill.Loaded })},
}, stepEntries(timedSteps[1]), []entry{
	{"prefill.step_tokens", "prompt tokens of one replica in a prefill step", Tokens, timeOf(func(r *Report) float64 { return r.Prefill.StepTokens })},
	{"prefill.tokens_per_s", "prompt tokens per second", TokensPerSecond, timeOf(func(r *Report) float64 { return r.Prefill.TokensPerS })},
	{"prefill.tokens_per_s_per_gpu", "prompt tokens per second and GPU", TokensPerSecond, timeOf(func(r *Report) float64 { return r.Prefill.TokensPerSOfGPU })},
}, stepEntries(timedSteps[2]), []entry{
	{"prefill.prompt_steps", "prefill steps of one prompt alone", Count, timeOf(func(r *Report) float64 { return r.Prefill.PromptSteps })},
})
