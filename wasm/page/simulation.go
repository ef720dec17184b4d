//go:build js && wasm

package main

import (
	"strconv"
	"syscall/js"
	"time"

	"moecost/core/arch"
	"moecost/core/report"
	"moecost/core/routing"
	"moecost/core/scenario"
	"moecost/core/story"
	"moecost/core/tail"
)

// showAfter is how long a run may take before its progress is shown.
const showAfter = 300 * time.Millisecond

// simulation keeps the simulated figures up with the scenario. It runs when one of them is near the
// screen and the scenario has rested; until there is a result they keep what the last one drew, and say so.
type simulation struct {
	planner *planner
	ask     int    // the run under way
	rest    *timer // from the last change to the run
	late    *timer // from the begin of a run until its progress is shown
	near    bool   // somebody is there to see it

	of     runKey // what the report wants simulated
	run    story.Run
	newest *tail.Result // of this; nil until there is one
	known  []knownRun   // the newest first
	last   answered     // the last report that has a result
	next   float64      // when another result may be drawn, by the browser's clock
}

// answered is a report and what it answers.
type answered struct {
	report *report.Report
	to     report.Question
}

// runKey is what a simulation depends on.
type runKey struct {
	query   string
	reading *arch.Reading
	counts  *routing.Counts
}

// knownRun is a finished run, kept so that a slider that comes back need not repeat it.
type knownRun struct {
	of     runKey
	result *tail.Result
}

// mostKnown is how many finished runs are kept.
const mostKnown = 8

// keyOf leaves out what changes words and marks and nothing that is simulated.
func keyOf(q report.Question) runKey {
	ask, usual := q.Scenario, scenario.Default()
	ask.Units, ask.Points, ask.Unknown = usual.Units, usual.Points, ""
	ask.Price, ask.TTFT, ask.TPOT, ask.Pct = usual.Price, usual.TTFT, usual.TPOT, usual.Pct
	return runKey{scenario.Encode(ask), q.Reading, q.Counts}
}

// follow gives a new report the result of its simulation, if there is one; else the run begins when the scenario has rested.
func (s *simulation) follow(q report.Question, r *report.Report) {
	if !r.Simulable() {
		s.drop(runKey{}, story.RunNone)
		return
	}
	if key := keyOf(q); key != s.of || s.run.State == story.RunNone {
		s.drop(key, story.RunWaiting)
		for _, k := range s.known {
			if k.of == key {
				s.run.State, s.newest = story.RunDone, k.result
			}
		}
		if s.newest == nil {
			s.rest.restart()
		}
	}
	if s.newest != nil {
		r.Simulated(*s.newest)
		s.last = answered{r, q}
	}
}

// drop ends the run under way, for another one.
func (s *simulation) drop(next runKey, state story.RunState) {
	s.planner.stop(s.ask)
	s.rest.stop()
	s.late.stop()
	s.of, s.run, s.newest = next, story.Run{State: state}, nil
}

// simulate begins the run that the report wants.
func (p *page) simulate() {
	s := &p.simulation
	s.run = story.Run{State: story.RunUnder}
	s.late.restart()
	message := p.about(report.Question{Reading: s.of.reading, Counts: s.of.counts})
	message["query"] = s.of.query
	s.ask = s.planner.ask("simulate", message, func(done, total int, text string) {
		result, err := tail.DecodeResult([]byte(text))
		if err != nil {
			s.planner.stop(s.ask)
			p.notSimulated(err.Error())
			return
		}
		p.simulated(done, total, &result)
	}, p.notSimulated)
	p.paintRuns()
}

func (p *page) notSimulated(reason string) {
	s := &p.simulation
	s.late.stop()
	s.run.State, s.run.Reason = story.RunFailed, reason
	p.paintRuns()
}

// simulated takes the newest result of the run under way.
func (p *page) simulated(done, total int, result *tail.Result) {
	s := &p.simulation
	s.newest, s.run.Done, s.run.Total = result, done, total
	if done >= total {
		s.late.stop()
		s.run.State = story.RunDone
		s.known = append([]knownRun{{s.of, result}}, s.known[:min(len(s.known), mostKnown-1)]...)
		p.said.rest()
	}
	if p.painter.waiting {
		return // the scenario has changed
	}
	from := now()
	if done < total && from < s.next {
		p.paintRuns()
		return
	}
	p.report.Simulated(*result)
	s.last = answered{p.report, p.answers}
	section := story.Refine(&p.story, p.ask, p.report)
	delete(p.sight.unsaid, section.ID)
	p.paintNotices()
	p.paintFinding(section)
	p.paintSection(section)
	p.popover.paint(p)
	s.next = from + drawShare*(now()-from)
}

// drawShare is how many times the drawing of a result must fit into the pause to the next: a slow
// machine draws fewer.
const drawShare = 5

// listenToSimulation takes the run that the build made of the default scenario, and learns when a figure comes near.
func (p *page) listenToSimulation() {
	s := &p.simulation
	s.planner = &p.planner
	s.rest = newTimer(rest, func() {
		if s.near {
			p.simulate()
		}
	})
	s.late = newTimer(showAfter, func() {
		s.run.Shown = true
		p.paintRuns()
	})
	if at := first("[data-simulated]"); !at.IsNull() {
		if result, err := tail.DecodeResult([]byte(data(at, "simulated"))); err == nil {
			ask, _ := p.catalogue.Decode(data(at, "of"))
			s.known = []knownRun{{keyOf(report.Question{Scenario: ask}), &result}}
		}
	}
	p.verb("cancel-run", func(button js.Value) {
		if p.inPlan(button) {
			p.stopPlan(story.RunStopped)
			p.paintPlanRuns()
			return
		}
		s.planner.stop(s.ask)
		s.late.stop()
		s.run.State = story.RunStopped
		p.paintRuns()
	})
	p.verb("run-again", func(button js.Value) {
		if p.inPlan(button) {
			p.findPlan()
			return
		}
		p.simulate()
	})
	p.watchSimulation()
}

// watchSimulation learns when a figure that is simulated is near the screen.
func (p *page) watchSimulation() {
	s, seen := &p.simulation, map[string]bool{}
	call := js.FuncOf(func(_ js.Value, arguments []js.Value) any {
		guard(func() {
			for i := range arguments[0].Length() {
				entry := arguments[0].Index(i)
				seen[data(entry.Get("target"), "run")] = entry.Get("isIntersecting").Bool()
			}
			s.near = false
			for _, yes := range seen {
				s.near = s.near || yes
			}
			if s.near && s.run.State == story.RunWaiting {
				s.rest.restart()
			}
		})
		return nil
	})
	observer := js.Global().Get("IntersectionObserver").New(call, map[string]any{"rootMargin": "600px"})
	for _, at := range all("[data-run]") {
		observer.Call("observe", at)
	}
}

// runLine is the place of a figure that says how its simulation goes.
type runLine struct {
	at, bar, stop, again js.Value // null for a figure that is not simulated
}

func findRunLine(figure js.Value) runLine {
	in := func(selector string) js.Value { return figure.Call("querySelector", selector) }
	return runLine{in("[data-run]"), in("[data-run] progress"), in(`[data-verb="cancel-run"]`), in(`[data-verb="run-again"]`)}
}

// paintRuns writes how the simulation goes into the figures that show it.
func (p *page) paintRuns() {
	for _, f := range p.frames {
		if f.run == &p.simulation.run {
			p.paintRun(f)
		}
	}
}

func (p *page) paintRun(f *frame) {
	if f.line.at.IsNull() {
		return
	}
	run := f.run
	busy := run.State == story.RunWaiting || run.State == story.RunUnder
	element(f.line.at).SetAttribute("data-busy", strconv.FormatBool(busy))
	under := run.State == story.RunUnder && run.Shown
	p.show(f.name+".run", linkTo(p.to).sentence(run.Line(f.now, f.previous)))
	hidden(f.line.bar, !under)
	if under {
		f.line.bar.Set("max", max(run.Total, 1))
		f.line.bar.Set("value", run.Done)
	}
	// Whoever pressed a button that goes is left at the one that comes, or at the drawing or table.
	active := document.Get("activeElement")
	stop, again := under, run.State == story.RunStopped || run.State == story.RunFailed
	hidden(f.line.stop, !stop)
	hidden(f.line.again, !again)
	if active.Equal(f.line.stop) && !stop || active.Equal(f.line.again) && !again {
		to := f.plot
		if to.IsNull() {
			to = f.box
		}
		switch {
		case stop:
			to = f.line.stop
		case again:
			to = f.line.again
		}
		to.Call("focus", map[string]any{"preventScroll": true})
	}
}
