//go:build js && wasm

package main

import (
	"fmt"
	"syscall/js"

	"moecost/core/json"
	"moecost/core/report"
	"moecost/core/scenario"
)

// planner asks wasm/planner, the program that does what is long or rare. It is fetched and started for the first ask;
// docs/page.md, "Long work", has the messages.
type planner struct {
	port     js.Value // that takes them, once the program runs
	starting bool
	last     int // number of the last ask
	open     map[int]*request
}

// request is an ask that is not answered to the end.
type request struct {
	message map[string]any
	heard   func(done, total int, result string)
	failed  func(reason string)
}

// ask asks for something of a kind, and gives the number of the ask. Then either heard or failed is called, heard
// again and again where a result refines, until done is total.
func (l *planner) ask(kind string, message map[string]any, heard func(done, total int, result string), failed func(reason string)) int {
	l.last++
	message["ask"], message["kind"] = l.last, kind
	if l.open == nil {
		l.open = map[int]*request{}
	}
	l.open[l.last] = &request{message, heard, failed}
	if l.port.Truthy() {
		l.port.Call("postMessage", message)
	} else {
		l.hire()
	}
	return l.last
}

// stop ends an ask: nothing more is heard of it.
func (l *planner) stop(ask int) {
	if l.open[ask] == nil {
		return
	}
	delete(l.open, ask)
	if l.port.Truthy() {
		l.port.Call("postMessage", map[string]any{"stop": ask})
	}
}

// hire starts the program, unless it runs.
func (l *planner) hire() {
	if l.port.Truthy() || l.starting {
		return
	}
	l.starting = true
	later(func() {
		port, err := await(js.Global().Call("moecostPlanner"))
		l.starting = false
		if err != nil {
			l.fail("The part of this page that works this out could not be fetched: try again when the connection is back. " + err.Error())
			return
		}
		l.employ(port)
		for ask := range l.last + 1 { // in the order in which they were asked
			if a := l.open[ask]; a != nil {
				port.Call("postMessage", a.message)
			}
		}
	})
}

// employ listens to the program.
func (l *planner) employ(port js.Value) {
	l.port = port
	port.Set("onmessage", js.FuncOf(func(_ js.Value, arguments []js.Value) any {
		guard(func() { l.hear(arguments[0].Get("data")) })
		return nil
	}))
	port.Set("onerror", js.FuncOf(func(_ js.Value, arguments []js.Value) any {
		arguments[0].Call("preventDefault")
		guard(func() { l.dismiss(fmt.Sprint(arguments[0].Get("message"))) })
		return nil
	}))
}

func (l *planner) hear(message js.Value) {
	if reason := message.Get("ended"); reason.Type() == js.TypeString {
		l.dismiss(reason.String())
		return
	}
	ask := message.Get("ask").Int()
	a := l.open[ask]
	if a == nil {
		return // stopped, meanwhile
	}
	if reason := message.Get("error"); reason.Type() == js.TypeString {
		delete(l.open, ask)
		a.failed(reason.String())
		return
	}
	done, total := message.Get("done").Int(), message.Get("total").Int()
	if done >= total {
		delete(l.open, ask)
	}
	a.heard(done, total, message.Get("result").String())
}

// dismiss gives up a program that died. The next ask starts another.
func (l *planner) dismiss(reason string) {
	if l.port.Get("terminate").Truthy() {
		l.port.Call("terminate")
	}
	l.port = js.Undefined()
	l.fail(reason)
}

func (l *planner) fail(reason string) {
	all := l.open
	l.open = nil
	for _, a := range all {
		a.failed(reason)
	}
}

// about is what the planner must know of a question: its link, and what of the reader's own a link cannot hold.
func (p *page) about(q report.Question) map[string]any {
	message := map[string]any{"query": scenario.Encode(q.Scenario)}
	if p.own != nil && p.own.reading == q.Reading {
		message["reading"] = p.own.encoded
	}
	if p.counted != nil && p.counted.counts == q.Counts {
		message["counts"] = p.counted.rows
	}
	if q.Trace != nil {
		if text, err := json.Marshal(q.Trace); err == nil {
			message["trace"] = string(text)
		}
	}
	return message
}
