package draft

import "moecost/core/serving"

// Effect is what drafting does to a decode step and to a user's time per token.
type Effect struct {
	Plain    float64 // seconds of a step without drafts
	Verify   float64 // of a step that verifies them
	Draft    float64 // of making them
	PerStep  float64 // tokens that the step makes of one sequence
	Penalty  float64 // Verify over Plain
	Speedup  float64 // time per output token without drafts over that with them, prompts of others included
	PerToken float64 // seconds per output token of one user
}

// Base is a load without drafts, to compare plans with.
type Base struct {
	t            *serving.Timing
	l            serving.Load
	plain        float64 // seconds of a step
	wait, longer float64 // what a token waits for prompts of others: without and with a drafting module to run over them
}

// Prepare times a load without drafts; what it says of drafts is ignored.
func Prepare(t *serving.Timing, l serving.Load) Base {
	l.Draft = 0
	s := t.DecodeStep(l)
	b := Base{t: t, l: l, plain: s.Seconds, wait: t.PromptWait(l)}
	l.Draft = 1 // prompts go through the module once, however many tokens it drafts
	b.longer = t.PromptWait(l)
	return b
}

// Effect times the load with a plan.
func (b *Base) Effect(p Plan) Effect {
	without := b.plain + b.wait
	e := Effect{Plain: b.plain, Verify: b.plain, PerStep: 1, Penalty: 1, Speedup: 1, PerToken: without}
	if p.Tokens <= 0 {
		return e
	}
	l := b.l
	l.Draft = int64(p.Tokens)
	step := b.t.DecodeStep(l)
	e.Draft = step.Parts[serving.DraftPasses] + p.Share*float64(p.Tokens)*b.plain
	e.Verify = step.Seconds - step.Parts[serving.DraftPasses]
	e.PerStep = Accepted(p.Tokens, p.Accept)
	e.Penalty = e.Verify / e.Plain
	// Prompts of others interrupt a user per output token, however many tokens a step makes.
	e.PerToken = (e.Verify+e.Draft)/e.PerStep + b.longer
	e.Speedup = without / e.PerToken
	return e
}

// Of times a load with a plan.
func Of(t *serving.Timing, l serving.Load, p Plan) Effect {
	b := Prepare(t, l)
	return b.Effect(p)
}

// Best is the number of drafted tokens, up to most, that gives the greatest
// speedup: 0 if every draft is a loss. Plan.Tokens is ignored.
func (b *Base) Best(p Plan, most int) int {
	best, speedup := 0, 1.0
	for k := 1; k <= most; k++ {
		p.Tokens = k
		if e := b.Effect(p); e.Speedup > speedup {
			best, speedup = k, e.Speedup
		}
	}
	return best
}

// Pays is the range of batches in which drafting gains.
type Pays struct {
	From int64 // smallest batch with a gain; 0 if there is none
	To   int64 // largest batch with a gain below the next loss, at most the limit
	Loss int64 // To + 1, where it turns into a loss; 0 if it does not up to the limit
}

// Where finds the batches up to limit in which a plan gains: it looks at the powers of two,
// takes the run of gains around the greatest one, and halves the two intervals at its ends.
func Where(t *serving.Timing, l serving.Load, p Plan, limit int64) Pays {
	gains := func(batch int64) bool {
		l.Batch = batch
		return Of(t, l, p).Speedup > 1
	}
	var w Pays
	greatest, at := 1.0, int64(0)
	for b := int64(1); b <= limit; b *= 2 {
		l.Batch = b
		if e := Of(t, l, p); e.Speedup > greatest {
			greatest, at = e.Speedup, b
		}
	}
	if at == 0 {
		return w
	}
	low := at
	for low > 1 && gains(low/2) {
		low /= 2
	}
	w.From = low
	if low > 1 {
		w.From = edge(low/2, low, gains)
	}
	high := at
	for high*2 <= limit && gains(high*2) {
		high *= 2
	}
	w.To = high
	if high*2 <= limit {
		w.To = edge(high*2, high, gains)
		w.Loss = w.To + 1
	}
	return w
}

// edge is the batch nearest to without that still gains, between one that does
// not and one that does.
func edge(without, with int64, gains func(int64) bool) int64 {
	for without-with > 1 || with-without > 1 {
		if middle := (without + with) / 2; gains(middle) {
			with = middle
		} else {
			without = middle
		}
	}
	return with
}
