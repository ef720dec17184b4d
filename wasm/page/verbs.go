//go:build js && wasm

package main

import (
	"strconv"
	"syscall/js"

	"honnef.co/go/js/dom/v2"
)

// verb registers what a button[data-verb] does.
func (p *page) verb(name string, do func(button js.Value)) {
	if p.verbs == nil {
		p.verbs = map[string]func(js.Value){}
	}
	p.verbs[name] = do
}

// listenToButtons is the one listener for all buttons that are not numbers.
func (p *page) listenToButtons() {
	p.verb("table", func(button js.Value) {
		if f := p.frame(data(button, "frame")); f != nil {
			p.toggleTable(f, button)
		}
	})
	on("click", func(e *dom.BasicEvent) {
		at := target(e)
		if button := closest(at, "button[data-verb]"); !button.IsNull() {
			if do := p.verbs[data(button, "verb")]; do != nil {
				do(button)
			}
			return
		}
		if button := closest(at, "button[data-step]"); !button.IsNull() {
			direction, _ := strconv.ParseFloat(data(button, "step"), 64)
			p.step(data(button, "for"), direction, true)
			return
		}
		if link := closest(at, "a[data-apply]"); !link.IsNull() && plainClick(e.Underlying()) {
			e.PreventDefault()
			if i, err := strconv.Atoi(data(link, "mend")); err == nil {
				p.mend(i)
			} else {
				p.apply(data(link, "apply"))
			}
		}
	})
}

// plainClick is one that does not ask for another tab or a download.
func plainClick(event js.Value) bool {
	for _, key := range []string{"ctrlKey", "metaKey", "shiftKey", "altKey"} {
		if event.Get(key).Bool() {
			return false
		}
	}
	return true
}
