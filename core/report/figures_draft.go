package report

var draftEntries = []entry{
	{"draft.tokens_per_step", "tokens that a step makes of one sequence", Tokens, ofDraft(func(d *Draft) float64 { return d.TokensPerStep })},
	{"draft.plain_step_s", "time of a decode step without drafts", Seconds, ofDraft(func(d *Draft) float64 { return d.Plain })},
	{"draft.verify_s", "time of a step that verifies drafts, without making them", Seconds, ofDraft(func(d *Draft) float64 { return d.Verify })},
	{"draft.verify_penalty", "steps that a verification takes", Ratio, ofDraft(func(d *Draft) float64 { return d.Penalty })},
	{"draft.speedup", "time per token without drafts over that with them", Ratio, ofDraft(func(d *Draft) float64 { return d.Speedup })},
	{"draft.one_speedup", "speedup with one drafted token", Ratio, ofDraft(func(d *Draft) float64 { return d.OneSpeedup })},
	{"draft.best_k", "drafted tokens with the greatest speedup", Tokens, ofDraft(func(d *Draft) float64 { return float64(d.BestK) })},
	{"draft.best_speedup", "speedup with the best number of drafts", Ratio, ofDraft(func(d *Draft) float64 {
		if d.BestK == 0 {
			return 0
		}
		return d.BestSpeedup
	})},
	{"draft.from_batch", "smallest batch that drafting speeds up", Sequences, ofDraft(func(d *Draft) float64 { return float64(d.From) })},
	{"draft.loss_batch", "batch from which drafting is a loss", Sequences, ofDraft(func(d *Draft) float64 { return float64(d.Loss) })},
}

func ofDraft(get func(*Draft) float64) func(*Report) (float64, bool) {
	return func(r *Report) (float64, bool) {
		if r.Draft == nil {
			return 0, false
		}
		v := get(r.Draft)
		return v, v > 0
	}
}
