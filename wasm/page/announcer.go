//go:build js && wasm

package main

import (
	"strings"
	"time"

	"moecost/core/story"
)

// announcer says to those who listen what a change came to: once the page has rested.
type announcer struct {
	timer *timer
	heard map[string]string // the sentences as they were last said or seen
}

// afterRest is how long a finding must stand before it is said.
const afterRest = 800 * time.Millisecond

func (a *announcer) rest() {
	if a.timer != nil {
		a.timer.restart()
	}
}

// listen takes what stands on the page at the start as heard.
func (a *announcer) listen(p *page) {
	a.heard = p.sentences()
	a.timer = newTimer(afterRest, func() { a.say(p) })
}

func (a *announcer) say(p *page) {
	now := p.sentences()
	var changed []string
	for _, name := range p.sentenceOrder() {
		text := now[name]
		if heard := a.heard[name]; heard != "" && text != heard { // a section that is said for the first time has not changed
			changed = append(changed, text)
		}
	}
	a.heard = now
	if len(changed) > 0 {
		first(`[data-slot="say"]`).Set("textContent", strings.Join(changed, " ")) // others speak there, too
	}
}

// sentences are the answer and the findings.
func (p *page) sentences() map[string]string {
	if p.figure != "" {
		return map[string]string{"answer": spoken(p.headline)}
	}
	out := map[string]string{"answer": spoken(p.story.Answer)}
	for _, s := range p.story.Sections {
		out[s.ID] = spoken(s.Finding)
	}
	return out
}

func (p *page) sentenceOrder() []string {
	order := []string{"answer"}
	for _, s := range p.story.Sections {
		order = append(order, s.ID)
	}
	return order
}

func spoken(t story.Text) string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(s.Text)
		if s.Range != "" {
			b.WriteString(" " + s.Range)
		}
	}
	return b.String()
}
