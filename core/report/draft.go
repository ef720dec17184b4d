package report

import (
	"moecost/core/draft"
	"moecost/core/serving"
)

// Draft is what speculative decoding gains in this scenario, and what it would gain:
// the best number of drafts is there with none drafted, too.
type Draft struct {
	Own bool `json:"own_modules"` // the model brings modules that draft; else drafts are taken to cost no time

	// With drafts alone.
	TokensPerStep float64 `json:"tokens_per_step,omitempty"` // of one sequence
	Plain         float64 `json:"plain_step_s,omitempty"`    // a step without drafts
	Verify        float64 `json:"verify_s,omitempty"`        // of a step: everything but the drafting itself
	Penalty       float64 `json:"verify_penalty,omitempty"`  // verify_s over plain_step_s
	Speedup       float64 `json:"speedup,omitempty"`         // time per output token without drafts over that with them

	OneSpeedup  float64 `json:"one_speedup"`  // with one drafted token, the number whose acceptance is best known
	BestK       int     `json:"best_k"`       // drafted tokens, up to 8, with the greatest speedup; 0: any draft is a loss
	BestSpeedup float64 `json:"best_speedup"` // theirs; 1 where best_k is 0

	// Of the scenario's drafts, or of best_k if it drafts none.
	From int64 `json:"from_batch,omitempty"` // smallest batch that gains
	Loss int64 `json:"loss_batch,omitempty"` // where it turns into a loss; absent if it does not up to 8,192
}

// mostDrafts is how many drafted tokens are tried for the best number. Longer chains are
// drafted by look-up only, and their acceptance falls along the chain.
const mostDrafts = 8

// draftLimit is the largest batch that is looked at.
const draftLimit = 8192

// plan is the scenario's way of drafting with so many tokens.
func (r *Report) plan(tokens int) draft.Plan {
	return draft.Plan{Tokens: tokens, Accept: r.Scenario.Accept}
}

// draftSection fills in what drafting does.
func (r *Report) draftSection() *Draft {
	in := &r.in
	t, l := in.clock.timing, in.load
	d := &Draft{Own: r.DraftsItself(), BestSpeedup: 1}
	base := draft.Prepare(t, l)
	d.OneSpeedup = base.Effect(r.plan(1)).Speedup
	d.BestK = base.Best(r.plan(0), mostDrafts)
	if d.BestK > 0 {
		d.BestSpeedup = base.Effect(r.plan(d.BestK)).Speedup
	}
	tokens := d.BestK
	if l.Draft > 0 {
		tokens = int(l.Draft)
		e, factor := base.Effect(r.plan(tokens)), in.clock.scale()
		d.TokensPerStep, d.Penalty, d.Speedup = e.PerStep, e.Penalty, e.Speedup
		d.Plain, d.Verify = e.Plain*factor, e.Verify*factor
	}
	if tokens > 0 {
		w := draft.Where(t, l, r.plan(tokens), draftLimit)
		d.From, d.Loss = w.From, w.Loss
	}
	return d
}

// scale is what the user's measurement multiplies times of decode by.
func (c *clock) scale() float64 {
	if c.factor.Decode > 0 {
		return c.factor.Decode
	}
	return 1
}

// DraftsItself tells whether the model brings modules that draft.
func (r *Report) DraftsItself() bool { return r.in.arch.MTP.Depth > 0 }

// RoutedTokens is how many independent tokens of a layer cover as many experts as a
// decode step does: the batch, and more with drafts.
func (r *Report) RoutedTokens() float64 { return r.in.coverage.tokens }

// DraftPoint is one number of drafts at one batch.
type DraftPoint struct {
	Tokens  int
	Batch   int64
	Speedup float64
	Penalty float64 // steps that the verification takes
	Fits    bool    // the sequences have their place
}

// DraftGrid is the speedup against drafted tokens and batch: a row of batches for
// every number of drafts from 1 to 8, or to the scenario's own if it drafts more.
type DraftGrid struct {
	Batches []int64 // powers of two from 1 to 4,096
	Rows    [][]DraftPoint
}

// DraftGrid is nil where steps cannot be timed. It is the report's: it must not be changed.
func (r *Report) DraftGrid() *DraftGrid {
	in := &r.in
	if !r.timed() {
		return nil
	}
	in.series.drafts.Do(func() { in.series.grid = r.draftGrid() })
	return in.series.grid
}

func (r *Report) draftGrid() *DraftGrid {
	t, l := r.in.clock.timing, r.in.load
	g := &DraftGrid{}
	for b := int64(1); b <= largestBatch; b *= 2 {
		g.Batches = append(g.Batches, b)
	}
	for range max(mostDrafts, int(l.Draft)) {
		g.Rows = append(g.Rows, make([]DraftPoint, len(g.Batches)))
	}
	for i, b := range g.Batches {
		l.Batch = b
		base := draft.Prepare(t, l)
		for k := range g.Rows {
			e := base.Effect(r.plan(k + 1))
			g.Rows[k][i] = DraftPoint{Tokens: k + 1, Batch: b, Speedup: e.Speedup, Penalty: e.Penalty, Fits: b <= r.Memory.MaxBatch}
		}
	}
	return g
}

// tpot is the time per output token of one user, before calibration: a step makes
// more than one token of a sequence where drafts are accepted.
func (r *Report) tpot(t *serving.Timing, l serving.Load) float64 {
	s := t.DecodeStep(l)
	return s.Seconds/r.in.clock.perStep + t.PromptWait(l)
}
