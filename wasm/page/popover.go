//go:build js && wasm

package main

import (
	"strings"
	"syscall/js"
	"time"

	"moecost/core/story"

	"honnef.co/go/js/dom/v2"
)

// popover shows the arithmetic behind one number, as wasm/planner works it out. A number among its terms opens in its
// place, with a way back.
type popover struct {
	at     js.Value
	source js.Value // the button that opened it
	ids    []string // from the first number to the one that shows

	ask   int              // for the arithmetic
	late  *timer           // from asking until that is said
	head  story.Derivation // what is asked for: title, value and range
	shown story.Derivation // what stands there; without a result as long as there is no arithmetic
}

// soon is how long the arithmetic may take before the popover says that it is being worked out.
const soon = 200 * time.Millisecond

func (p *page) listenToFigures() {
	o := &p.popover
	o.at = first("#derivation")
	o.late = newTimer(soon, func() { o.wait(p, "Working it out …") })
	on("click", func(e *dom.BasicEvent) {
		button := closest(target(e), "button[data-figure]")
		if button.IsNull() {
			return
		}
		id := data(button, "figure")
		if inside := closest(button, "#derivation"); !inside.IsNull() {
			o.ids = append(o.ids, id)
			o.paint(p)
			o.at.Set("scrollTop", 0)
			o.at.Call("focus")
			return
		}
		o.open(p, id, button)
	})
	// The event of the popover itself does not rise to the document.
	listen(o.at, "beforetoggle", func(e *dom.BasicEvent) {
		if e.Get("newState").String() == "closed" {
			o.closing()
		}
	})
	listen(o.at, "toggle", func(e *dom.BasicEvent) {
		if e.Get("newState").String() == "closed" {
			o.closed()
		}
	})
	p.verb("back", func(js.Value) {
		if n := len(o.ids); n > 1 {
			o.ids = o.ids[:n-1]
			o.paint(p)
			o.at.Call("focus")
		}
	})
	p.verb("copy-figure", func(button js.Value) {
		if o.shown.Result != "" {
			p.copy(button, o.shown.Plain())
		}
	})
	p.verb("link-figure", func(button js.Value) {
		if o.isOpen() {
			p.copy(button, p.address(figureKey+o.ids[len(o.ids)-1]))
		}
	})
	p.verb("explain-again", func(js.Value) {
		o.paint(p)
		o.at.Call("focus")
	})
	// Whoever is about to open a number has the program started meanwhile.
	for _, sign := range []string{"pointerover", "focusin"} {
		on(sign, func(e *dom.BasicEvent) {
			if button := closest(target(e), "button[data-figure]"); !button.IsNull() && !story.InPlan(data(button, "figure")) {
				p.planner.hire()
			}
		})
	}
}

func (o *popover) isOpen() bool { return len(o.ids) > 0 }

func (o *popover) open(p *page, id string, source js.Value) {
	if o.isOpen() {
		again := o.source.Equal(source)
		o.at.Call("hidePopover")
		if again {
			return
		}
	}
	o.ids, o.source, o.shown = []string{id}, source, story.Derivation{}
	o.paint(p)
	o.at.Set("tabIndex", -1)
	o.at.Call("showPopover", map[string]any{"source": source})
	o.at.Set("scrollTop", 0)
	o.at.Call("focus", map[string]any{"preventScroll": true})
	element(source).SetAttribute("aria-expanded", "true")
}

func (o *popover) closing() {
	o.ids = nil
	o.late.stop()
	element(o.source).SetAttribute("aria-expanded", "false")
}

// closed gives the focus back, unless the reader has put it elsewhere.
func (o *popover) closed() {
	if o.isOpen() {
		return // at another number, meanwhile
	}
	if active := document.Get("activeElement"); active.IsNull() || active.Equal(document.Get("body")) || o.at.Call("contains", active).Bool() {
		o.source.Call("focus", map[string]any{"preventScroll": true})
	}
}

// figureKey names a number in the fragment of a link.
const figureKey = "figure="

// openNamedFigure opens the number that the link names.
func (p *page) openNamedFigure() {
	for part := range strings.SplitSeq(strings.TrimPrefix(js.Global().Get("location").Get("hash").String(), "#"), "&") {
		id, ok := strings.CutPrefix(part, figureKey)
		if !ok || p.report == nil {
			continue
		}
		if _, ok := p.report.Figure(id); !ok {
			continue
		}
		button := first(`main button[data-figure="` + id + `"]`)
		if button.IsNull() { // a number that only other derivations name
			button = first(`main button[data-figure]`)
		}
		button.Call("scrollIntoView", map[string]any{"block": "center"})
		p.popover.open(p, id, button)
	}
}

// copy puts a text on the clipboard and says so on the button for two seconds.
func (p *page) copy(button js.Value, text string) {
	clipboard := js.Global().Get("navigator").Get("clipboard")
	label := data(button, "label")
	if label == "" {
		label = button.Get("textContent").String()
		element(button).SetAttribute("data-label", label)
	}
	later(func() {
		said := "Not allowed here"
		if !clipboard.IsUndefined() {
			if _, err := await(clipboard.Call("writeText", text)); err == nil {
				said = "Copied"
			}
		}
		button.Set("textContent", said)
		time.Sleep(2 * time.Second)
		button.Set("textContent", label)
	})
}

// address is the link of what the page shows, with something more in its fragment.
func (p *page) address(more string) string {
	location := js.Global().Get("location")
	link := location.Get("origin").String() + root(location) + p.query()
	fragment := p.fragment()
	if !strings.Contains(fragment, "=") {
		fragment = "" // a place on the page
	}
	switch {
	case more == "":
		return link + fragment
	case fragment == "":
		return link + "#" + more
	}
	return link + fragment + "&" + more
}
