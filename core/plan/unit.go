package plan

import (
	"math"

	"moecost/core/draft"
	"moecost/core/routing"
	"moecost/core/serving"
)

// unit is one engine instance that copies are made of, with a chunk and a number of drafts,
// prepared for being asked what it does under a load.
type unit struct {
	shape  *shape
	timing *serving.Timing // with prefill on the same GPUs, or apart
	load   serving.Load    // without its batch
	seats  float64         // sequences that memory holds

	perStep float64 // tokens that a step makes of one sequence
	slow    float64 // how much longer the slowest GPU takes
	dp      float64
	stages  float64
}

// point is what a unit does under a load. Times are in seconds.
type point struct {
	running float64 // sequences that decode
	inside  float64 // of these and of prompts, those that hold memory
	rate    float64 // requests per second
	users   float64 // of a closed loop that makes this rate

	step          float64
	tpot, tpotPct float64
	ttft, ttftPct float64
	prefill       float64 // share of the time that goes into prefill
	failed        reason  // the first limit that is passed; 0: none
}

// reason is why a load is too much.
type reason uint8

const (
	none     reason = iota
	noMemory        // cache and weights do not fit
	overload        // prompts come faster than they are prefilled
	tooSlow         // TPOT
	tooLate         // TTFT
	tooDear         // over budget
)

// prepareUnit is false if memory does not hold a single sequence for each replica.
func (s *shape) unit(t *traffic, timing *serving.Timing, chunk, drafts int64, accept, speed float64) (unit, bool) {
	l := s.layout
	u := unit{
		shape: s, timing: timing, dp: float64(l.DP), stages: float64(l.PP),
		load:    serving.Load{Batch: int64(l.DP), Prompt: int64(t.prompt), Output: t.running, Chunk: chunk, Draft: drafts, Spare: s.spare},
		perStep: draft.Accepted(int(drafts), accept),
		slow:    1 + speed*routing.ExpectedMaxNormal(l.GPUs),
	}
	c := s.of
	led := c.footprint.Ledger(&c.gpu, &c.engine, l, u.load)
	u.seats = float64(led.Sequences()) * u.dp
	return u, led.Fits() && u.seats >= u.dp
}

// stepSeconds is a decode step of so many sequences over the unit.
func (u *unit) stepSeconds(t *traffic, sequences float64) float64 {
	w := serving.Work{Decode: sequences, Drafted: float64(u.load.Draft), Context: t.context}
	if u.load.Draft > 0 {
		w.Passes = u.timing.DecodeWork(u.load).Passes
	}
	s := u.timing.Step(w)
	return s.Seconds * u.slow
}

// prefillSeconds is a step of so many prompts over the unit, spread over its replicas, and the
// share of a prompt that it prefills.
func (u *unit) prefillSeconds(t *traffic, prompts float64) float64 {
	chunk := float64(u.load.Chunk)
	busiest := max(prompts/u.dp, 1)
	tokens := min(busiest*t.fresh, chunk)
	if t.fresh > chunk {
		tokens = t.fresh / pieces(t.fresh, chunk)
	}
	w := serving.Work{
		Prefill: tokens, PrefillReach: t.reach, Prompts: min(tokens/t.fresh, busiest), Prefilling: max(min(prompts, u.dp), 1),
		Eager: true,
	}
	if u.load.Draft > 0 {
		w.Passes = min(u.timing.DecodeWork(u.load).Passes, 1)
	}
	s := u.timing.Step(w)
	return s.Seconds
}

// pieces is the steps that a prompt is cut into.
func pieces(tokens, chunk float64) float64 { return math.Ceil(tokens / chunk) }
