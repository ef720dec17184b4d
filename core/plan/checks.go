package plan

import (
	"math"

	"moecost/core/tail"
)

// checks are the simulations that confirm finalists.
type checks struct {
	done  bool
	units int // of work done
	runs  int // simulations done

	first   []choice // the best of each family, to learn how far off the closed form is there
	learned bool
	now     *check
	passed  map[*solved]verdict
	bound   float64 // cheapest by the closed form, before any simulation
}

// check is one finalist being simulated.
type check struct {
	of  choice
	sim *tail.Simulation
}

// verdict is what a simulation found of a choice.
type verdict struct {
	copies, feeding  int
	prefill          *solved
	tpot, ttft       float64 // at the percentile
	tpotMean, ttMean float64
	ok               bool
	closed           bool // nothing was simulated
}

const (
	mostChecks = 16  // simulations in all
	families   = 6   // whose best is simulated
	dear       = 1.5 // times the cheapest, beyond which a family is not looked at again
	perCheck   = 10  // units of work of one simulation
)

// check does one unit of confirming.
func (s *Search) check() {
	c := &s.checks
	c.units++
	if c.passed == nil {
		c.passed = map[*solved]verdict{}
		c.first = s.cheapest()
		if len(c.first) > 0 {
			c.bound = c.first[0].dollars
		}
		for i := range c.first {
			if i >= families || c.first[i].dollars > dear*c.first[0].dollars {
				c.first = c.first[:i]
				break
			}
		}
	}
	if c.now != nil {
		s.goOn()
		return
	}
	switch {
	case c.runs >= mostChecks:
		c.done = true
	case len(c.first) > 0:
		s.begin(c.first[0])
		c.first = c.first[1:]
	case !c.learned:
		s.learn()
		c.learned = true
	default:
		all := s.cheapest()
		if len(all) == 0 {
			c.done = true
			return
		}
		if v, known := s.verdictOf(&all[0]); known && v.ok {
			c.done = true
			return
		}
		s.begin(all[0])
	}
}

// verdictOf is what a simulation found of this very choice; false if it was not simulated, or with other copies.
func (s *Search) verdictOf(c *choice) (verdict, bool) {
	v, known := s.checks.passed[c.main]
	return v, known && v.copies == c.copies && v.feeding == c.feeding && v.prefill == c.prefill
}

func (s *Search) begin(of choice) {
	sim, err := s.simulation(of.main, &of.at)
	if err != nil { // nothing to simulate: the plan stays the closed form's, and says so
		s.checks.passed[of.main] = verdict{copies: of.copies, feeding: of.feeding, prefill: of.prefill, ok: true, closed: true}
		s.checks.runs++
		return
	}
	s.checks.now = &check{of, sim}
}

// goOn simulates a slice, and judges at the end.
func (s *Search) goOn() {
	k := s.checks.now
	done, total := k.sim.Done()
	if done < total {
		k.sim.Advance((total + perCheck - 1) / perCheck)
		return
	}
	s.judge(&k.of, k.sim.Result())
	s.checks.now = nil
	s.checks.runs++
}

// overloaded stands for the bias of a deployment that is never stable under its load.
const overloaded = 1.5

// judge compares a simulation with objectives and closed form. A unit that fails is solved again with the
// objectives stricter by what the simulation found over the closed form.
func (s *Search) judge(c *choice, r tail.Result) {
	v := verdict{copies: c.copies, feeding: c.feeding, prefill: c.prefill}
	v.tpot, v.tpotMean = r.TPOT.At(s.t.pct), r.TPOT.Mean
	v.ttft, v.ttMean = r.TTFT.At(s.t.pct), r.TTFT.Mean
	stable := !r.Overload && r.Requests > 0
	if c.prefill != nil {
		s.judgePool(c, &v)
	} else if stable {
		c.main.bias.ttft = over(v.ttft, c.at.ttftPct)
	} else {
		c.main.bias.ttft = max(c.main.bias.ttft, 1) * overloaded
	}
	if stable {
		c.main.bias.tpot = over(v.tpot, c.at.tpotPct)
	} else {
		c.main.bias.tpot = max(c.main.bias.tpot, 1) * overloaded
	}
	v.ok = stable && v.tpot <= s.t.tpot && v.ttft <= s.t.ttft
	s.checks.passed[c.main] = v
	if !v.ok || !s.checks.learned {
		s.again(c.main)
		if c.prefill != nil {
			s.again(c.prefill)
		}
	}
}

// over is what was simulated over what the closed form says; 1 where there is nothing to compare.
func over(simulated, closed float64) float64 {
	if simulated > 0 && closed > 0 {
		return simulated / closed
	}
	return 1
}

// judgePool simulates the pool that prefills.
func (s *Search) judgePool(c *choice, v *verdict) {
	u, _ := s.unitOf(c.prefill)
	transfer := u.transfer(&s.t)
	mean, pct, ok := u.simulatePool(&s.t, c.feed.rate, uint64(s.q.Scenario.Seed))
	if !ok {
		c.prefill.bias.ttft = max(c.prefill.bias.ttft, 1) * overloaded
		v.ttft = math.Inf(1)
		return
	}
	v.ttft, v.ttMean = pct+transfer, mean+transfer
	c.prefill.bias.ttft = over(v.ttft, c.feed.ttftPct)
}

// again finds the greatest load of a unit anew, under its bias.
func (s *Search) again(v *solved) {
	u, ok := s.unitOf(v)
	if !ok {
		return
	}
	t := s.t
	s.t = v.bias.apply(t)
	s.quiet = true
	if v.mode == modePrefill {
		v.most, ok = s.fillPrefill(&u)
	} else {
		v.most, ok = s.fill(&u, v.mode)
	}
	s.quiet = false
	s.t = t
	v.dead = !ok
}

// kind is the deployments that share a bias.
type kind struct {
	gpu, weights, kv string
	style            style
	mode             mode
}

func (v *solved) kind() kind {
	c := v.shape.of
	return kind{c.gpu.ID, c.weights, c.kvID, v.shape.style(v.mode), v.mode}
}

// learned is the bias of every kind that was simulated: of the one simulated last of the cheapest choices, else of any.
func (s *Search) learned() map[kind]bias {
	out := map[kind]bias{}
	for i := range s.solved {
		if v := &s.solved[i]; s.checks.passed[v].copies > 0 || v.mode == modePrefill && v.bias != (bias{}) {
			out[v.kind()] = v.bias
		}
	}
	for _, c := range s.cheapest() {
		for _, v := range []*solved{c.main, c.prefill} {
			if v != nil && v.bias != (bias{}) {
				out[v.kind()] = v.bias
			}
		}
	}
	return out
}

// learn gives the solved shapes of each kind that was simulated its bias, where they could still be the plan.
func (s *Search) learn() {
	if s.prior == nil {
		s.prior = s.learned()
	}
	least := math.Inf(1)
	rate := s.t.rate
	for _, c := range s.cheapest() {
		if c.dollars < least {
			least, rate = c.dollars, c.at.rate*float64(c.copies)
		}
	}
	for i := range s.solved {
		v := &s.solved[i]
		b, ok := s.prior[v.kind()]
		if !ok || v.bias != (bias{}) {
			continue
		}
		if n := s.copiesOf(v, s.demand(v.mode, rate)); n == 0 || float64(n)*v.shape.dollars() > dear*least {
			continue
		}
		v.bias = b
		s.again(v)
	}
}
