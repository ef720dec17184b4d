//go:build js && wasm

package main

import (
	"syscall/js"
	"time"

	"moecost/core/report"
	"moecost/core/story"
)

// catchUp is how long the scenario rests before what is out of sight is said anew.
const catchUp = 150 * time.Millisecond

// sight knows which sections are near the screen. While a scenario changes, only
// those follow it; the others follow when it rests, or when they come near.
type sight struct {
	near   map[string]bool
	unsaid map[string]bool // sections that are of an earlier report
	late   *timer

	whole bool // no fault came in between since the last paint began
}

// watchSections learns which sections are near.
func (p *page) watchSections() {
	s := &p.sight
	s.near, s.unsaid = map[string]bool{}, map[string]bool{}
	s.late = newTimer(catchUp, func() {
		if len(s.unsaid) > 0 {
			s.late.restart() // first: a fault in one section leaves the others
		}
		p.sayNext()
		s.all()
		p.forgetFault()
	})
	call := js.FuncOf(func(_ js.Value, arguments []js.Value) any {
		guard(func() {
			for i := range arguments[0].Length() {
				entry := arguments[0].Index(i)
				id := entry.Get("target").Get("id").String()
				s.near[id] = entry.Get("isIntersecting").Bool()
				if s.near[id] {
					p.sayNow(id)
				}
				if s.near[id] && id == story.PlanID {
					p.planComesNear()
				}
			}
		})
		return nil
	})
	observer := js.Global().Get("IntersectionObserver").New(call, map[string]any{"rootMargin": "200px"})
	height := js.Global().Get("innerHeight").Float()
	for _, section := range all("section[id]") { // the observer tells too late for the first answer
		box := section.Call("getBoundingClientRect")
		s.near[section.Get("id").String()] = box.Get("bottom").Float() > 0 && box.Get("top").Float() < height
		observer.Call("observe", section)
	}
}

// say says a report, of its sections only those that stand near the screen.
func (s *sight) say(p *page, r *report.Report) story.Page {
	if p.figure != "" {
		return story.Excerpt(p.ask, r, story.SectionOf(p.figure))
	}
	before := p.story.Sections
	if before == nil {
		before = story.Unsaid()
	}
	said := story.Rebuild(p.ask, r, before, func(section string) bool { return s.near[section] })
	for i := range said.Sections {
		if id := said.Sections[i].ID; s.near[id] {
			delete(s.unsaid, id)
		} else {
			s.unsaid[id] = true
		}
	}
	s.late.restart()
	return said
}

// all marks a page that is live once every section of it has been said.
func (s *sight) all() {
	root := document.Get("documentElement").Get("dataset")
	if len(s.unsaid) == 0 && root.Get("live").Type() == js.TypeString {
		root.Set("live", "all")
	}
}

// sayNext says one section that is of an earlier report, if there is one.
func (p *page) sayNext() bool {
	for _, section := range p.story.Sections {
		if p.sight.unsaid[section.ID] {
			return p.sayNow(section.ID)
		}
	}
	return false
}

// sayNow says a section, if it is of an earlier report and no new report is about to come.
func (p *page) sayNow(id string) bool {
	if !p.sight.unsaid[id] || p.painter.waiting {
		return false
	}
	delete(p.sight.unsaid, id)
	whole := p.sight.whole
	p.sight.whole = false
	if section := story.Resay(&p.story, p.ask, p.report, id); section != nil {
		p.paintFinding(section)
		p.paintSection(section)
		p.popover.paint(p)
	}
	p.sight.whole = whole
	return true
}
