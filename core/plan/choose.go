package plan

import (
	"math"
	"slices"

	"moecost/core/serving"
)

// choice is a deployment: copies of one unit, or of one that decodes and one that prefills.
type choice struct {
	main, prefill   *solved // prefill is nil where both run together
	copies, feeding int
	at, feed        point // of one copy under its share of the traffic
	dollars         float64
}

func (c *choice) gpus() int {
	n := c.copies * c.main.shape.layout.GPUs
	if c.prefill != nil {
		n += c.feeding * c.prefill.shape.layout.GPUs
	}
	return n
}

// before orders choices: the cheapest first; of equally dear ones the one with the shorter TPOT, then that of fewer
// GPUs in a copy.
func (c *choice) before(d *choice) bool {
	switch {
	case math.Abs(c.dollars-d.dollars) > 1e-9*c.dollars:
		return c.dollars < d.dollars
	case c.at.tpotPct != d.at.tpotPct:
		return c.at.tpotPct < d.at.tpotPct
	}
	return c.main.shape.layout.GPUs < d.main.shape.layout.GPUs
}

// demand is the whole traffic in what solved.serves counts.
func (s *Search) demand(m mode, rate float64) float64 {
	switch {
	case m == modePrefill:
		return rate
	case s.t.rate > 0:
		return s.t.rate
	}
	return s.t.users
}

// mostGPUs bounds a whole deployment: sixteen times the largest copy that a link can name.
const mostGPUs = 16 * serving.MaxGPUs

// copiesOf is how many copies of a solved shape the demand takes; 0 if more than a deployment may have.
func (s *Search) copiesOf(v *solved, demand float64) int {
	n := math.Ceil(demand/v.serves(&s.t) - 1e-9)
	if !(n*float64(v.shape.layout.GPUs) <= mostGPUs) {
		return 0
	}
	return max(int(n), 1)
}

// place finds the copies of a solved shape that serve the demand, and what each does then. A few more than
// needed at the best load are tried, because waits do not always shrink with the load.
func (s *Search) place(v *solved, demand float64) (point, int, bool) {
	n := s.copiesOf(v, demand)
	if n == 0 {
		return point{}, 0, false
	}
	u, ok := s.unitOf(v)
	if !ok {
		return point{}, 0, false
	}
	t := s.t // with the bias of the shape
	defer func() { s.t = t }()
	s.t = v.bias.apply(t)
	for more := range 3 {
		p := s.load(&u, v.mode, demand/float64(n+more))
		if p.failed == none {
			return p, n + more, true
		}
	}
	return point{}, 0, false
}

// apply makes objectives stricter by what a simulation found over the closed form.
func (b bias) apply(t traffic) traffic {
	if b.tpot > 0 {
		t.tpot /= b.tpot
	}
	if b.ttft > 0 {
		t.ttft /= b.ttft
	}
	return t
}

// cheapest is the best choice of each family, the best of all first.
func (s *Search) cheapest() []choice {
	defer func(tried int) { s.tried = tried }(s.tried) // to look at the same again is not to try more
	var all []choice
	for _, c := range s.candidates {
		for st := range styleCount {
			if best, ok := s.best(family{c, st}); ok {
				all = append(all, best)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b choice) int {
		if a.before(&b) {
			return -1
		}
		return 1
	})
	return all
}

// best is the cheapest choice of a family.
func (s *Search) best(f family) (choice, bool) {
	if f.style != split {
		return s.pick(s.of(f.of, modeTogether, f.style, nil), s.demand(modeTogether, 0))
	}
	var best choice
	for _, drafted := range []bool{false, true} {
		c, ok := s.pick(s.of(f.of, modeDecode, split, &drafted), s.demand(modeDecode, 0))
		if !ok {
			continue
		}
		d, ok := s.pick(s.of(f.of, modePrefill, split, &drafted), s.feedRate(&c))
		if !ok {
			continue
		}
		c.prefill, c.feed, c.feeding = d.main, d.at, d.copies
		c.dollars += d.dollars
		if c.gpus() > mostGPUs {
			continue
		}
		if best.main == nil || c.before(&best) {
			best = c
		}
	}
	return best, best.main != nil
}

// of lists the solved shapes of a family.
func (s *Search) of(c *candidate, m mode, st style, drafted *bool) []*solved {
	var all []*solved
	for i := range s.solved {
		v := &s.solved[i]
		if !v.dead && v.shape.of == c && v.mode == m && v.shape.style(m) == st && (drafted == nil || *drafted == (v.drafts > 0)) {
			all = append(all, v)
		}
	}
	return all
}

// pick finds the cheapest of the solved shapes for a demand, exactly: in the order of what they cost at
// the least, until that is more than what has been found.
func (s *Search) pick(from []*solved, demand float64) (choice, bool) {
	type bound struct {
		v       *solved
		dollars float64
	}
	var order []bound
	for _, v := range from {
		if n := s.copiesOf(v, demand); n > 0 {
			order = append(order, bound{v, float64(n) * v.shape.dollars()})
		}
	}
	slices.SortStableFunc(order, func(a, b bound) int { return sign(a.dollars - b.dollars) })
	var best choice
	placed := 0
	for _, b := range order {
		if best.main != nil && (b.dollars > best.dollars*(1+1e-9) || placed >= mostPlaced) {
			break
		}
		p, n, ok := s.place(b.v, demand)
		if !ok {
			continue
		}
		placed++
		c := choice{main: b.v, copies: n, at: p, dollars: float64(n) * b.v.shape.dollars()}
		if best.main == nil || c.before(&best) {
			best = c
		}
	}
	return best, best.main != nil
}

// mostPlaced bounds how many equally cheap shapes are compared.
const mostPlaced = 24

// feedRate is the requests per second whose prompts a choice that decodes needs.
func (s *Search) feedRate(c *choice) float64 {
	if s.t.rate > 0 {
		return s.t.rate
	}
	return c.at.rate * float64(c.copies) // users that decode, one request after the other
}
