package report

var decodeTimeEntries = join(stepEntries(timedSteps[0]), []entry{
	{"decode.tokens_per_step", "tokens that a step makes of one sequence", Tokens, timeOf(func(r *Report) float64 { return r.Decode.TokensPerStep })},
	{"decode.tpot_s", "time per output token of one user", Seconds, timeOf(func(r *Report) float64 { return r.Decode.TPOT })},
	{"decode.tokens_per_s", "output tokens per second of all users", TokensPerSecond, timeOf(func(r *Report) float64 { return r.Decode.TokensPerS })},
	{"decode.tokens_per_s_per_gpu", "output tokens per second and GPU", TokensPerSecond, timeOf(func(r *Report) float64 { return r.Decode.TokensPerSOfGPU })},
	{"decode.tokens_per_s_per_user", "output tokens per second of one user", TokensPerSecond, timeOf(func(r *Report) float64 { return r.Decode.TokensPerSUser })},
	{"decode.knee_batch", "batch from which on doubling costs users more speed than it gains", Sequences, timeOf(func(r *Report) float64 { return float64(r.Decode.KneeBatch) })},
	{"decode.best_batch", "largest batch that keeps the objective", Sequences, timeOf(func(r *Report) float64 { return float64(r.Decode.BestBatch) })},
})
