package plan

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
	cut := pieces(t.fresh, float64(u.load.Chunk))
	most := u.mostPrompts(t)
	p := point{rate: rate}
	whole := u.prefillSeconds(t, most) / u.stages
	prompts := 1.0
	seconds := u.prefillSeconds(t, prompts)
	for range 4 {
		prompts = min(max(rate*cut*seconds/u.stages, 1), most)
		seconds = u.prefillSeconds(t, prompts)
	}
	p.prefill = rate * cut / most * whole
	queue, queueVar, full := queued(rate*cut, most, whole, t.promptVar)
	if full || p.prefill > mostPrefill {
		p.failed = overload
		return p
	}
	residual := min(rate*cut/prompts*seconds/u.stages, 1) * seconds / 2
	own := cut * seconds
	mean := residual + queue + own
	variance := residual*seconds/6 + queueVar + t.promptVar*square(own)
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
