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
// Prompts that have come during one step are prefilled in the next, up to a chunk on each replica. If f
// prefill steps of T seconds run per second, decoding has 1 - fT of the time, so that
//
//	TPOT = step / tokens per step / (1 - f T)
//	rate = running / (output TPOT)            (Little)
//
// and the rate gives f again: a few rounds settle it.
func (u *unit) together(t *traffic, running float64) point {
	p := point{running: running, step: u.stepSeconds(t, running)}
	decode := p.step / u.perStep
	cut := pieces(t.fresh, float64(u.load.Chunk))
	most := u.mostPrompts(t)
	p.tpot, p.rate = decode, running/(t.output*decode)

	var c cycle
	c.prompts = 1
	for range 6 {
		c = u.cycle(t, &p, c.prompts, cut, most)
		busy := p.rate * cut / c.prompts * c.seconds / u.stages
		if busy > mostPrefill { // step down until the prompts fit beside
			busy = mostPrefill
		}
		tpot := decode / (1 - busy)
		p.prefill = busy
		settled := math.Abs(tpot-p.tpot) < 1e-4*tpot
		p.tpot = (p.tpot + tpot) / 2
		p.rate = running / (t.output * p.tpot)
		if settled {
			break
		}
	}
	if p.prefill >= mostPrefill {
		p.failed = overload
		return p
	}

	// What tokens wait: prefill steps come at random, and so do requests.
	interruptions := p.rate * cut / c.prompts * t.output * p.tpot
	stall := c.seconds / u.stages / t.output
	variance := interruptions * stall * stall * (1 + t.promptVar) * (1 + t.outputVar)
	variance += u.crowd(t, &p)
	p.tpotPct = t.quantile(p.tpot, variance)

	// What first tokens wait: the step under way, the prompts held back, the queue, their own chunks.
	whole := u.prefillSeconds(t, most) + p.step
	queue, queueVar, full := queued(p.rate*cut, most, whole, t.promptVar*square(c.seconds/(c.seconds+p.step)))
	if full {
		p.failed = overload
		return p
	}
	own := cut*(c.seconds+p.step) + (cut-1)*c.pause*p.step
	ownVar := t.promptVar * square(cut*c.seconds)
	p.ttft = u.timing.RequestSeconds() + c.wait + queue + own
	p.ttftPct = u.timing.RequestSeconds() + t.quantile(c.wait+queue+own, c.waitVar+queueVar+ownVar)
	p.users = running + p.rate*p.ttft
	p.inside = running + p.rate*own
	p.settle(t, u)
	return p
}

// mostPrompts is how many prompts one prefill step takes, over all replicas.
func (u *unit) mostPrompts(t *traffic) float64 {
	return max(math.Floor(float64(u.load.Chunk)/t.fresh), 1) * u.dp
}

// cycle is the time between two prefill steps.
type cycle struct {
	prompts       float64 // in one of them
	seconds       float64 // that it takes
	wait, waitVar float64 // of a prompt until its step begins
	pause         float64 // decode steps between two chunks of one prompt
}

// cycle finds the prompts of a prefill step at a rate.
func (u *unit) cycle(t *traffic, p *point, prompts, cut, most float64) cycle {
	c := cycle{seconds: u.prefillSeconds(t, prompts)}
	if u.dp == 1 {
		// A prompt waits for the step under way, which is a longer one if it prefills.
		long := p.step + c.seconds
		c.prompts = min(max(p.rate*long, 1), most)
		share := min(p.rate/c.prompts*cut*long, 1)
		c.wait = (share*long + (1-share)*p.step) / 2
		c.waitVar = (share*long*long + (1-share)*p.step*p.step) / 12
		return c
	}
	// Held back until they fill the replicas, none has come for some steps, or one has waited long enough.
	gap := stalled * p.step
	hold := min(patience*p.step, filled*float64(u.load.Chunk)*u.dp/(p.rate*t.fresh), math.Expm1(min(p.rate*gap, 50))/p.rate)
	idle := math.Exp(-p.rate*c.seconds) / p.rate
	c.prompts = min(max(p.rate*(idle+hold+c.seconds), 1), most)
	during := min(p.rate*c.seconds/c.prompts, 1) // share that comes while others are prefilled
	held := hold / 2 * (1 + 1/c.prompts)
	c.wait = during*(c.seconds/2+hold) + (1-during)*held + p.step/2
	c.waitVar = square(hold)/12 + during*square(c.seconds)/12
	c.pause = min(stalled, patience)
	return c
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
	mean = one * (1 + squaredCV) / 2 * math.Pow(busy, math.Sqrt(2*(most+1))-1) / (1 - busy)
	// Who waits waits an exponential time; only a share of busy^… does.
	waits := math.Pow(busy, math.Sqrt(2*(most+1))-1)
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
		needed += t.deviations * math.Sqrt(p.inside)
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
