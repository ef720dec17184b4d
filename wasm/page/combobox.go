//go:build js && wasm

package main

import (
	"strconv"
	"strings"
	"syscall/js"

	"moecost/wasm/page/search"
)

// option is one row of a combobox's list.
type option struct {
	id      string // as the link spells it
	name    string
	columns [2]string
	also    string // other words that find it
}

// group is a headed part of the open, unfiltered list.
type group struct {
	title   string
	options []option
}

// combobox is a field that searches a list. What is typed finds; only choosing changes the scenario.
type combobox struct {
	page   *page
	key    string
	things string // "models"
	groups func() []group
	pick   func(option)

	field, list, body js.Value
	hits              *place
	content           place

	known  []option // of all groups, as the list opened
	search []search.Entry
	shown  []option // in the order of the list
	typing bool     // the field holds a search, not the choice
	open   bool
	at     int // of the active option in shown, -1 for none
}

func (p *page) newCombobox(key, things string, groups func() []group, pick func(option)) *combobox {
	list := p.controls[key]
	if len(list) == 0 {
		return nil
	}
	c := &combobox{page: p, key: key, things: things, groups: groups, pick: pick, at: -1}
	c.field = list[0].at
	c.list = first(`.list[data-for="` + key + `"]`)
	c.body = first("#" + key + "-options")
	c.hits = p.places[key+".hits"]
	c.content = place{host: c.body}
	return c
}

// filter shows what the typed text finds.
func (c *combobox) filter(query string) {
	c.typing = true
	if !c.open {
		c.fill()
	}
	c.shown, c.at = nil, -1
	found := search.Find(c.search, query)
	var rows []*node
	seen := map[string]bool{}
	for _, hit := range found {
		o := c.known[hit.Index]
		if seen[o.id] {
			continue // it stands among the recent ones, too
		}
		seen[o.id] = true
		rows = append(rows, c.row(o, marks(o.name, hit.Marks)))
	}
	if len(rows) == 0 {
		rows = []*node{el("p", is("class", "none"), words("None of the "+strconv.Itoa(len(c.distinct()))+" "+c.things+" has that in its name, organisation or size."))}
	} else {
		c.at = 0
	}
	c.content.show(rows)
	c.showHits(len(c.shown))
	c.show()
}

// all shows the whole list in its groups.
func (c *combobox) all() {
	c.fill()
	c.shown, c.at = nil, -1
	var parts []*node
	for _, g := range c.groups() {
		if len(g.options) == 0 {
			continue
		}
		part := el("div", is("role", "group", "aria-label", g.title), el("p", is("class", "g", "aria-hidden", "true"), words(g.title)))
		for _, o := range g.options {
			if o.id == c.chosen() && c.at < 0 {
				c.at = len(c.shown)
			}
			part.kids = append(part.kids, c.row(o, texts(o.name)))
		}
		parts = append(parts, part)
	}
	c.content.show(parts)
	c.showHits(len(c.distinct()))
	c.show()
}

// guess takes what was typed and left if it can only mean one thing.
func (c *combobox) guess(query string) {
	c.fill()
	if hits := search.Find(c.search, query); len(hits) == 1 {
		c.pick(c.known[hits[0].Index])
	}
	c.page.changed() // the field shows the choice
}

// fill reads the list as it is when it opens.
func (c *combobox) fill() {
	c.known, c.search = nil, nil
	for _, g := range c.groups() {
		for _, o := range g.options {
			c.known = append(c.known, o)
			c.search = append(c.search, search.Entry{Name: o.name, Also: o.also})
		}
	}
}

func (c *combobox) distinct() map[string]bool {
	ids := map[string]bool{}
	for _, o := range c.known {
		ids[o.id] = true
	}
	return ids
}

func (c *combobox) chosen() string { return c.page.story.Form.Fields[c.key].Chosen }

// row adds an option to the list that is shown.
func (c *combobox) row(o option, name []*node) *node {
	i := len(c.shown)
	c.shown = append(c.shown, o)
	return el("div", is("role", "option", "id", c.optionID(i), "data-value", o.id, "aria-selected", strconv.FormatBool(o.id == c.chosen())),
		el("span", nil, name...), el("span", nil, texts(o.columns[0])...), el("span", nil, texts(o.columns[1])...))
}

func (c *combobox) optionID(i int) string { return c.key + "-option-" + strconv.Itoa(i) }

// marks sets what was found in a name apart.
func marks(name string, at [][2]int) []*node {
	var out []*node
	end := 0
	for _, m := range at {
		out = append(out, words(name[end:m[0]]), el("mark", nil, words(name[m[0]:m[1]])))
		end = m[1]
	}
	return join(append(out, words(name[end:])))
}

func (c *combobox) showHits(n int) {
	if c.hits == nil {
		return
	}
	total := strconv.Itoa(len(c.distinct())) + " " + c.things
	if c.typing {
		total = strconv.Itoa(n) + " of " + total
	}
	c.hits.show(texts(total))
}

// show opens the list and marks the active option.
func (c *combobox) show() {
	if !c.open {
		c.open = true
		c.list.Call("showPopover")
		element(c.field).SetAttribute("aria-expanded", "true")
	}
	c.activate(c.at)
}

func (c *combobox) activate(i int) {
	for _, old := range all("#" + c.key + "-options .on") {
		old.Get("classList").Call("remove", "on")
	}
	c.at = i
	if i < 0 || i >= len(c.shown) {
		element(c.field).RemoveAttribute("aria-activedescendant")
		c.body.Set("scrollTop", 0)
		return
	}
	row := first("#" + c.optionID(i))
	row.Get("classList").Call("add", "on")
	row.Call("scrollIntoView", map[string]any{"block": "nearest"})
	element(c.field).SetAttribute("aria-activedescendant", c.optionID(i))
}

// close closes the list. The field shows the choice again.
func (c *combobox) close() {
	c.typing = false
	if c.open {
		c.open = false
		c.list.Call("hidePopover")
		element(c.field).SetAttribute("aria-expanded", "false")
		element(c.field).RemoveAttribute("aria-activedescendant")
	}
	c.page.changed()
}

// choose takes an option.
func (c *combobox) choose(i int) {
	if i < 0 || i >= len(c.shown) {
		return
	}
	o := c.shown[i]
	c.close()
	c.pick(o)
}

// enter chooses the active option, or tries what was typed as it would stand in a link.
func (c *combobox) enter() {
	if c.at >= 0 {
		c.choose(c.at)
		return
	}
	text := strings.TrimSpace(c.field.Get("value").String())
	if c.page.edit(c.key, text) {
		c.close()
		c.page.link.chosen(c.page)
	}
}
