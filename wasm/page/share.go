//go:build js && wasm

package main

import (
	"slices"
	"syscall/js"

	"moecost/core/chart"
	"moecost/core/json"
	"moecost/core/scenario"
	"moecost/core/story"
)

// listenToSharing gives the share dialog (site/js/share.mjs) what depends on the model. It asks when it opens, and when
// something else is chosen in it.
func (p *page) listenToSharing() {
	for name, give := range map[string]func([]js.Value) any{
		"share":   p.shared,
		"figure":  p.sharedFigure,
		"drawing": p.sharedDrawing,
		"answer":  p.sharedAnswer,
	} {
		js.Global().Get("moecostPage").Set(name, js.FuncOf(func(_ js.Value, arguments []js.Value) (given any) {
			guard(func() { given = give(arguments) })
			return given
		}))
	}
}

// shared is the scenario: its link, and the parts from which other addresses are made.
func (p *page) shared([]js.Value) any {
	for p.sayNext() { // titles and sources of figures are read from the page
	}
	arch := ""
	if p.ask.Model == scenario.ModelCustom {
		arch = p.fragment()
	}
	return map[string]any{
		"link": p.address(""), "query": scenario.Encode(p.ask), "fragment": arch, "model": p.ask.Model, "name": p.report.Scenario.ModelName,
	}
}

// sharedFigure is a figure by name: in words, its headline, as CSV, and the query that shows just it, if an embed can. It is stale while the numbers
// are still of the previous simulation, which begins here if nobody has come near it.
func (p *page) sharedFigure(a []js.Value) any {
	name, words, csv, headline, pinned := a[0].String(), "", "", "", ""
	f := p.frame(name)
	stale := false
	if f != nil && f.from != nil {
		words, csv, stale = f.now.Name, story.CSV(f.from, f.now), f.previous || f.now.Pending
		for _, span := range story.Headline(p.ask, f.from, &f.now) {
			headline += span.Text
			if span.Range != "" {
				headline += " " + span.Range
			}
		}
		if slices.ContainsFunc(p.catalogue.Charts, func(c scenario.Choice) bool { return c.ID == name }) {
			pinned = scenario.EncodePinned(p.report.Pinned(p.ask, name))
		}
		if stale && p.simulation.run.State == story.RunWaiting {
			p.simulate()
		}
	}
	return map[string]any{"name": words, "csv": csv, "stale": stale, "headline": headline, "pinned": pinned}
}

// sharedDrawing is the options of a figure's chart for a width, a height and dark or light ground: empty if there is nothing to draw.
func (p *page) sharedDrawing(a []js.Value) any {
	f := p.frame(a[0].String())
	if f == nil || f.from == nil || f.plot.IsNull() || f.now.Absent || f.now.Empty != nil {
		return ""
	}
	if f.draws != nil { // laid out for the page, in its colours
		if a[3].Bool() != dark() {
			return ""
		}
		return f.option
	}
	theme := chart.Light
	if a[3].Bool() {
		theme = chart.Dark
	}
	option, err := chart.Draw(f.name, f.from, chart.Box{Width: a[1].Float(), Height: a[2].Float()}, theme)
	if err != nil {
		panic(err)
	}
	text, err := option.JSON()
	if err != nil {
		panic(err)
	}
	return string(text)
}

// sharedAnswer is the report as JSON.
func (p *page) sharedAnswer([]js.Value) any {
	text, err := json.Marshal(p.report)
	if err != nil {
		panic(err)
	}
	return string(json.Indent(text))
}
