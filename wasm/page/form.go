//go:build js && wasm

package main

import (
	"strconv"
	"strings"
	"syscall/js"

	"moecost/core/quantity"
	"moecost/core/scenario"

	"honnef.co/go/js/dom/v2"
)

// editing is the control whose value is on its way: a field that is being typed
// in, a slider that is being dragged. Each step starts from the scenario as it
// was before, so that passing 1 on the way to 16 GPUs undoes nothing.
type editing struct {
	control *control
	before  scenario.Scenario
}

func (e *editing) holds(c *control) bool { return e.control == c }

// refusal is what a field says about a value that cannot be used.
type refusal struct {
	text  string
	cause string   // the key that was edited
	field *control // the field that keeps the text; nil if another field's value made this one impossible
}

func (p *page) listenToForm() {
	on("input", func(e *dom.BasicEvent) {
		if c := p.controlOf(target(e)); c != nil {
			p.typed(c)
		}
	})
	on("change", func(e *dom.BasicEvent) {
		if c := p.controlOf(target(e)); c != nil && p.editing.holds(c) {
			p.commit(c)
		}
	})
	on("focusout", func(e *dom.BasicEvent) {
		if c := p.controlOf(target(e)); c != nil && p.editing.holds(c) {
			p.commit(c) // a field set back to its old text fires no change
		}
	})
	on("keydown", func(e *dom.BasicEvent) {
		if c := p.controlOf(target(e)); c != nil && p.stepByKey(c, e.Underlying()) {
			e.PreventDefault()
		}
	})
}

func (p *page) controlOf(element js.Value) *control {
	key := element.Get("dataset")
	if key.IsUndefined() || key.Get("key").IsUndefined() {
		return nil
	}
	for _, c := range p.controls[key.Get("key").String()] {
		if c.at.Equal(element) {
			return c
		}
	}
	return nil
}

// typed takes what a control shows now.
func (p *page) typed(c *control) {
	value := c.at.Get("value").String()
	switch c.kind {
	case "combobox":
		p.lists[c.key].filter(value)
		return
	case "select", "radio":
		p.edit(c.key, value)
		return
	case "checkbox": // what is not ticked is left out
		var out []string
		for _, box := range p.controls[c.key] {
			if !box.at.Get("checked").Bool() {
				out = append(out, box.at.Get("value").String())
			}
		}
		p.edit(c.key, strings.Join(out, ","))
		return
	}
	if !p.editing.holds(c) {
		p.editing = editing{c, p.ask}
	}
	if c.kind == "range" {
		thousandths, _ := strconv.ParseFloat(value, 64)
		value = p.atPosition(c.key, thousandths/1000)
	} else if strings.TrimSpace(value) == "" && !p.optional(c.key) {
		return // emptied on the way to another value
	}
	p.ask = p.editing.before
	if !p.edit(c.key, plain(c.key, value)) {
		r := p.refusals[c.key]
		r.field = c
		p.refusals[c.key] = r
	}
}

// commit ends an edit: the field shows the value as the page writes it, or keeps what cannot be used.
func (p *page) commit(c *control) {
	if c.kind == "text" {
		if value := c.at.Get("value").String(); strings.TrimSpace(value) == "" {
			p.ask = p.editing.before
			p.edit(c.key, "")
		}
	}
	p.editing = editing{}
	p.changed()
}

// edit sets one field of the scenario, or says why it cannot.
func (p *page) edit(key, text string) bool {
	for at, r := range p.refusals {
		if r.cause == key {
			delete(p.refusals, at)
		}
	}
	asked, problems := p.catalogue.Set(p.ask, key, text)
	for _, problem := range problems {
		if problem.Key == key {
			p.refusals[key] = refusal{text: p.refuse(problem), cause: key}
			p.changed()
			p.link.rest()
			return false
		}
	}
	for _, problem := range problems {
		p.refusals[problem.Key] = refusal{text: p.refuse(problem), cause: key}
	}
	p.mended(key)
	p.ask = asked
	p.changed()
	p.link.rest()
	return true
}

// mended forgets what the link had wrong in a field that was set since.
func (p *page) mended(key string) {
	var left []scenario.Problem
	for _, problem := range p.problems {
		if problem.Key != key {
			left = append(left, problem)
		}
	}
	p.problems = left
}

// refuse is the sentence at a field: "5,000 is out of range. GPUs must be 1 to 4,096."
func (p *page) refuse(problem scenario.Problem) string {
	said := problem.Raw + " " + problem.What + "."
	if problem.Why != "" {
		said += " " + problem.Why
	}
	if problem.UsedName != "" {
		said += " Until then the page uses " + problem.UsedName + "."
	}
	return said
}

// plain turns what people type ("4k", "1,024", "$2") into what a link holds. What
// is not a number stays as it is, for the scenario to refuse.
func plain(key, text string) string {
	kind, unit := quantity.Plain, 1.0
	switch {
	case key == "price":
		kind = quantity.Dollars
	case share(key):
		kind = quantity.Share
	case strings.HasSuffix(key, "tpot") || strings.HasSuffix(key, "ttft"):
		kind, unit = quantity.Seconds, 1e-3
	}
	v, err := kind.Parse(text, unit)
	if err != nil {
		return text
	}
	return strconv.FormatFloat(v/unit, 'f', -1, 64)
}

// share tells whether a field goes from 0 to 1, which people also type in percent.
func share(key string) bool {
	f, ok := limitsOf(key)
	return ok && f.Kind == scenario.KindNumber && f.Min == 0 && f.Max == 1
}

func (p *page) optional(key string) bool {
	for _, f := range scenario.Fields() {
		if f.Key == key {
			return f.Optional()
		}
	}
	return false
}
