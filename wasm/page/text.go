//go:build js && wasm

package main

import "moecost/core/story"

// The functions in this file write what site/templates/text.html writes.

// linkTo gives the link that a suggestion leads to, for those who open it in a tab of its own.
type linkTo func(pairs string) string

// sentence is a text with its numbers and suggestions.
func (to linkTo) sentence(t story.Text) []*node {
	var lists [][]*node
	for _, s := range t {
		lists = append(lists, to.span(s))
	}
	return join(lists...)
}

func (to linkTo) span(s story.Span) []*node {
	var out []*node
	switch {
	case s.Figure != "":
		out = append(out, figureButton(s.Figure, s.Text))
	case s.Apply != "":
		inside := words(s.Text)
		if s.Code {
			inside = el("code", nil, inside)
		}
		out = append(out, el("a", is("class", "link", "href", to(s.Apply), "data-apply", s.Apply), inside))
	case s.Code:
		out = append(out, el("code", nil, words(s.Text)))
	case s.Strong:
		out = append(out, el("b", nil, words(s.Text)))
	default:
		out = append(out, words(s.Text))
	}
	if s.Range != "" {
		out = append(out, words(" "), el("span", is("class", "rng"), words(s.Range)))
	}
	return out
}

// figureButton is a number that opens its arithmetic.
func figureButton(id, text string) *node {
	return el("button", is("type", "button", "class", "fig", "data-figure", id, "aria-haspopup", "dialog", "aria-expanded", "false"), words(text))
}

// notice is a fact and its way out, which may be empty.
func notice(kind string, fact, wayOut []*node) *node {
	shapes := []*node{el("path", is("d", "M8 2.2 14.2 13.2H1.8zM8 6.6v3.2M8 11.4v.2"))}
	if kind == string(story.NoticeError) {
		shapes = []*node{el("circle", is("cx", "8", "cy", "8", "r", "6.2")), el("path", is("d", "M8 4.8v3.8M8 11v.2"))}
	}
	said := el("div", nil, el("p", nil, fact...))
	if len(wayOut) > 0 {
		said.kids = append(said.kids, el("p", nil, wayOut...))
	}
	return el("div", is("class", "note "+kind),
		el("svg", is("class", "i", "viewBox", "0 0 16 16", "aria-hidden", "true"), shapes...), said)
}

func (to linkTo) notice(n story.Notice) *node {
	return notice(string(n.Kind), to.sentence(n.Fact), to.sentence(n.WayOut))
}

// strip is the row of figures under the answer.
func (to linkTo) strip(cells []story.Cell) []*node {
	var out []*node
	for _, c := range cells {
		value := to.span(c.Value)
		if c.Unit != "" {
			value = append(value, words(" "), el("small", nil, words(c.Unit)))
		}
		value = append(value, el("span", is("class", "n"), texts(c.Context)...))
		out = append(out, el("div", nil, el("dt", nil, texts(c.Label)...), el("dd", nil, join(value)...)))
	}
	return out
}

// texts is a text, or nothing if it is empty, as a parser of HTML would have it.
func texts(text string) []*node { return join([]*node{words(text)}) }

// table is the numbers behind a chart.
func table(t story.Table) []*node {
	var heads, rows []*node
	for _, c := range t.Columns {
		text := c.Name
		if c.Name != "" && c.Unit != "" {
			text += ", "
		}
		heads = append(heads, el("th", numeric(c.Numeric, "scope", "col"), texts(text+c.Unit)...))
	}
	for _, r := range t.Rows {
		head := el("th", is("scope", "row"))
		if r.Swatch != "" {
			head.kids = append(head.kids, el("span", is("class", "k k-"+r.Swatch)))
		}
		head.kids = append(head.kids, texts(r.Head)...)
		row := el("tr", nil, head)
		if r.Kind != "" {
			row.attrs = []attr{{"class", string(r.Kind)}}
		}
		for i, cell := range r.Cells {
			var column story.Column
			if i+1 < len(t.Columns) {
				column = t.Columns[i+1]
			}
			kids := texts(cell)
			if href, short := story.Address(cell); column.Link && href != "" {
				kids = []*node{el("a", is("href", href, "rel", "noreferrer"), texts(short)...)}
			}
			row.kids = append(row.kids, el("td", numeric(column.Numeric), kids...))
		}
		rows = append(rows, row)
	}
	return []*node{el("table", nil, el("thead", nil, el("tr", nil, heads...)), el("tbody", nil, rows...))}
}

func numeric(yes bool, attributes ...string) []string {
	if yes {
		attributes = append(attributes, "class", "r")
	}
	return attributes
}
