package plan

import "math"

// mode is what a unit does.
type mode uint8

const (
	modeTogether mode = iota
	modeDecode
	modePrefill
)

// solved is a shape with the chunk and the drafts with which it serves the most within the objectives.
type solved struct {
	shape  *shape
	mode   mode
	chunk  int64
	drafts int64
	most   point // that it serves
	bias   bias
	dead   bool // no load is within the objectives under the bias
}

// bias is what a simulation found over what the closed form says; 0 is not simulated.
type bias struct{ tpot, ttft float64 }

// serves is the demand that a copy serves: requests per second, or users.
func (s *solved) serves(t *traffic) float64 {
	if t.rate > 0 || s.mode == modePrefill {
		return s.most.rate
	}
	return s.most.users
}

// look tries every load, chunk and number of drafts on a shape.
func (s *Search) look(h *shape) {
	timing := s.timing(h, false)
	if timing == nil {
		return
	}
	unit := func(chunk, drafts int64) (unit, bool) {
		return h.unit(&s.t, timing, chunk, drafts, s.q.Scenario.Accept, s.q.Scenario.Speed/100)
	}
	for _, drafts := range s.drafts {
		var both, prefill solved
		for _, chunk := range s.chunks {
			u, ok := unit(chunk, drafts)
			if !ok {
				continue
			}
			if p, ok := s.fill(&u, modeTogether); ok && s.better(&p, &both.most) {
				both = solved{shape: h, mode: modeTogether, chunk: chunk, drafts: drafts, most: p}
			}
			if s.apart(h) && drafts <= 1 { // prompts go through the drafting module once, however many tokens it drafts
				if p, ok := s.fillPrefill(&u); ok && p.rate > prefill.most.rate {
					prefill = solved{shape: h, mode: modePrefill, chunk: chunk, drafts: drafts, most: p}
				}
			}
		}
		s.keep(both)
		s.keep(prefill)
		if u, ok := unit(chunks[0], drafts); ok && s.apart(h) { // decoding needs room for no chunk
			if p, ok := s.fill(&u, modeDecode); ok {
				s.keep(solved{shape: h, mode: modeDecode, chunk: chunks[0], drafts: drafts, most: p})
			}
		}
	}
}

func (s *Search) keep(v solved) {
	if v.shape != nil {
		s.solved = append(s.solved, v)
	}
}

// apart tells whether a shape may be a pool of its own.
func (s *Search) apart(h *shape) bool {
	return h.host == 0 && h.of.runs.apart && h.of.gpu.ScaleOutBytesPerSecond > 0
}

// better compares what two points serve.
func (s *Search) better(p, than *point) bool {
	if s.t.rate > 0 {
		return p.rate > than.rate
	}
	return p.users > than.users
}

// steps per doubling of the load in the first pass over a unit, and halvings of the interval that holds the limit.
const (
	perDoubling = 2
	halvings    = 6
)

// A copy is as good as idle with so few sequences that decode at once on the mean, or where prefill takes so small a share
// of its time: less load makes nothing faster.
const (
	leastRunning = 1.0 / 1024
	idle         = 0.01
)

// fill finds the greatest load within the objectives. The first pass goes over all loads that memory holds,
// because waits do not always grow with the load: replicas hold prompts back until they are enough.
func (s *Search) fill(u *unit, m mode) (point, bool) {
	style := u.shape.style(m)
	best, next := point{}, math.Inf(1)
	ratio := math.Exp2(1 / s.perDoubling)
	for n := 1.0; n <= u.seats; n *= ratio {
		p := s.at(u, m, n)
		s.front(u, m, &p)
		if p.failed == none {
			best, next = p, n*ratio
		} else {
			s.fail(u, style, m, &p)
			if p.failed == overload || p.failed == noMemory {
				break
			}
		}
	}
	// Where prompts are long and outputs short, one sequence that always decodes is much traffic already.
	for n := 0.5; best.running == 0 && m == modeTogether && n >= leastRunning && n <= u.seats; n /= 2 {
		p := s.at(u, m, n)
		s.front(u, m, &p)
		if p.failed == none {
			best, next = p, 2*n
		} else {
			s.fail(u, style, m, &p)
			if p.failed == noMemory || p.failed != overload && p.prefill < idle {
				break
			}
		}
	}
	if best.running == 0 {
		return best, false
	}
	low, high := best.running, min(next, u.seats)
	for range halvings {
		middle := (low + high) / 2
		if p := s.at(u, m, middle); p.failed == none {
			best, low = p, middle
		} else {
			high = middle
		}
	}
	return best, true
}

// at is a unit under a load of running sequences.
func (s *Search) at(u *unit, m mode, running float64) point {
	s.tried++
	if m == modeDecode {
		return u.decoding(&s.t, running)
	}
	return u.together(&s.t, running)
}

// fillPrefill is fill for a unit that only prefills. Waits grow with the rate there.
func (s *Search) fillPrefill(u *unit) (point, bool) {
	transfer := u.transfer(&s.t)
	at := func(rate float64) point {
		s.tried++
		return u.prefilling(&s.t, rate, transfer)
	}
	high := u.full / u.pieces / u.prefillSeconds(u.full) * u.stages
	low, best := 0.0, at(high*1e-3)
	if best.failed != none {
		s.fail(u, split, modePrefill, &best)
		return best, false
	}
	for range 12 {
		middle := (low + high) / 2
		if p := at(middle); p.failed == none {
			best, low = p, middle
		} else {
			high = middle
		}
	}
	return best, true
}

// transfer is the seconds that the cache of a prompt takes from a unit that prefills: each GPU sends its own part of it
// over its own port.
func (u *unit) transfer(t *traffic) float64 {
	c := u.shape.of
	l := u.load
	l.Output = 0
	led := c.footprint.Ledger(&c.gpu, &c.engine, u.shape.layout, l)
	return float64(led.PerSequence) / c.gpu.ScaleOutBytesPerSecond
}

// unitOf is the unit of a solved shape.
func (s *Search) unitOf(v *solved) (unit, bool) {
	return v.shape.unit(&s.t, s.timing(v.shape, v.mode != modeTogether), v.chunk, v.drafts, s.q.Scenario.Accept, s.q.Scenario.Speed/100)
}

// load is the point of a solved shape at the demand of one copy.
func (s *Search) load(u *unit, m mode, demand float64) point {
	if m == modePrefill {
		return u.prefilling(&s.t, demand, u.transfer(&s.t))
	}
	low, high := 0.0, u.seats
	var p point
	for range 40 {
		middle := (low + high) / 2
		p = s.at(u, m, middle)
		got := p.users
		if s.t.rate > 0 {
			got = p.rate
		}
		if p.failed == overload || got > demand {
			high = middle
		} else {
			low = middle
		}
		if high-low < 1e-4*high {
			break
		}
	}
	return p
}
