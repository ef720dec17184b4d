//go:build js && wasm

package main

import "syscall/js"

// start takes the page over: it reads the link and what was typed before the
// program was live, answers, and lifts the wait from the controls.
func (p *page) start() {
	p.controls = findControls()
	p.lists = map[string]*combobox{
		"model": p.newCombobox("model", "models", p.modelGroups, p.pickModel),
		"gpu":   p.newCombobox("gpu", "accelerators", p.acceleratorGroups, p.pickAccelerator),
	}
	p.findFrames()
	p.listenToAddress()
	p.listenToDialog()
	p.listenToSharing()
	p.listenToFigures()
	p.listenToButtons()
	p.listenToForm()
	p.listenToLists()
	p.listenToCharts()

	p.read()
	p.whenRead(func() {
		p.answer()
		p.takeTyped()
		p.answer()
		p.said.listen(p)
		p.paint()
		js.Global().Call("moecostLive")
		p.openNamedFigure()
		if m := p.dialog.closed; m != nil {
			p.dialog.openFor(p, *m)
		}
	})
}

// takeTyped applies what the reader typed before the program was live.
func (p *page) takeTyped() {
	for _, at := range all("[data-key][data-touched]") {
		element(at).RemoveAttribute("data-touched")
		c := p.controlOf(at)
		if c == nil || c.kind == "radio" && !at.Get("checked").Bool() {
			continue
		}
		p.typed(c)
		if !document.Get("activeElement").Equal(at) {
			p.editing = editing{}
		}
	}
}
