// Package sweep says which measurements would make a prediction surest: the few benchmark runs on a
// deployment after which its ranges have shrunk the most.
//
// The error of a prediction, as a logarithm, has two parts. One is the configuration's: all loads of one class of
// predictions share it, and one measurement takes it away. The other is each load's own, and only a measurement of
// that very load does. Both are known from published measurements (core/serving, ranges.go): the range of a class is both
// together, its range inside a configuration the second alone. So after n measurements of other loads of the class,
//
//	left² = own² + shared² / (1 + n shared²/own²)
//
// and after one of the load itself what repeated runs differ by. Classes are taken to be independent. Plan
// adds one run after another, each time the one that shrinks the sum of all widths the most.
package sweep

import (
	"math"

	"moecost/core/report"
	"moecost/core/scenario"
	"moecost/core/serving"
)

// Kind is what a run is for.
type Kind int

// The kinds of run.
const (
	Own     Kind = iota // the scenario's own load
	One                 // one user
	Prompts             // prompts alone, with one output token each
	Fullest             // as many users as fit
	Quarter             // a quarter of the users
	Longer              // prompts twice as long
)

// Run is one benchmark run.
type Run struct {
	Kind    Kind
	Users   int64 // requests at once
	In, Out int64 // tokens
	Pins    []Pin // what becomes surer, most first
}

// Pin is one prediction, and the factor between the ends of its 80 % range before and after the run.
type Pin struct {
	Figure        string // id in the report of the load
	Users, In     int64  // load
	Value         float64
	Before, After float64
	Measured      bool // the run measures it; else it shares an error with what the run measures
}

// Most is how many runs Plan gives.
const Most = 5

// repeats is the factor between the ends of the range in which a run of some hundred requests comes out again: taken, not
// fitted. Nothing that Plan chooses hangs on it, as it is the same for every run.
const repeats = 1.05

// target is one prediction that should be sure.
type target struct {
	figure    string
	users, in int64
	class     serving.Class
	value     float64
	measured  bool
}

// candidate is a run that could be made, with the targets that it measures.
type candidate struct {
	run      Run
	measures []int
	classes  map[serving.Class]bool
}

// Plan gives the runs in the order in which they pay, at most Most. Nil if nothing is predicted:
// the deployment does not fit, or its times are a bound.
func Plan(q report.Question, r *report.Report) []Run {
	if r.Decode == nil || r.Prefill == nil || r.Decode.TPOT == 0 {
		return nil
	}
	p := planner{q: pinned(q, r), seen: map[serving.Class]int{}}
	s := &r.Scenario
	p.add(Own, s.Batch, s.In, s.Out, r, "decode.tpot_s", "prefill.ttft_loaded_s")
	p.try(One, 1, s.In, s.Out, "decode.tpot_s", "prefill.ttft_s")
	p.try(Prompts, s.Batch, s.In, 1, "prefill.tokens_per_s")
	if fullest := min(r.Memory.MaxBatch, 4096); fullest >= 2*s.Batch {
		p.try(Fullest, fullest, s.In, s.Out, "decode.tpot_s", "prefill.ttft_loaded_s")
	}
	if s.Batch >= 8 {
		p.try(Quarter, s.Batch/4, s.In, s.Out, "decode.tpot_s", "prefill.ttft_loaded_s")
	}
	p.try(Longer, s.Batch, 2*s.In, s.Out, "decode.tpot_s", "prefill.ttft_loaded_s")
	if s.MeasuredTPOT > 0 {
		p.know(0)
	}
	if s.MeasuredTTFT > 0 && len(p.targets) > 1 {
		p.know(1)
	}
	return p.choose()
}

// pinned is the question with everything that the report chose written into it.
func pinned(q report.Question, r *report.Report) report.Question {
	s := &r.Scenario
	q.Scenario.GPUs, q.Scenario.TP, q.Scenario.PP, q.Scenario.EP, q.Scenario.DP = s.GPUs, s.TP, s.PP, s.EP, s.DP
	q.Scenario.MeasuredTPOT, q.Scenario.MeasuredTTFT, q.Problems = 0, 0, nil
	return q
}

type planner struct {
	q          report.Question
	targets    []target
	candidates []candidate
	seen       map[serving.Class]int // measurements of a class so far
}

// try adds a run if the deployment can bear it.
func (p *planner) try(kind Kind, users, in, out int64, figures ...string) {
	q := p.q
	q.Scenario.Batch, q.Scenario.In, q.Scenario.Out = int(users), int(in), int(out)
	if in+out > scenario.MaxTokens {
		return
	}
	r, err := report.Build(q)
	if err != nil || r.Decode == nil || r.Decode.TPOT == 0 && out > 1 || !r.Memory.Fits {
		return
	}
	p.add(kind, users, in, out, r, figures...)
}

func (p *planner) add(kind Kind, users, in, out int64, r *report.Report, figures ...string) {
	c := candidate{run: Run{Kind: kind, Users: users, In: in, Out: out}, classes: map[serving.Class]bool{}}
	for _, id := range figures {
		f, ok := r.Figure(id)
		class, predicted := r.Class(id)
		if !ok || !predicted || f.Value == 0 {
			continue
		}
		c.measures = append(c.measures, len(p.targets))
		c.classes[class] = true
		p.targets = append(p.targets, target{figure: id, users: users, in: in, class: class, value: f.Value})
	}
	if len(c.measures) > 0 {
		p.candidates = append(p.candidates, c)
	}
}

// know takes a target as measured.
func (p *planner) know(i int) {
	p.targets[i].measured = true
	p.seen[p.targets[i].class]++
}

// width is the logarithm of the factor between the ends of a target's range, with n measurements of its class.
func width(class serving.Class, n int, measured bool) float64 {
	if measured {
		return math.Log(repeats)
	}
	r := serving.RangeOf(class)
	all, own := math.Log(r.High/r.Low), inside(r)
	shared := max(all*all-own*own, 0)
	return math.Sqrt(own*own + shared/(1+float64(n)*shared/(own*own)))
}

// inside is the width inside a configuration; that of the class where nothing is known of it.
func inside(r serving.Range) float64 {
	if r.NearbyLow <= 0 || r.NearbyHigh <= r.NearbyLow {
		return math.Log(r.High / r.Low)
	}
	return math.Log(r.NearbyHigh / r.NearbyLow)
}

// choose adds runs greedily.
func (p *planner) choose() (runs []Run) {
	left := p.candidates
	for len(runs) < Most && len(left) > 0 {
		best, gain := -1, 0.0
		for i := range left {
			if g := p.gain(&left[i]); g > gain+1e-12 {
				best, gain = i, g
			}
		}
		if best < 0 {
			break
		}
		runs = append(runs, p.take(&left[best]))
		left = append(left[:best:best], left[best+1:]...)
	}
	return runs
}

// after is a target's width before a run and after it.
func (p *planner) after(c *candidate, i int) (before, after float64) {
	t := &p.targets[i]
	before = width(t.class, p.seen[t.class], t.measured)
	measured, n := t.measured, p.seen[t.class]
	for _, m := range c.measures {
		measured = measured || m == i
	}
	if c.classes[t.class] {
		n++
	}
	return before, width(t.class, n, measured)
}

func (p *planner) gain(c *candidate) (sum float64) {
	for i := range p.targets {
		before, after := p.after(c, i)
		sum += before - after
	}
	return sum
}

// take makes a run and tells what became surer: what it measures first, then what shares an error with that.
func (p *planner) take(c *candidate) Run {
	run := c.run
	var others []Pin
	for i := range p.targets {
		t := &p.targets[i]
		before, after := p.after(c, i)
		if before-after < 0.01 {
			continue
		}
		pin := Pin{Figure: t.figure, Users: t.users, In: t.in, Value: t.value, Before: math.Exp(before), After: math.Exp(after)}
		for _, m := range c.measures {
			pin.Measured = pin.Measured || m == i
		}
		if pin.Measured {
			run.Pins = append(run.Pins, pin)
		} else {
			others = append(others, pin)
		}
	}
	run.Pins = append(run.Pins, others...)
	for _, m := range c.measures {
		if !p.targets[m].measured {
			p.targets[m].measured = true
		}
	}
	for class := range c.classes {
		p.seen[class]++
	}
	return run
}
