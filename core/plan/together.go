package plan

import "math"

// How attention replicas that share experts hold prompts back, because all of them wait for each that
// prefills: core/tail, timeline.go, has the source.
const (
	filled   = 0.7
	patience = 30
	stalled  = 3
)

// mostPrefill is the share of the time that prefill may take; beyond it decoding hardly goes on and the
// closed form has no solution to find.
const mostPrefill = 0.95

// together is a unit that prefills and decodes on the same GPUs while so many sequences decode.
//
// Prompts that have come during one step are prefilled in the next, up to a chunk on each replica; longer ones in pieces. If f
// prefill steps of T seconds run per second, decoding has 1 - fT of the time, so that
//
//	TPOT = step / tokens per step / (1 - f T)
//	rate = running / (output TPOT)            (Little)
//
// and the rate gives f again: a few rounds settle it.
func (u *unit) together(t *traffic, running float64) point {
	p := point{running: running, step: u.stepSeconds(t, running)}
	decode := p.step / u.perStep
	free := running / (t.output * decode) // the rate, if decoding had all of the time
	p.rate = free
	c := cycle{pieces: 1}
	for range 12 {
		before := p.rate
		u.cycle(t, &p, &c)
		perRequest := u.pieces / c.pieces * c.seconds / u.stages
		p.rate = free / (1 + free*perRequest) // of rate = free (1 - rate perRequest)
		p.prefill = p.rate * perRequest
		if math.Abs(p.rate-before) < 1e-3*before {
			break
		}
	}
	p.tpot = running / (t.output * p.rate)
	if p.prefill >= mostPrefill {
		p.failed = overload
		return p
	}

	// What tokens wait: prefill steps come at random, and so do requests.
	interruptions := p.rate * u.pieces / c.pieces * t.output * p.tpot
	stall := c.seconds / u.stages / t.output
	variance := interruptions * stall * stall * (1 + t.promptVar) * (1 + t.outputVar)
	variance += u.crowd(t, &p)
	p.tpotPct = t.quantile(p.tpot, variance)

	// What first tokens wait: the step under way, the prompts held back, the queue, their own chunks.
	queue, queueVar, full := queued(p.rate*u.pieces, u.full, u.prefillSeconds(u.full)/u.stages+p.step, t.promptVar)
	if full {
		p.failed = overload
		return p
	}
	own := u.pieces*(c.seconds+p.step) + (u.pieces-1)*c.pause
	ownVar := t.promptVar * square(u.pieces*c.seconds)
	p.ttft = u.timing.RequestSeconds() + c.wait + queue + own
	p.ttftPct = u.timing.RequestSeconds() + t.quantile(c.wait+queue+own, c.waitVar+queueVar+ownVar)
	p.users = running + p.rate*p.ttft
	p.inside = running + p.rate*own
	p.settle(t, u)
	return p
}

// cycle is the time between two prefill steps.
type cycle struct {
	pieces        float64 // of prompts, in one of them
	seconds       float64 // that it takes
	wait, waitVar float64 // of a prompt until its step begins
	pause         float64 // seconds between two pieces of one prompt
}

// cycle finds the pieces of a prefill step at a rate, from what they were.
func (u *unit) cycle(t *traffic, p *point, c *cycle) {
	c.seconds = u.prefillSeconds(c.pieces)
	long := p.step + c.seconds/u.stages
	rate := p.rate * u.pieces
	// Who comes during a step more likely comes during a long one.
	square1, cube := long*long*(1+t.promptVar), long*long*long*math.Pow(1+t.promptVar, 3)
	if u.dp == 1 {
		// A prompt waits for the step under way, which is a longer one if it prefills.
		c.pieces = min(max(rate*long, 1), u.full)
		share := min(rate/c.pieces*long, 1)
		c.wait = share*square1/long/2 + (1-share)*p.step/2
		c.waitVar = max(share*cube/long/3+(1-share)*p.step*p.step/3-square(c.wait), 0)
		return
	}
	// Held back until they fill the replicas, none has come for some steps, or one has waited long enough. What
	// comes while others are prefilled counts, so that with many prompts hardly a step is without.
	fill := max(filled*u.full/rate-long, 0)
	alone := math.Expm1(min(p.rate*stalled*p.step, 50)) / p.rate
	hold := min(patience*p.step, fill, alone)
	idle := math.Exp(-p.rate*(long+hold)) / p.rate
	c.pieces = min(max((c.pieces+rate*long+p.rate*(idle+hold))/2, 1), u.full) // only whole prompts are held back
	during := min(rate*long/c.pieces, 1)                                      // share that comes while others are prefilled
	c.wait = during*(square1/long/2+hold) + (1-during)*hold/2*(1+1/max(c.pieces, 1))
	c.waitVar = max(during*cube/long/3-square(during*square1/long/2), 0) + square(hold)/12
	c.pause = hold
}

// queued is the wait of prompts beyond the step that they come in, when a server takes up to most of
// them at once and needs so many seconds for them: M/G/1 for most of 1 (Pollaczek and Khinchine); above, the
// servers of Sakasegawa's approximation (1977) stand for the places of a batch. full: the queue has no end.
func queued(rate, most, seconds, squaredCV float64) (mean, variance float64, full bool) {
	one := seconds / most
	busy := rate * one
	if busy >= 0.98 {
		return 0, 0, true
	}
	// Who waits waits an exponential time; only a share does.
	waits := math.Pow(busy, math.Sqrt(2*(max(most, 1)+1))-1)
	if waits < 1e-9 {
		return 0, 0, false
	}
	mean = one * (1 + squaredCV) / 2 * waits / (1 - busy)
	return mean, mean * mean * (2/waits - 1), false
}

// crowd is the variance of TPOT by how many sequences happen to run. Requests that come at random make
// a Poisson number; its mean over the life of one sequence has two thirds of the variance (its correlation falls
// to nothing over that life), and a longer step keeps more of them running. Users of a closed loop are always as many.
func (u *unit) crowd(t *traffic, p *point) float64 {
	if t.rate == 0 || p.running <= 0 {
		return 0
	}
	slope := (u.stepSeconds(t, 1.1*p.running)/p.step - 1) / 0.1
	slope = min(slope/(1-p.prefill), 0.8)
	deviation := math.Sqrt(2.0/3/p.running) / (1 - slope)
	return square(p.tpot * slope * deviation)
}

// settle judges the point.
func (p *point) settle(t *traffic, u *unit) {
	needed := p.inside
	if t.rate > 0 {
		needed += t.deviations * math.Sqrt(p.inside*u.dp) // each replica has chance of its own
	}
	switch {
	case p.failed != none:
	case needed > u.seats:
		p.failed = noMemory
	case p.tpotPct > t.tpot:
		p.failed = tooSlow
	case p.ttftPct > t.ttft:
		p.failed = tooLate
	}
}

func square(x float64) float64 { return x * x }
