//go:build js && wasm

package main

import (
	"syscall/js"

	"moecost/core/arch"
	"moecost/core/offload/cache"
	"moecost/core/report"
	"moecost/core/scenario"
	"moecost/core/story"
)

// page is the state of the page: what is asked, the last answer, and the places
// where its parts stand.
type page struct {
	catalogue scenario.Catalogue

	// What is asked.
	ask      scenario.Scenario
	config   string             // config.json of a custom model, as the link has it
	reading  *arch.Reading      // what was read of a custom model; nil until it is read
	own      *given             // the custom model as it was given on this page
	problems []scenario.Problem // of the link that was opened, until they are mended

	// The last answer that worked.
	subject *report.Subject
	report  *report.Report
	answers report.Question // what the report is of
	story   story.Page
	refused string // why there is no answer to what is asked now; empty if there is

	figure   string     // of an embed: the one that it shows; empty on the whole page
	headline story.Text // over it

	places    map[string]*place // by data-slot, and "notices:at"
	frames    []*frame
	boardName string                // of the board that is drawn
	controls  map[string][]*control // by key
	refusals  map[string]refusal    // by key: what a field shows and the scenario cannot take
	editing   editing
	lists     map[string]*combobox // by key

	verbs   map[string]func(button js.Value) // of button[data-verb]
	popover popover
	dialog  configDialog
	link    address
	said    announcer
	painter painter
	planner planner
	sight   sight

	simulation simulation
	planning   planning
	launching  launching
	counting   *paste // the dialog for counts of a router
	tracing    *paste // the dialog for a trace of routing
	traced     *cache.Curve
	counted    *counted // those in use; nil: none
}

func newPage() *page {
	p := &page{
		catalogue: report.Catalogue(),
		places:    map[string]*place{},
		refusals:  map[string]refusal{},
	}
	if framed() {
		p.showOne()
	}
	for _, host := range all("[data-slot]") {
		p.places[data(host, "slot")] = &place{host: host}
	}
	for _, host := range all("[data-notices]") {
		p.places["notices:"+data(host, "notices")] = &place{host: host}
	}
	for _, host := range all("[data-problem]") {
		p.places["problem:"+data(host, "problem")] = &place{host: host}
	}
	return p
}

// show writes into a place, if the page has it.
func (p *page) show(name string, content []*node) {
	if at, ok := p.places[name]; ok {
		at.show(content)
	}
}

// to is the link that takes a suggestion.
func (p *page) to(query string) string { return "?" + query + p.fragment() }

// answer asks the core. What it refuses leaves the last answer where it is.
func (p *page) answer() {
	q := p.question()
	if p.ask.Model == scenario.ModelCustom && q.Reading == nil {
		return // being read
	}
	p.refused = ""
	if p.subject == nil || !p.subject.Same(q) {
		s, err := report.Prepare(q)
		if err != nil {
			p.refused = err.Error()
			return
		}
		p.subject = s
	}
	r, err := p.subject.Build(q)
	if err != nil {
		p.refused = err.Error()
		return
	}
	p.simulation.follow(q, r)
	p.followPlan(q)
	p.report, p.answers, p.story = r, q, p.sight.say(p, r)
}

func (p *page) question() report.Question {
	q := report.Question{Scenario: p.ask}
	if p.ask.Model == scenario.ModelCustom {
		q.Reading = p.reading
	}
	if p.counted != nil {
		q.Counts = p.counted.counts
	}
	q.Trace = p.traced
	return q
}

// hidden sets the hidden attribute, and only if it has to change.
func hidden(element js.Value, yes bool) {
	if element.Get("hidden").Truthy() != yes {
		element.Set("hidden", yes)
	}
}
