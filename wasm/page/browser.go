//go:build js && wasm

package main

import (
	"errors"
	"syscall/js"
	"time"

	"honnef.co/go/js/dom/v2"
)

// document is that of the page.
//
// Of dom/v2 only the basic types are used, by their static methods. Its interfaces
// would link the wrappers of every kind of element there is: 100 kB that every
// visitor would wait for.
var document = js.Global().Get("document")

// element gives a node its methods.
func element(at js.Value) *dom.BasicElement {
	return &dom.BasicElement{BasicNode: &dom.BasicNode{Value: at}}
}

// first is the first element that matches, or null.
func first(selector string) js.Value { return document.Call("querySelector", selector) }

// all are the elements that match.
func all(selector string) []js.Value {
	list := document.Call("querySelectorAll", selector)
	found := make([]js.Value, list.Length())
	for i := range found {
		found[i] = list.Index(i)
	}
	return found
}

// closest is the element itself or the nearest one around it that matches, or null.
func closest(at js.Value, selector string) js.Value {
	if at.IsNull() || at.Get("closest").IsUndefined() { // the document, a text
		return js.Null()
	}
	return at.Call("closest", selector)
}

// data is a data- attribute of an element, empty if it has none.
func data(at js.Value, name string) string {
	if v := at.Call("getAttribute", "data-"+name); v.Type() == js.TypeString {
		return v.String()
	}
	return ""
}

// on listens to an event of the document for the life of the page.
func on(event string, f func(*dom.BasicEvent)) { listen(document, event, f) }

// listen listens to an event of anything for the life of the page.
func listen(at js.Value, event string, f func(*dom.BasicEvent)) {
	at.Call("addEventListener", event, js.FuncOf(func(_ js.Value, arguments []js.Value) any {
		guard(func() { f(&dom.BasicEvent{Value: arguments[0]}) })
		return nil
	}))
}

// target is what an event happened to.
func target(e *dom.BasicEvent) js.Value { return e.Get("target") }

// timer runs f once, some time after the last call of restart.
type timer struct {
	wait time.Duration
	call js.Func
	id   js.Value
}

func newTimer(wait time.Duration, f func()) *timer {
	t := &timer{wait: wait}
	t.call = js.FuncOf(func(js.Value, []js.Value) any {
		t.id = js.Undefined()
		guard(f)
		return nil
	})
	return t
}

func (t *timer) restart() {
	t.stop()
	t.id = js.Global().Call("setTimeout", t.call, t.wait.Milliseconds())
}

// stop says whether the timer was running.
func (t *timer) stop() bool {
	running := !t.id.IsUndefined()
	if running {
		js.Global().Call("clearTimeout", t.id)
		t.id = js.Undefined()
	}
	return running
}

// now is the browser's clock, in milliseconds.
func now() float64 { return js.Global().Get("performance").Call("now").Float() }

// await waits for a promise. It must run in a goroutine of its own (later).
func await(promise js.Value) (js.Value, error) {
	type result struct {
		value js.Value
		err   error
	}
	done := make(chan result, 1)
	kept := js.FuncOf(func(_ js.Value, values []js.Value) any {
		done <- result{value: values[0]}
		return nil
	})
	broken := js.FuncOf(func(_ js.Value, reasons []js.Value) any {
		done <- result{err: errors.New(reasons[0].Get("name").String() + ": " + reasons[0].Get("message").String())}
		return nil
	})
	defer kept.Release()
	defer broken.Release()
	promise.Call("then", kept, broken)
	r := <-done
	return r.value, r.err
}

// try runs what the browser may forbid (storage, history) and says whether it was allowed.
func try(f func()) (allowed bool) {
	defer func() {
		if fault := recover(); fault != nil {
			if _, fromBrowser := fault.(js.Error); !fromBrowser {
				panic(fault)
			}
			allowed = false
		}
	}()
	f()
	return true
}
