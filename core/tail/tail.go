// Package tail simulates decode steps and requests: what their medians and their
// P99 are, and which cause the difference comes from.
//
// A step waits for its slowest part at every barrier: the attention replica with the
// longest contexts, and in every MoE layer the rank that reads or multiplies most. Skewed routing
// therefore moves the median; its sampling noise averages out over the layers, as the inverse
// root of their number, and leaves a P99 within one or two per cent of it. What makes a tail is
// what a whole step has in common: a mix of domains that shifts popularity in every layer at once,
// prompts of others that stop decoding, experts that are moved, replicas with longer contexts. Each of
// these causes can be left out.
//
// The work is done twice, to be fast. Decode steps are drawn layer by layer and expert by
// expert, which gives the time of the routed experts over what the expected counts give; then a
// timeline of many more steps, in which requests come, wait, prefill, decode and leave, takes its
// routed experts from that distribution. Every cause has its own seeded stream, and the time of a
// step without a cause is taken of the same step, so that the difference is the cause's alone.
//
// Not modelled: replicas that fall out of step, GPUs whose speed changes, the
// network's own jitter, prefixes that are cached to different shares, preemption, and prefill GPUs that are fewer than the decoding ones.
package tail

import (
	"fmt"

	"moecost/core/serving"
)

// Case is what is simulated. Timing and a Load with a batch and an output are needed;
// the zero value of everything else leaves a cause out or takes the usual.
type Case struct {
	Timing  *serving.Timing
	Load    serving.Load
	PerStep float64 // tokens that a step makes of one sequence, at least 1; above 1 where drafts are accepted

	Domain float64 // lognormal sigma by which the mix of domains moves popularity, common to the layers of a step
	Speed  float64 // sigma of the GPUs' speeds, as a share: 0.02
	Moves  Moves

	Rate      float64 // requests per second; 0: a closed loop of Load.Batch users. With a rate Load.Batch is the most that run at once
	Benchmark bool    // all users of a closed loop start at once, and Requests are simulated from the first to the last; else as if it had run for long
	Requests  int     // of a benchmark; 0: ten for every user
	Lengths   float64 // prompts and outputs are uniform within this share of their mean on either side
	PromptCV  float64 // standard deviation of prompts over their mean, lognormal; 0: Lengths
	OutputCV  float64 // and of outputs
	Cached    float64 // share of a prompt whose cache is there already: it is attended to and not prefilled. 1 with prefill apart: prompts come prefilled, and decode at once
	Running   float64 // sequences that decode at the beginning, with a rate; 0: estimated
	Admitted  int64   // sequences that memory holds over the deployment; 0: all
	InTurn    bool    // requests go to the attention replicas in turn; else to the one with the fewest

	Without Causes
	Seed    uint64
	Drawn   int // decode steps that are drawn expert by expert; 0: 600
	Steps   int // of the timeline, at most; 0: 20,000 to 60,000

	Sweep []Point // further cases of which only the percentiles of a step are wanted
}

// Moves are the weights that online rebalancing moves.
type Moves struct {
	Interval int     // decode steps between two rebalancings; 0: none
	Seconds  float64 // that one of them holds decoding up for
	Steps    int     // over so many steps, the layers moving one after another; 0 or 1: all at once
}

// Point is one case of a sweep over skew and expert parallelism.
type Point struct {
	Skew float64
	EP   int
	Case func() Case // made when its turn comes: to time a deployment takes a while
}

// usualDrawn is the decode steps that are drawn where the case does not say.
const usualDrawn = 600

// Simulation is a case being simulated. Its results depend on the case alone, not
// on how Advance is sliced.
type Simulation struct {
	c       Case
	stack   *stack
	line    *timeline
	pool    []excess // of the drawn steps
	drawn   int
	perDraw int // timeline steps for every drawn one
	stepped int // timeline steps done

	sweep []SweepPoint
	cell  *Simulation // of the sweep, under way
	cells int         // of the sweep, done
}

// New prepares a simulation. It fails for a case without a load, or with figures that
// are no numbers.
func New(c Case) (*Simulation, error) {
	if c.Timing == nil || c.Load.Batch < 1 || c.Load.Output < 1 {
		return nil, fmt.Errorf("tail: case: a timing, a batch and an output of at least 1 are needed: got batch %d, output %d", c.Load.Batch, c.Load.Output)
	}
	for _, f := range [...]struct {
		name      string
		value, to float64
	}{{"domain", c.Domain, 4}, {"speed", c.Speed, 0.5}, {"lengths", c.Lengths, 1}, {"prompt cv", c.PromptCV, 4}, {"output cv", c.OutputCV, 4}, {"cached", c.Cached, 1}, {"running", c.Running, 1e9}, {"rate", c.Rate, 1e9}, {"stall", c.Moves.Seconds, 1e6}} {
		if !(f.value >= 0 && f.value <= f.to) {
			return nil, fmt.Errorf("tail: %s: %v: must be from 0 to %v", f.name, f.value, f.to)
		}
	}
	c.PerStep = max(c.PerStep, 1)
	if c.Drawn <= 0 {
		c.Drawn = usualDrawn
	}
	s := &Simulation{c: c}
	s.stack = newStack(&s.c)
	s.line = newTimeline(&s.c, s.stack)
	s.perDraw = (s.line.planned + c.Drawn - 1) / c.Drawn
	return s, nil
}

// head is the steps that are drawn before the timeline begins, so that its first
// steps have some to choose from.
const head = 20

// Advance does so many units of work, each a drawn step and its share of the
// timeline. It returns when the simulation is done.
func (s *Simulation) Advance(units int) {
	for ; units > 0; units-- {
		switch done, total := s.Done(); {
		case done >= total:
			return
		case s.drawn < s.c.Drawn:
			s.unit()
		default:
			s.sweepUnit()
		}
	}
}

func (s *Simulation) unit() {
	if len(s.stack.layers) > 0 {
		s.pool = append(s.pool, s.stack.draw(s.drawn))
	}
	s.drawn++
	if s.drawn < min(head, s.c.Drawn) {
		return
	}
	// What the head owes is caught up with over some units, so that none of them takes long.
	n := min(s.drawn*s.perDraw-s.stepped, 2*s.perDraw)
	if s.drawn == s.c.Drawn {
		n = s.drawn*s.perDraw - s.stepped
	}
	for range n {
		s.line.step(s.pool)
	}
	s.stepped += n
	if s.drawn == s.c.Drawn {
		s.line.finish(s.pool)
	}
}

// The steps of a sweep's point.
const (
	sweepDrawn   = 60
	sweepPlanned = 3000
)

func (s *Simulation) sweepUnit() {
	p := &s.c.Sweep[s.cells]
	if s.cell == nil {
		c := p.Case()
		c.Drawn, c.Sweep = sweepDrawn, nil
		cell, err := New(c)
		if err != nil { // a point that cannot be simulated is left out
			s.cells++
			return
		}
		cell.line.planned, cell.perDraw = sweepPlanned, sweepPlanned/sweepDrawn
		s.cell = cell
	}
	s.cell.unit()
	if s.cell.drawn == sweepDrawn {
		r := s.cell.Result()
		s.sweep = append(s.sweep, SweepPoint{Skew: p.Skew, EP: p.EP, P50: r.Step.P50.Value, P99: r.Step.P99.Value})
		s.cell, s.cells = nil, s.cells+1
	}
}

// Done says how many units of work are done, and of how many.
func (s *Simulation) Done() (done, total int) {
	total = s.c.Drawn + sweepDrawn*len(s.c.Sweep)
	done = s.drawn + sweepDrawn*s.cells
	if s.cell != nil {
		done += s.cell.drawn
	}
	return done, total
}
