//go:build js && wasm

package main

import (
	"strings"
	"syscall/js"
	"time"
	"unicode"

	"moecost/core/story"

	"honnef.co/go/js/dom/v2"
)

// popover shows the arithmetic behind one number. A number among its terms opens in its
// place, with a way back.
type popover struct {
	at     js.Value
	source js.Value // the button that opened it
	ids    []string // from the first number to the one that shows
}

func (p *page) listenToFigures() {
	p.popover.at = first("#derivation")
	on("click", func(e *dom.BasicEvent) {
		button := closest(target(e), "button[data-figure]")
		if button.IsNull() {
			return
		}
		id := data(button, "figure")
		if inside := closest(button, "#derivation"); !inside.IsNull() {
			p.popover.ids = append(p.popover.ids, id)
			p.popover.paint(p)
			p.popover.at.Set("scrollTop", 0)
			p.popover.at.Call("focus")
			return
		}
		p.popover.open(p, id, button)
	})
	// The event of the popover itself does not rise to the document.
	listen(p.popover.at, "beforetoggle", func(e *dom.BasicEvent) {
		if e.Get("newState").String() == "closed" {
			p.popover.closing()
		}
	})
	listen(p.popover.at, "toggle", func(e *dom.BasicEvent) {
		if e.Get("newState").String() == "closed" {
			p.popover.closed()
		}
	})
	p.verb("back", func(js.Value) {
		if n := len(p.popover.ids); n > 1 {
			p.popover.ids = p.popover.ids[:n-1]
			p.popover.paint(p)
			p.popover.at.Call("focus")
		}
	})
	p.verb("copy-figure", func(button js.Value) {
		if d, ok := p.popover.derivation(p); ok {
			p.copy(button, d.Plain())
		}
	})
	p.verb("link-figure", func(button js.Value) {
		if d, ok := p.popover.derivation(p); ok {
			p.copy(button, p.address(figureKey+d.ID))
		}
	})
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
	o.ids, o.source = []string{id}, source
	o.paint(p)
	o.at.Set("tabIndex", -1)
	o.at.Call("showPopover", map[string]any{"source": source})
	o.at.Set("scrollTop", 0)
	o.at.Call("focus", map[string]any{"preventScroll": true})
	element(source).SetAttribute("aria-expanded", "true")
}

func (o *popover) closing() {
	o.ids = nil
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

func (o *popover) derivation(p *page) (story.Derivation, bool) {
	if !o.isOpen() || p.report == nil {
		return story.Derivation{}, false
	}
	id := o.ids[len(o.ids)-1]
	d, err := story.Explain(p.report, id)
	if last := p.simulation.last; err != nil && last != nil && p.simulation.run.State != story.RunNone {
		d, err = story.Explain(last, id) // the number stands on the page until its simulation is done again
	}
	return d, err == nil
}

// paint writes the number that shows, as it is now.
func (o *popover) paint(p *page) {
	if !o.isOpen() {
		return
	}
	d, ok := o.derivation(p)
	if !ok { // the scenario has changed and has no such number any more
		o.at.Call("hidePopover")
		return
	}
	p.show("figure.title", texts(d.Title))
	p.show("figure.value", texts(d.Value))
	p.show("figure.of", texts(d.Of))
	p.show("figure.formula", formula(d))
	var rows []*node
	for _, t := range d.Terms {
		rows = append(rows, term(t))
	}
	p.show("figure.terms", rows)
	p.show("figure.range", texts(strings.TrimSpace(d.Range+" "+d.Note)))
	hidden(first(`#derivation [data-verb="back"]`), len(o.ids) == 1)
}

// formula is three lines on one equals sign: in words, with values, and what comes out.
func formula(d story.Derivation) []*node {
	lines := []*node{
		el("span", nil, variables(d.Left)...), el("span", nil, join([]*node{words("= ")}, variables(d.Words))...),
	}
	if d.Numbers != d.Result {
		lines = append(lines, el("span", nil), el("span", is("class", "num"), words("= "+d.Numbers)))
	}
	return append(lines, el("span", nil), el("span", is("class", "num res"), words("= "+d.Result)))
}

// variables sets the words of a formula in italics and leaves its operators upright.
func variables(text string) []*node {
	var out []*node
	start, inWord := 0, false
	flush := func(end int) {
		part := text[start:end]
		if !inWord {
			out = append(out, words(part))
			return
		}
		name := strings.TrimRight(part, " ")
		out = append(out, el("i", nil, words(name)), words(part[len(name):]))
	}
	for i, r := range text {
		letter := unicode.IsLetter(r) || inWord && (r == ' ' || r == '-' || r == '’')
		if letter != inWord {
			flush(i)
			start, inWord = i, letter
		}
	}
	flush(len(text))
	return join(out)
}

// term is one value of the formula and where it comes from.
func term(t story.DerivationTerm) *node {
	from := words(t.Source)
	switch {
	case t.Figure != "":
		from = el("button", is("type", "button", "class", "link", "data-figure", t.Figure), words("its arithmetic"))
	case t.Link != "":
		from = el("a", is("href", t.Link, "target", "_blank", "rel", "noopener noreferrer"), words(t.Source))
	}
	return el("tr", nil, el("th", is("scope", "row"), words(t.Name)), el("td", is("class", "r"), words(t.Value)), el("td", is("class", "srcs"), from))
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
	link := location.Get("origin").String() + location.Get("pathname").String() + p.query()
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
