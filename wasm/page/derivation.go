//go:build js && wasm

package main

import (
	"strings"
	"unicode"

	"moecost/core/json"
	"moecost/core/story"
)

// answered is the last report that has the number: that of the scenario, or where it is simulated anew the one
// before, whose numbers stand on the page until that is done.
func (o *popover) answered(p *page, id string) (story.Derivation, answered) {
	now := answered{p.report, p.answers}
	if p.report == nil {
		return story.Derivation{}, now
	}
	d, ok := story.Open(p.report, id)
	if last := p.simulation.last; !ok && last.report != nil && p.simulation.run.State != story.RunNone {
		now = last
		d, _ = story.Open(last.report, id)
	}
	return d, now
}

// paint writes the number that shows, as it is now. What stands there stays until the arithmetic has come.
func (o *popover) paint(p *page) {
	if !o.isOpen() {
		return
	}
	p.planner.stop(o.ask)
	id := o.ids[len(o.ids)-1]
	hidden(first(`#derivation [data-verb="link-figure"]`), story.InPlan(id))
	if story.InPlan(id) {
		o.late.stop()
		if d, ok := p.planning.derivation(id); ok {
			o.show(p, d, texts(d.Range))
		} else {
			o.show(p, story.Derivation{ID: id, Title: "The plan"}, texts("It is not worked out yet."))
		}
		return
	}
	head, from := o.answered(p, id)
	if head.ID == "" { // the scenario has changed and has no such number any more
		o.at.Call("hidePopover")
		return
	}
	o.head = head
	element(o.at).SetAttribute("aria-busy", "true")
	if o.shown.ID == "" {
		o.wait(p, head.Range)
	}
	o.late.restart()
	message := p.about(from.to)
	message["id"] = head.ID
	if result, ok := from.report.Simulation(); ok {
		message["simulated"] = string(result.Encode())
	}
	o.ask = p.planner.ask("explain", message, func(_, _ int, text string) {
		if !o.isOpen() {
			return
		}
		var d story.Derivation
		if err := json.Unmarshal([]byte(text), &d); err != nil {
			o.fail(p, err.Error())
			return
		}
		o.late.stop()
		o.show(p, d, texts(strings.TrimSpace(d.Range+" "+d.Note)))
	}, func(reason string) { o.fail(p, reason) })
}

// wait shows the number without its arithmetic, with a line in its place.
func (o *popover) wait(p *page, line string) {
	o.show(p, o.head, texts(line))
	element(o.at).SetAttribute("aria-busy", "true")
}

// fail says why there is no arithmetic, and offers to try again.
func (o *popover) fail(p *page, reason string) {
	o.late.stop()
	again := el("button", is("type", "button", "class", "link", "data-verb", "explain-again"), words("Try again"))
	o.show(p, o.head, join(texts("The arithmetic is missing. "+reason+" "), []*node{again}))
}

func (o *popover) show(p *page, d story.Derivation, line []*node) {
	o.shown = d
	p.show("figure.title", texts(d.Title))
	p.show("figure.value", texts(d.Value))
	p.show("figure.of", texts(d.Of))
	var lines, rows []*node
	if d.Result != "" {
		lines = formula(d)
	}
	for _, t := range d.Terms {
		rows = append(rows, term(t))
	}
	p.show("figure.formula", lines)
	p.show("figure.terms", rows)
	p.show("figure.range", line)
	first(`#derivation [data-verb="copy-figure"]`).Set("disabled", d.Result == "")
	hidden(first(`#derivation [data-verb="back"]`), len(o.ids) == 1)
	element(o.at).SetAttribute("aria-busy", "false")
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
