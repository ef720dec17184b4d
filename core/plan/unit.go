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
	pieces  float64 // steps that a prompt is cut into, mean
	full    float64 // pieces that one prefill step takes, over all replicas
	unlucky float64 // standard deviations by which the busiest replica is above the mean
	curve   [curvePoints]float64
	scale   float64
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
)

// unit prepares one; false if memory does not hold a single sequence for each replica.
func (s *shape) unit(t *traffic, timing *serving.Timing, chunk, drafts int64, accept, speed float64) (unit, bool) {
	l := s.layout
	u := unit{
		shape: s, timing: timing, dp: float64(l.DP), stages: float64(l.PP),
		load:    serving.Load{Batch: int64(l.DP), Prompt: int64(t.prompt), Output: t.running, Chunk: chunk, Draft: drafts, Spare: s.spare, Host: s.host, Cache: s.cache},
		perStep: draft.Accepted(int(drafts), accept),
		slow:    1 + speed*routing.ExpectedMaxNormal(l.GPUs),
	}
	u.pieces = t.pieces(float64(chunk))
	u.full = u.dp * float64(chunk) * u.pieces / t.fresh
	u.unlucky = routing.ExpectedMaxNormal(l.DP)
	c := s.of
	led := c.footprint.Ledger(&c.gpu, &c.engine, l, u.load)
	u.seats = float64(led.Sequences()) * u.dp
	if !led.Fits() || u.seats < u.dp {
		return u, false
	}
	u.time(t)
	return u, true
}

// stepSeconds is a decode step of so many sequences over the unit. Attention waits for the replica with the longest
// contexts, which chance makes longer than the mean. Less than one sequence is one, part of the time.
func (u *unit) stepSeconds(t *traffic, sequences float64) float64 {
	sequences = max(sequences, 1)
	w := serving.Work{Decode: sequences, Drafted: float64(u.load.Draft), Context: t.context}
	if u.load.Draft > 0 {
		w.Passes = u.timing.DecodeWork(u.load).Passes
	}
	s := u.timing.Step(w)
	seconds := s.Seconds
	if u.dp > 1 && t.uneven > 0 {
		longest := w
		longest.Decode *= 1 + u.unlucky*math.Sqrt(t.uneven*u.dp/max(sequences, u.dp))
		seconds += u.timing.Beside(longest) - u.timing.Beside(w)
	}
	return seconds * u.slow
}

// curvePoints is how many numbers of pieces prefill is timed at; between them it is read off. The points are as far apart
// as the numbers from one to what fits make it, which is a tenth or so; the steps between are nearly straight.
const curvePoints = 16

// time fills the curve.
func (u *unit) time(t *traffic) {
	u.scale = 0
	if u.full > 1 {
		u.scale = (curvePoints - 1) / math.Log(u.full)
	}
	for i := range u.curve {
		pieces := 1.0
		if u.scale > 0 {
			pieces = math.Exp(float64(i) / u.scale)
		}
		u.curve[i] = u.timePrefill(t, pieces)
	}
}

// prefillSeconds is a step of so many pieces of prompts over the unit, from one to u.full.
func (u *unit) prefillSeconds(pieces float64) float64 {
	if u.scale == 0 || pieces <= 1 {
		return u.curve[0]
	}
	x := math.Log(pieces) * u.scale
	i := min(int(x), curvePoints-2)
	part := min(x-float64(i), 1)
	return u.curve[i] + part*(u.curve[i+1]-u.curve[i])
}

// timePrefill times such a step. Pieces do not spread evenly: the busiest replica has half a piece more than the mean
// and at least one, and that is the longest of those that are prefilled at once.
func (u *unit) timePrefill(t *traffic, pieces float64) float64 {
	piece := t.fresh / u.pieces
	busiest, longest := pieces, 1.0
	if u.dp > 1 {
		busiest = max(pieces/u.dp+0.5, 1)
		longest = t.longest(min(pieces, u.dp))
	}
	tokens := min(busiest*piece*longest, float64(u.load.Chunk))
	w := serving.Work{
		Prefill: tokens, PrefillReach: t.reach, Prompts: tokens / t.fresh, Prefilling: max(min(pieces*piece/tokens, u.dp), 1),
		Eager: true,
	}
	if u.load.Draft > 0 {
		w.Passes = min(u.timing.DecodeWork(u.load).Passes, 1)
	}
	s := u.timing.Step(w)
	return s.Seconds
}
