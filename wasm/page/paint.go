//go:build js && wasm

package main

import (
	"syscall/js"

	"moecost/core/story"
)

// painter repaints once per frame, however many changes came in between.
type painter struct {
	call    js.Func
	waiting bool
}

// changed asks for a repaint with the next frame.
func (p *page) changed() {
	if p.painter.waiting {
		return
	}
	if p.painter.call.IsUndefined() {
		p.painter.call = js.FuncOf(func(js.Value, []js.Value) any {
			p.painter.waiting = false
			guard(func() {
				p.answer()
				p.paint()
			})
			return nil
		})
	}
	p.painter.waiting = true
	js.Global().Call("requestAnimationFrame", p.painter.call)
}

// paint writes the last answer on the page.
func (p *page) paint() {
	p.sight.whole = false
	p.paintWords()
	p.paintControls()
	p.paintFrames()
	p.paintPlan()
	p.popover.paint(p)
	p.said.rest()
	p.sight.whole = true
	p.forgetFault()
}

// paintWords writes the sentences, the strip and the notices.
func (p *page) paintWords() {
	s, to := &p.story, linkTo(p.to)
	if title := s.Title; document.Get("title").String() != title {
		document.Set("title", title)
	}
	p.show("kicker", to.sentence(s.Kicker))
	p.show("answer", to.sentence(s.Answer))
	p.show("second", to.sentence(s.Second))
	p.show("strip", to.strip(s.Strip))
	p.show("foot", to.sentence(s.Foot))
	p.show("scenario", texts(p.printed()))
	p.leadToComparison()
	p.paintBoard()
	p.paintNotices()
	p.paintCounts()
	p.paintTrace()
	for i := range s.Sections {
		if !p.sight.unsaid[s.Sections[i].ID] {
			p.paintFinding(&s.Sections[i])
		}
	}
}

// paintFinding writes the words of a section, unless it keeps those that it has.
func (p *page) paintFinding(s *story.Section) {
	if !p.waits(s) {
		to := linkTo(p.to)
		p.show(s.ID+".finding", to.sentence(s.Finding))
		p.show(s.ID+".prose", to.sentence(s.Prose))
	}
}

// waits tells whether a section keeps its words until what its figures keep has been simulated anew.
func (p *page) waits(s *story.Section) bool {
	for i := range s.Frames {
		if now := &s.Frames[i]; now.Pending {
			if f := p.frame(now.Chart); f != nil && f.keeps(now) {
				return true
			}
		}
	}
	return false
}
