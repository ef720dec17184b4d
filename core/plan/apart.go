package plan

import "math"

// decoding is a unit that only decodes, so many sequences at once.
func (u *unit) decoding(t *traffic, running float64) point {
	p := point{running: running, inside: running, step: u.stepSeconds(t, running)}
	p.tpot = p.step / u.perStep
	p.rate = running / (t.output * p.tpot)
	p.users = running
	p.tpotPct = t.quantile(p.tpot, u.crowd(t, &p))
	p.settle(t, u)
	return p
}

// prefilling is a unit that only prefills, at a rate of requests. transfer is the seconds that a cache takes
// to the GPUs that decode.
//
// One step after another takes the prompts that wait, up to a chunk on each replica.
func (u *unit) prefilling(t *traffic, rate, transfer float64) point {
	p := point{rate: rate}
	arriving := rate * u.pieces
	whole := u.prefillSeconds(u.full) / u.stages
	pieces := 1.0
	seconds := u.prefillSeconds(pieces)
	for range 6 {
		pieces = min(max((pieces+arriving*seconds/u.stages)/2, 1), u.full)
		seconds = u.prefillSeconds(pieces)
	}
	p.prefill = arriving / u.full * whole
	queue, queueVar, full := queued(arriving, u.full, whole, t.promptVar)
	if full || p.prefill > mostPrefill {
		p.failed = overload
		return p
	}
	share := min(arriving/pieces*seconds/u.stages, 1)
	residual := share * seconds / 2 * (1 + t.promptVar)
	own := u.pieces * seconds
	mean := residual + queue + own
	variance := max(share*seconds*seconds/3*math.Pow(1+t.promptVar, 3)-residual*residual, 0) + queueVar + t.promptVar*square(own)
	p.ttft = u.timing.RequestSeconds() + transfer + mean
	p.ttftPct = u.timing.RequestSeconds() + transfer + t.quantile(mean, variance)
	p.inside = rate * (mean + transfer)
	if p.inside > u.seats {
		p.failed = noMemory
	} else if p.ttftPct > t.ttft {
		p.failed = tooLate
	}
	return p
}
