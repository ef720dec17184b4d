//go:build js && wasm

package main

import (
	"slices"
	"strings"
	"syscall/js"

	"moecost/core/report"
	"moecost/core/scenario"
	"moecost/core/story"
)

// usualFigure is what an embed shows whose address names none, or none that there is.
const usualFigure = "tpot"

// framed tells whether the page is an embed: one figure in a frame on somebody's page, which keeps no history and opens no dialogs.
func framed() bool {
	return !document.Get("documentElement").Get("dataset").Get("embed").IsUndefined()
}

// showOne finds out which figure the embed shows. The places of that figure are named after it, so this comes first.
func (p *page) showOne() {
	p.figure = usualFigure
	p.read()
	p.figure = p.ask.Chart
	table := slices.ContainsFunc(report.Tables, func(c scenario.Choice) bool { return c.ID == p.figure })
	js.Global().Get("moecostEmbed").Call("show", p.figure, table)
}

// settleFigure gives the embed a figure where its address names none.
func (p *page) settleFigure() {
	if p.ask.Chart != "" {
		return
	}
	p.ask.Chart = p.figure
	for i := range p.problems {
		if p.problems[i].Key == "chart" {
			p.problems[i].UsedName = "`" + p.figure + "`"
		}
	}
}

// withoutLook leaves out of a query what says how the frame looks.
func withoutLook(query string) string {
	var kept []string
	for pair := range strings.SplitSeq(strings.TrimPrefix(query, "?"), "&") {
		if !strings.HasPrefix(pair, "theme=") && !strings.HasPrefix(pair, "control=") {
			kept = append(kept, pair)
		}
	}
	return "?" + strings.Join(kept, "&")
}

// listenInFrame listens to what an embed has: its numbers, its buttons, its one control.
func (p *page) listenInFrame() {
	p.link.timer = newTimer(rest, func() {})
	p.listenToFigures()
	p.listenToButtons()
	p.listenToForm()
}

// paintOne writes what only an embed has: the sentence over its figure, and the link that opens these numbers.
func (p *page) paintOne() {
	f := p.frame(p.figure)
	if f == nil || f.from == nil {
		return
	}
	hidden(f.line.at, f.now.Run == "" && !f.now.Pending)
	if f.plot.IsNull() { // a table
		hidden(f.empty, f.now.Empty == nil)
		hidden(f.box, f.now.Empty != nil)
		(&place{host: f.empty.Get("firstElementChild")}).show(linkTo(p.to).sentence(f.now.Empty))
	}
	p.headline = story.Headline(p.ask, f.from, &f.now)
	p.show("headline", linkTo(p.to).sentence(p.headline))
	element(first(`[data-verb="how"]`)).SetAttribute("data-figure", f.now.Derivation)
	hidden(first(`[data-verb="how"]`), f.now.Derivation == "")
	ask := p.ask
	ask.Chart = ""
	place := p.fragment()
	if ask.Model != scenario.ModelCustom {
		place = "#" + story.SectionOf(p.figure)
	}
	js.Global().Get("moecostEmbed").Call("leadTo", "/"+mark(scenario.Encode(ask))+place)
}
