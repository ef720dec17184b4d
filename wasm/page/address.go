//go:build js && wasm

package main

import (
	"strings"
	"syscall/js"
	"time"

	"moecost/core/arch/preset"
	"moecost/core/report"
	"moecost/core/scenario"

	"honnef.co/go/js/dom/v2"
)

// rest is how long the scenario must rest before the address bar follows: a
// browser stops a page that rewrites its address a hundred times in half a minute.
const rest = 300 * time.Millisecond

// address keeps the address bar the link of what the page shows.
type address struct {
	timer   *timer
	written string // query and architecture of the address, as the page last wrote or read them

	config, encoded string // the architecture and its fragment
	excuse          string // why the architecture does not go into a link; empty if it does
}

func (p *page) listenToAddress() {
	p.link.timer = newTimer(rest, func() { p.link.write(p, "replaceState") })
	listen(js.Global(), "popstate", func(*dom.BasicEvent) { p.arrived() })
	on("click", func(e *dom.BasicEvent) {
		// A place on the page must not push a custom architecture out of the fragment.
		if at := closest(target(e), `a[href^="#"]`); !at.IsNull() && p.ask.Model == scenario.ModelCustom {
			if to := first(at.Call("getAttribute", "href").String()); !to.IsNull() {
				e.PreventDefault()
				to.Call("scrollIntoView")
			}
		}
	})
}

// rest writes the address when nothing has changed for a while.
func (a *address) rest() { a.timer.restart() }

// flush writes at once what waits to be written.
func (a *address) flush(p *page) {
	if a.timer.stop() {
		a.write(p, "replaceState")
	}
}

// chosen gives another model, machine or suggestion an entry of its own in the
// history, so that Back undoes it.
func (a *address) chosen(p *page) {
	a.timer.stop()
	a.write(p, "pushState")
}

func (a *address) write(p *page, how string) {
	if p.figure != "" {
		return // an embed keeps the address that was published
	}
	location := js.Global().Get("location")
	link := p.stands(location) + p.fragment()
	if link == location.Get("pathname").String()+location.Get("search").String()+location.Get("hash").String() {
		a.written = a.key(location)
		return
	}
	try(func() {
		js.Global().Get("history").Call(how, nil, "", link)
		a.written = a.key(location)
	})
}

// asked is the query of an address.
func asked(location js.Value) string {
	query := location.Get("search").String()
	if framed() {
		return withoutLook(query)
	}
	return scenario.Asked(location.Get("pathname").String(), query)
}

// stands is path and query of the scenario. The page of a preset keeps its path while it shows what it is
// of; any other scenario has its link at the root.
func (p *page) stands(location js.Value) string {
	query := p.query()
	if id, ok := scenario.OfPage(location.Get("pathname").String()); ok {
		own := scenario.Default()
		own.Model = id
		if query == mark(scenario.Encode(own)) {
			return scenario.PresetPages + id + "/"
		}
	}
	return root(location) + query
}

// root is the path of a link that holds the whole scenario, the model with the rest.
func root(location js.Value) string {
	path := location.Get("pathname").String()
	if _, ok := scenario.OfPage(path); ok {
		return "/"
	}
	return path
}

// key is what of an address says which scenario is asked for: not the place on the page.
func (a *address) key(location js.Value) string {
	key := asked(location)
	for part := range strings.SplitSeq(strings.TrimPrefix(location.Get("hash").String(), "#"), "&") {
		if strings.HasPrefix(part, "arch=") {
			key += "#" + part
		}
	}
	return key
}

// query is the scenario as it stands behind the path: empty, or with its "?".
func (p *page) query() string { return mark(scenario.Encode(p.ask)) }

func mark(query string) string {
	if query == "" {
		return ""
	}
	return "?" + query
}

// fragment is the part behind the query: the architecture of a custom model, or
// the place on the page that stands there.
func (p *page) fragment() string {
	if p.ask.Model == scenario.ModelCustom {
		if p.link.config != p.config {
			p.link.config, p.link.encoded, p.link.excuse = p.config, "", ""
			if f, err := scenario.EncodeFragment(p.config); err == nil {
				p.link.encoded = "#" + f
			} else if p.config != "" {
				p.link.excuse = err.Error()
			}
		}
		return p.link.encoded
	}
	hash := js.Global().Get("location").Get("hash").String()
	if strings.Contains(hash, "=") {
		return ""
	}
	return hash
}

// arrived takes the address as it is after Back, Forward or an edit of its fragment.
func (p *page) arrived() {
	if p.link.key(js.Global().Get("location")) == p.link.written {
		return // another place on the same page
	}
	p.link.timer.stop()
	p.read()
	p.whenRead(func() {
		p.answer()
		p.paint()
		p.openNamedFigure()
	})
}

// read takes the scenario from the address.
func (p *page) read() {
	location := js.Global().Get("location")
	p.link.written = p.link.key(location)
	p.reading, p.counted, p.editing, p.refusals = nil, nil, editing{}, map[string]refusal{}
	p.ask, p.config, p.problems = p.catalogue.DecodeLink(asked(location), location.Get("hash").String())
	if p.figure != "" {
		p.settleFigure()
	}
}

// whenRead goes on when there is a model to answer for: a preset at once, an
// architecture of the link once it is read.
func (p *page) whenRead(goOn func()) {
	if p.ask.Model != scenario.ModelCustom {
		p.checkPreset()
		goOn()
		return
	}
	config := p.config
	later(func() {
		g, err := readConfig(config, "the link")
		if p.ask.Model != scenario.ModelCustom || p.config != config {
			return // another model has been chosen in the meantime
		}
		if err != nil {
			p.doWithout(scenario.Problem{Key: "model", Raw: scenario.ModelCustom, What: "cannot be read from the link", Why: err.Error() + "."})
		} else {
			p.reading, p.own = g.reading, g
		}
		goOn()
	})
}

// checkPreset replaces a model that nobody can answer for.
func (p *page) checkPreset() {
	q := p.question()
	if p.subject != nil && p.subject.Same(q) {
		return
	}
	subject, err := report.Prepare(q)
	if err == nil {
		p.subject = subject
		return
	}
	problem := scenario.Problem{Key: "model", Raw: p.ask.Model, What: "cannot be answered for", Why: err.Error() + "."}
	if m, ok := preset.ByID(p.ask.Model); ok && m.Kind == preset.Closed {
		problem.What, problem.Why = "is not public", m.Notes
		p.dialog.closed = &m
	}
	p.doWithout(problem)
}

// doWithout uses the default model and says why.
func (p *page) doWithout(problem scenario.Problem) {
	p.ask.Model, p.config, p.reading = scenario.Default().Model, "", nil
	if m, ok := preset.ByID(p.ask.Model); ok {
		problem.UsedName = m.Name
	}
	p.problems = append(p.problems, problem)
}

// chosen follows a change that deserves an entry in the history.
func (p *page) chosen() {
	p.changed()
	p.link.chosen(p)
}

// printed is the scenario in one line with its link, for paper.
func (p *page) printed() string {
	var pairs []string
	for _, f := range scenario.Fields() {
		if text := scenario.Text(p.ask, f.Key); text != "" && text != f.Default {
			pairs = append(pairs, f.Key+" = "+text)
		}
	}
	location := js.Global().Get("location")
	line := location.Get("origin").String() + root(location) + p.query()
	if len(pairs) > 0 {
		line = strings.Join(pairs, ", ") + " · " + line
	}
	return line
}
