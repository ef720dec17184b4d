//go:build js && wasm

package main

import (
	"slices"
	"strconv"

	"moecost/core/report"
	"moecost/core/scenario"
	"moecost/core/story"
)

// paint answers, and writes all of the comparison. What site/templates/compare.html writes, this writes.
func (c *comparison) paint() {
	c.answer()
	to := linkTo(func(pairs string) string { return "?" + pairs })
	if document.Get("title").String() != c.said.Title {
		document.Set("title", c.said.Title)
	}
	c.show("compare.finding", to.sentence(c.said.Finding))
	c.show("compare.second", to.sentence(c.said.Second))
	c.show("compare.table", c.table())
	c.fill()
	c.show("notices:answer", c.notices())
	c.paintKeys()
	hidden(first("[data-more]"), len(c.asks) >= scenario.MaxColumns)
	for i := range c.said.Frames {
		now := &c.said.Frames[i]
		f := c.frame(now.Chart)
		if f == nil {
			continue
		}
		f.now, f.stale, f.tableStale, f.from = *now, true, true, c.some()
		c.arrange(f)
	}
}

// some is a report that figures can be drawn from; nil if no column has an answer.
func (c *comparison) some() *report.Report {
	for _, r := range c.reports {
		if r != nil {
			return r
		}
	}
	return nil
}

func (c *comparison) notices() []*node {
	if len(c.problems) == 0 {
		return nil
	}
	var items []*node
	for _, p := range c.problems {
		items = append(items, el("li", nil, words(p.String())))
	}
	return []*node{notice(string(story.NoticeError), []*node{words("Not all could be taken as it stands.")}, []*node{el("ul", is("class", "faults"), items...)})}
}

// table is columns of scenarios: what they are, what was asked, what comes of it.
func (c *comparison) table() []*node {
	heads := []*node{el("td", nil)}
	for i, column := range c.said.Columns {
		at := strconv.Itoa(i)
		verbs := []*node{el("a", is("class", "link", "href", "/"+mark(column.Query)+c.arch(i)), words("Open"))}
		if len(c.asks) < scenario.MaxColumns {
			verbs = append(verbs, el("button", is("type", "button", "class", "link", "data-verb", "fork", "data-column", at, "aria-label", "Fork "+column.Letter), words("Fork")))
		}
		if column.Without != "" {
			verbs = append(verbs, el("button", is("type", "button", "class", "link", "data-verb", "drop", "data-column", at, "aria-label", "Remove "+column.Letter), words("Remove")))
		}
		heads = append(heads, el("th", is("scope", "col"),
			el("span", is("class", "letter column-"+at), words(column.Letter)),
			el("b", nil, words(column.Name)),
			el("span", is("class", "n"), texts(column.On)...),
			el("span", is("class", "acts"), verbs...)))
	}
	answers := []*node{el("th", is("scope", "row"), words("In a sentence"))}
	for _, column := range c.said.Columns {
		answers = append(answers, el("td", is("class", "said"), unlinked(column.Answer)...))
	}
	asked := []*node{el("tr", is("class", "sentences"), answers...)}
	for _, row := range c.rows() {
		asked = append(asked, c.askedRow(row))
	}
	var numbers []*node
	for _, row := range c.said.Numbers {
		numbers = append(numbers, numberRow(row))
	}
	return []*node{el("table", is("class", "columns"), el("thead", nil, el("tr", nil, heads...)),
		el("tbody", is("class", "asked"), asked...), el("tbody", nil, numbers...))}
}

// unlinked is a sentence whose numbers are text: a column opens in the calculator, where they open their arithmetic.
func unlinked(t story.Text) []*node {
	var out []*node
	for _, s := range t {
		text := s.Text
		if s.Range != "" {
			text += " " + s.Range
		}
		out = append(out, words(text))
	}
	return join(out)
}

// arch is the fragment that a column of the reader's own model needs.
func (c *comparison) arch(column int) string {
	if c.asks[column].Model == scenario.ModelCustom {
		return c.fragment()
	}
	return ""
}

// rows are the keys on which the scenarios differ, and those that somebody wants to change, in the order of the link.
func (c *comparison) rows() []story.ComparedRow {
	var rows []story.ComparedRow
	for _, f := range scenario.Fields() {
		at := slices.IndexFunc(c.said.Asked, func(r story.ComparedRow) bool { return r.Key == f.Key })
		switch {
		case at >= 0:
			rows = append(rows, c.said.Asked[at])
		case slices.Contains(c.shown, f.Key):
			rows = append(rows, story.ComparedRow{Head: f.Label, Key: f.Key, Cells: make([]story.ComparedCell, len(c.asks))})
		}
	}
	return rows
}

func (c *comparison) askedRow(row story.ComparedRow) *node {
	field := fieldOf(row.Key)
	kids := []*node{el("th", is("scope", "row"), words(row.Head))}
	for i, cell := range row.Cells {
		cellClass := ""
		if cell.Differs {
			cellClass = "differs"
		}
		name := row.Head + " of " + story.Letters[i]
		attributes := is("data-of", row.Key, "data-column", strconv.Itoa(i), "aria-label", name)
		kids = append(kids, el("td", is("class", cellClass), editor(field, attributes)))
	}
	return el("tr", nil, kids...)
}

func fieldOf(key string) scenario.Field {
	for _, f := range scenario.Fields() {
		if f.Key == key {
			return f
		}
	}
	return scenario.Field{}
}

// editor is the control of a key: a list where there is one, else a field.
func editor(f scenario.Field, attributes []string) *node {
	if f.Kind != scenario.KindFlag && len(f.Choices) == 0 || f.Kind == scenario.KindList {
		placeholder := f.Absent
		if f.Key == "model" || f.Key == "gpu" || f.Key == "engine" {
			attributes = append(attributes, "list", "list-"+f.Key)
		}
		return el("input", append(attributes, "type", "text", "autocomplete", "off", "spellcheck", "false", "placeholder", placeholder))
	}
	choices := f.Choices
	if f.Kind == scenario.KindFlag {
		choices = []scenario.Choice{{ID: "0", Name: "no"}, {ID: "1", Name: "yes"}}
	}
	var options []*node
	if f.Absent != "" {
		options = append(options, el("option", is("value", ""), words(f.Absent)))
	}
	for _, choice := range choices {
		options = append(options, el("option", is("value", choice.ID), words(choice.Name)))
	}
	return el("select", attributes, options...)
}

// fill puts the values into the controls; what somebody is typing stays.
func (c *comparison) fill() {
	for _, at := range all("[data-of][data-column]") {
		if i := int(attribute(at, "column")); i < len(c.asks) && !document.Get("activeElement").Equal(at) || at.Get("localName").String() == "select" {
			if text := scenario.Text(c.asks[min(i, len(c.asks)-1)], data(at, "of")); at.Get("value").String() != text {
				at.Set("value", text)
			}
		}
	}
}

func numberRow(row story.ComparedRow) *node {
	kids := []*node{el("th", is("scope", "row"), words(row.Head))}
	for _, cell := range row.Cells {
		value := []*node{words(cell.Text)}
		if cell.Best {
			value = []*node{el("b", nil, words(cell.Text)), el("span", is("class", "vh"), words(", the best"))}
		}
		if cell.Range != "" {
			value = append(value, words(" "), el("span", is("class", "rng"), words("("+cell.Range+")")))
		}
		if cell.Times != "" {
			times := cell.Times
			if cell.Close {
				times += ", ranges meet"
			}
			value = append(value, el("span", is("class", "n"), words(times)))
		}
		kids = append(kids, el("td", nil, value...))
	}
	return el("tr", nil, kids...)
}

// paintKeys lists the keys that can still be added.
func (c *comparison) paintKeys() {
	options := []*node{el("option", is("value", ""), words("Change something else …"))}
	shown := c.rows()
	for _, f := range scenario.Fields() {
		listed := slices.ContainsFunc(shown, func(r story.ComparedRow) bool { return r.Key == f.Key })
		if !listed && f.Key != "v" && f.Key != "chart" && f.Key != "points" {
			options = append(options, el("option", is("value", f.Key), words(f.Label)))
		}
	}
	c.show("compare.keys", options)
}
