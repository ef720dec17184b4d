//go:build js && wasm

package main

import (
	"strconv"
	"syscall/js"

	"moecost/core/json"
	"moecost/core/story"
)

// launching is the dialog that says what to run. Its words come from wasm/planner.
type launching struct {
	at   js.Value
	ask  int
	runs []string // the commands that can be copied, by data-run
}

func (p *page) listenToLaunching() {
	l := &p.launching
	l.at = first("dialog#launch")
	if l.at.IsNull() {
		return
	}
	p.verb("launch", func(js.Value) {
		if p.report == nil {
			return
		}
		p.planner.stop(l.ask)
		l.runs = nil
		p.show("launch.body", []*node{el("div", is("class", "dstep"), el("p", is("class", "hint"), words("Working it out …")))})
		l.at.Call("showModal")
		l.ask = p.planner.ask("launch", p.about(p.question()), func(_, _ int, text string) {
			var said story.Launching
			if err := json.Unmarshal([]byte(text), &said); err != nil {
				l.fail(p, err.Error())
				return
			}
			p.show("launch.body", l.body(&said))
		}, func(reason string) { l.fail(p, reason) })
	})
	p.verb("copy-run", func(button js.Value) {
		if n, err := strconv.Atoi(data(button, "run")); err == nil && n < len(l.runs) {
			p.copy(button, l.runs[n])
		}
	})
}

func (l *launching) fail(p *page, reason string) {
	p.show("launch.body", []*node{el("div", is("class", "dstep"), notice("error", marked("The commands are missing. "+reason), nil))})
}

// body is the whole answer.
func (l *launching) body(said *story.Launching) []*node {
	l.runs = nil
	if said.Absent != "" {
		return []*node{el("div", is("class", "dstep"), el("p", nil, words(said.Absent)))}
	}
	commands := []*node{el("h3", nil, words("With "+said.Engine))}
	for _, c := range said.Commands {
		if c.Where != "" {
			commands = append(commands, el("p", is("class", "where"), words(c.Where)))
		}
		commands = append(commands, l.command(c.Text))
	}
	if len(said.Notes) > 0 {
		commands = append(commands, list("asides", said.Notes))
	}
	var options []*node
	for _, o := range said.Options {
		address, short := story.Address(o.Source)
		options = append(options, el("li", nil, el("code", nil, words(o.Name)), words(": "+o.Meaning+". "), el("a", is("href", address, "rel", "noreferrer"), words(short)), words(", "+o.Version)))
	}
	commands = append(commands, el("details", nil, el("summary", nil, words("Where these options are documented")), el("ul", is("class", "asides"), options...)))
	out := []*node{el("div", is("class", "dstep"), commands...)}
	if said.Rows != "" {
		out = append(out, el("div", is("class", "dstep"), el("h3", nil, words("Your measurements as rows")),
			el("p", is("class", "hint"), words("As the accuracy data has them. Say which release it was, and where the result is published.")), l.command(said.Rows)))
	}
	if len(said.Runs) == 0 {
		return out
	}
	runs := []*node{el("h3", nil, words("What to measure first")), el("p", is("class", "hint"), words(said.Method))}
	for i, r := range said.Runs {
		runs = append(runs, el("p", is("class", "where"), el("b", nil, words(strconv.Itoa(i+1)+". "+r.Title)), words(": "+r.Why)), l.command(r.Command), list("pins", r.Pins))
	}
	return append(out, el("div", is("class", "dstep"), runs...))
}

// command is a text for a shell with a button that copies it.
func (l *launching) command(text string) *node {
	n := strconv.Itoa(len(l.runs))
	l.runs = append(l.runs, text)
	return el("div", is("class", "cmd"), el("pre", is("tabindex", "0"), el("code", nil, words(text))),
		el("button", is("type", "button", "class", "btn", "data-verb", "copy-run", "data-run", n), words("Copy")))
}

func list(class string, items []string) *node {
	var kids []*node
	for _, item := range items {
		kids = append(kids, el("li", nil, words(item)))
	}
	return el("ul", is("class", class), kids...)
}
