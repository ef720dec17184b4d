//go:build js && wasm

package main

import (
	"syscall/js"

	"moecost/core/json"
	"moecost/core/scenario"
	"moecost/core/story"

	"honnef.co/go/js/dom/v2"
)

// listenToSharing fills the share dialog when it opens, and for another chart.
func (p *page) listenToSharing() {
	dialog, which := first("dialog#share"), first(`[data-share="chart"]`)
	p.verb("share", func(button js.Value) {
		if name := data(button, "frame"); name != "" {
			which.Set("value", name)
		}
		p.fillShare(which.Get("value").String())
		dialog.Call("showModal")
	})
	on("change", func(e *dom.BasicEvent) {
		if target(e).Equal(which) {
			p.fillShare(which.Get("value").String())
		}
	})
}

func (p *page) fillShare(name string) {
	set := func(what, text string) { first("#share-"+what).Set("textContent", text) }
	set("link", p.address(""))
	set("command", p.command())
	if answer, err := json.Marshal(p.report); err == nil {
		set("answer", string(json.Indent(answer)))
	}
	svg := ""
	if f := p.frame(name); f != nil {
		set("table", story.CSV(f.from, f.now))
		svg = p.picture(f)
	}
	set("picture", svg)
	picture := first(`img[data-slot="share.picture"]`)
	hidden(picture, svg == "")
	if svg != "" {
		picture.Set("src", "data:image/svg+xml;charset=utf-8,"+js.Global().Call("encodeURIComponent", svg).String())
	}
}

// picture is the chart as a file of its own, in the colours of the page.
func (p *page) picture(f *frame) string {
	if f.plot.IsNull() || f.now.Empty != nil || f.width == 0 {
		return ""
	}
	if f.stale {
		f.stale = false
		if err := p.drawNow(f); err != nil {
			panic(err)
		}
	}
	return js.Global().Get("moecostCharts").Call("svg", f.name).String()
}

// command is the same scenario in a terminal.
func (p *page) command() string {
	command := "go run ./scripts/estimate '" + scenario.Encode(p.ask) + "'"
	if p.ask.Model == scenario.ModelCustom {
		command += " -config config.json"
	}
	return command
}
