//go:build js && wasm

package main

import (
	"syscall/js"
	"time"
)

// start takes the page over: it reads the link and what was typed before the
// program was live, answers, and lifts the wait from the controls. It does so in several
// steps, so that the browser can scroll and take keys in between.
func (p *page) start() {
	p.controls = findControls()
	p.findFrames()
	p.listenToCharts()
	p.listenToSimulation()
	p.listenToPlan()
	p.read()
	p.whenRead(func() {
		breathe()
		p.answer()
		breathe()
		p.listen()
		if p.takeTyped() {
			p.answer()
		}
		breathe()
		p.paintWords()
		p.paintControls()
		p.said.listen(p)
		js.Global().Call("moecostLive")
		breathe()
		p.paintFrames()
		p.sight.all()
		p.openNamedFigure()
		if m := p.dialog.closed; m != nil && p.figure == "" {
			p.dialog.openFor(p, *m)
		}
	})
}

// listen registers the listeners, each once for the life of the page.
func (p *page) listen() {
	if p.figure != "" {
		p.listenInFrame()
		return
	}
	p.lists = map[string]*combobox{
		"model": p.newCombobox("model", "models", p.modelGroups, p.pickModel),
		"gpu":   p.newCombobox("gpu", "accelerators", p.acceleratorGroups, p.pickAccelerator),
	}
	p.listenToAddress()
	p.listenToDialog()
	p.listenToCounts()
	p.listenToTraces()
	p.listenToMeasurements()
	p.listenToLaunching()
	p.listenToSharing()
	p.listenToFigures()
	p.listenToButtons()
	p.listenToForm()
	p.listenToLists()
}

// breathe lets the browser have its turn.
func breathe() { time.Sleep(time.Millisecond) }

// takeTyped applies what the reader typed before the program was live, and tells whether that was anything.
func (p *page) takeTyped() bool {
	touched := all("[data-key][data-touched]")
	for _, at := range touched {
		element(at).RemoveAttribute("data-touched")
		c := p.controlOf(at)
		if c == nil || c.kind == "radio" && !at.Get("checked").Bool() {
			continue
		}
		here := document.Get("activeElement").Equal(at)
		if c.kind == "combobox" && !here {
			p.lists[c.key].guess(at.Get("value").String())
			continue
		}
		p.typed(c)
		if !here {
			p.editing = editing{}
		}
	}
	return len(touched) > 0
}
