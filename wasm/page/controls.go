//go:build js && wasm

package main

import (
	"math"
	"strconv"
	"strings"
	"syscall/js"

	"moecost/core/quantity"
	"moecost/core/story"
)

// control is one element that shows a field of the scenario.
type control struct {
	key  string
	kind string // "text", "range", "radio", "checkbox", "select", "combobox"
	at   js.Value
	box  js.Value // the .box around a text, or null

	value   string // last written
	auto    bool
	options place // of a select
}

// findControls lists the controls that the templates have drawn.
func findControls() map[string][]*control {
	found := map[string][]*control{}
	for _, at := range all("[data-key]") {
		c := &control{key: data(at, "key"), at: at, box: closest(at, ".box"), value: at.Get("value").String()}
		switch {
		case at.Get("localName").String() == "select":
			c.kind = "select"
			c.options.host = at
		case at.Call("getAttribute", "role").String() == "combobox":
			c.kind = "combobox"
		default:
			c.kind = at.Get("type").String()
		}
		c.auto = !c.box.IsNull() && data(c.box, "auto") == "true"
		found[c.key] = append(found[c.key], c)
	}
	return found
}

// paintControls writes the form of the last answer. A field that is being typed
// in keeps its text.
func (p *page) paintControls() {
	form := &p.story.Form
	for key, list := range p.controls {
		field, ok := form.Fields[key]
		for _, c := range list {
			p.paintControl(c, field)
			if own := closest(c.at, ".own"); !own.IsNull() { // in a figure's caption, where it may have nothing to do
				hidden(own, !ok || field.Idle)
			}
		}
		if group := closest(list[0].at, ".grp"); key == "skew" && !group.IsNull() { // a dense model has no experts to be popular
			hidden(group, !ok)
		}
	}
	for key := range p.controls {
		text := form.Fields[key].Problem
		if r, ok := p.refusals[key]; ok {
			text = r.text
		}
		p.paintProblem(key, text)
	}
	to := linkTo(p.to)
	for name, place := range p.places {
		if key, ok := strings.CutPrefix(name, "hint."); ok {
			place.show(to.sentence(form.Hints[key]))
		}
	}
	p.show("dock", []*node{el("b", nil, texts(form.Dock[0])...), el("span", nil, texts(form.Dock[1])...)})
}

func (p *page) paintControl(c *control, f story.Field) {
	switch c.kind {
	case "text":
		own := p.editing.holds(c) || p.refusals[c.key].field == c
		if !own {
			c.set(f.Value)
		}
		if auto := f.Auto && !own; auto != c.auto && !c.box.IsNull() {
			c.auto = auto
			if auto {
				element(c.box).SetAttribute("data-auto", "true")
			} else {
				element(c.box).RemoveAttribute("data-auto")
			}
		}
	case "range":
		position := position(f)
		if !p.editing.holds(c) {
			c.set(strconv.Itoa(int(math.Round(1000 * position))))
		}
		element(c.at).SetAttribute("aria-valuetext", f.Value)
		if done := first(`svg[data-track="` + c.key + `"] .done`); !done.IsNull() {
			element(done).SetAttribute("width", strconv.FormatFloat(100*position, 'f', 2, 64)+"%")
		}
	case "radio":
		if on := c.at.Get("value").String() == f.Chosen; on != c.at.Get("checked").Bool() {
			c.at.Set("checked", on)
		}
	case "checkbox":
		if on := f.Ticked(c.at.Get("value").String()); on != c.at.Get("checked").Bool() {
			c.at.Set("checked", on)
		}
	case "select":
		var options []*node
		for _, o := range f.Options {
			options = append(options, el("option", is("value", o.Value), texts(o.Label)...))
		}
		c.options.show(options)
		c.set(f.Chosen)
	case "combobox":
		if l := p.lists[c.key]; l == nil || !l.typing {
			c.set(f.Value)
		}
	}
}

// set writes the value, unless it stands there.
func (c *control) set(value string) {
	if c.value != value || c.at.Get("value").String() != value {
		c.value = value
		c.at.Set("value", value)
	}
}

// paintProblem says at a field why its text cannot be used.
func (p *page) paintProblem(key, text string) {
	at, ok := p.places["problem:"+key]
	if !ok {
		return
	}
	at.show(marked(text))
	for _, c := range p.controls[key] {
		if bad := p.refusals[key].field == c; bad != element(c.at).HasAttribute("aria-invalid") {
			if bad {
				element(c.at).SetAttribute("aria-invalid", "true")
			} else {
				element(c.at).RemoveAttribute("aria-invalid")
			}
		}
	}
}

// number is the value that a field shows.
func number(f story.Field) (float64, bool) {
	v, err := quantity.Plain.Parse(f.Value, 1)
	return v, err == nil
}
