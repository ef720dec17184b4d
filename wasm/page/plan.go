//go:build js && wasm

package main

import (
	"syscall/js"
	"time"

	"moecost/core/json"
	"moecost/core/report"
	"moecost/core/scenario"
	"moecost/core/story"
)

// planning keeps the section of the plan up with the scenario. A search begins when the section is near the screen and the
// scenario has rested; until it has found something the section keeps what it shows, and says so.
type planning struct {
	at     js.Value // the section; null on a page without one
	frames []*frame
	rest   *timer // from the last change to the search
	late   *timer // from its begin until its progress is shown

	of     runKey // what is to be planned
	asks   report.Question
	run    story.Run
	shown  foundPlan // what the section shows; of the build if it has no ask
	known  []foundPlan
	unsaid bool // shown has not been painted
}

// foundPlan is what a search has found.
type foundPlan struct {
	of   runKey
	ask  int // of the search
	said *story.PlanSaid
}

// mostPlans is how many searches are kept, as many as the planner keeps.
const mostPlans = 8

// planRest is how long the scenario must rest before it is planned for: a search takes some seconds.
const planRest = 600 * time.Millisecond

// planKey is what a plan depends on: not what it looks for.
func planKey(q report.Question) runKey {
	key, usual := q, scenario.Default()
	a := &key.Scenario
	a.GPUs, a.TP, a.PP, a.EP, a.DP, a.Spare = usual.GPUs, usual.TP, usual.PP, usual.EP, usual.DP, usual.Spare
	a.Chunk = usual.Chunk
	if a.Rate > 0 {
		a.Batch = usual.Batch
	}
	a.Units, a.Points, a.Unknown = usual.Units, usual.Points, ""
	return runKey{scenario.Encode(*a), q.Reading, q.Counts}
}

func (p *page) listenToPlan() {
	s := &p.planning
	if s.at = first("section#" + story.PlanID); s.at.IsNull() {
		return
	}
	s.rest = newTimer(planRest, func() {
		if p.sight.near[story.PlanID] {
			p.findPlan()
		}
	})
	s.late = newTimer(showAfter, func() {
		s.run.Shown = true
		p.paintPlanRuns()
	})
	for _, f := range p.frames {
		if s.at.Call("contains", f.figure).Bool() {
			f.run, f.draws = &s.run, p.drawPlan
			if at, ok := p.places[f.name+".run"]; ok {
				f.now.Run = at.host.Get("textContent").String()
			}
			s.frames = append(s.frames, f)
		}
	}
	s.run = story.Run{Of: story.RunSearch}
	if at := first("[data-planned]"); !at.IsNull() {
		ask, _ := p.catalogue.Decode(data(at, "planned"))
		s.shown.of, s.shown.said = planKey(report.Question{Scenario: ask}), &story.PlanSaid{}
		if err := json.Unmarshal([]byte(data(at, "derivations")), &s.shown.said.Derivations); err != nil {
			panic(err)
		}
		s.run.State, s.of = story.RunDone, s.shown.of
	}
}

// followPlan has the section follow a new scenario.
func (p *page) followPlan(q report.Question) {
	s := &p.planning
	if s.at.IsNull() || s.at.IsUndefined() {
		return
	}
	key := planKey(q)
	if s.asks = q; key == s.of && s.run.State != story.RunNone {
		return
	}
	p.stopPlan(story.RunWaiting)
	s.of = key
	if key == s.shown.of {
		s.run.State = story.RunDone
	}
	for _, k := range s.known {
		if k.of == key {
			s.shown, s.unsaid, s.run.State = k, true, story.RunDone
		}
	}
	if s.run.State == story.RunWaiting {
		s.rest.restart()
	}
}

// inPlan tells whether a button stands in the section of the plan.
func (p *page) inPlan(button js.Value) bool {
	return p.planning.at.Truthy() && p.planning.at.Call("contains", button).Bool()
}

// derivation says how a number of the plan that shows comes about.
func (s *planning) derivation(id string) (story.Derivation, bool) {
	if s.shown.said != nil {
		for _, d := range s.shown.said.Derivations {
			if d.ID == id {
				return d, true
			}
		}
	}
	return story.Derivation{}, false
}

// paintPlan writes what is new of the section.
func (p *page) paintPlan() {
	s := &p.planning
	if s.unsaid {
		s.unsaid = false
		p.paintFinding(&s.shown.said.Section)
		p.paintSection(&s.shown.said.Section)
		p.popover.paint(p)
	}
	p.paintPlanRuns()
}

// planComesNear begins the search that waits for somebody to see it.
func (p *page) planComesNear() {
	if s := &p.planning; s.run.State == story.RunWaiting {
		s.rest.restart()
	}
}

func (p *page) stopPlan(state story.RunState) {
	s := &p.planning
	p.planner.stop(s.run.Ask)
	s.rest.stop()
	s.late.stop()
	s.run = story.Run{Of: story.RunSearch, State: state}
}

// findPlan begins the search.
func (p *page) findPlan() {
	s := &p.planning
	s.run = story.Run{Of: story.RunSearch, State: story.RunUnder}
	s.late.restart()
	fail := func(reason string) {
		s.late.stop()
		s.run.State, s.run.Reason = story.RunFailed, reason
		p.paintPlanRuns()
	}
	ask := 0
	ask = p.planner.ask("plan", p.about(s.asks), func(done, total int, text string) {
		said := &story.PlanSaid{}
		if err := json.Unmarshal([]byte(text), said); err != nil {
			p.planner.stop(ask)
			fail(err.Error())
			return
		}
		s.shown, s.unsaid = foundPlan{s.of, ask, said}, true
		s.run.Done, s.run.Total = done, total
		if done >= total {
			s.late.stop()
			s.run.State = story.RunDone
			s.known = append([]foundPlan{s.shown}, s.known[:min(len(s.known), mostPlans-1)]...)
			p.said.rest()
		}
		p.paintPlan()
	}, fail)
	s.run.Ask = ask
	p.paintPlanRuns()
}

func (p *page) paintPlanRuns() {
	s := &p.planning
	for _, f := range s.frames {
		f.previous = s.shown.of != s.of && s.shown.of != runKey{}
		p.paintRun(f)
	}
}

// drawPlan has the planner lay a chart of the plan out, and draws it.
func (p *page) drawPlan(f *frame) {
	s := &p.planning
	if s.shown.ask == 0 {
		return // the build's own drawing
	}
	of, name := s.shown.ask, f.now.Name
	message := map[string]any{"of": of, "chart": f.name, "width": f.width, "height": f.height, "dark": dark()}
	p.planner.ask("drawPlan", message, func(_, _ int, option string) {
		switch {
		case of != s.shown.ask:
		case option == "": // the planner is another one by now: it is searched again
			s.known, s.shown = nil, foundPlan{}
			p.stopPlan(story.RunWaiting)
			s.rest.restart()
		default:
			p.set(f, option, name)
		}
	}, func(string) { f.stale = true })
}
