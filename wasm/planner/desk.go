//go:build js && wasm

package main

import (
	"fmt"
	"runtime"
	"syscall/js"
)

// desk takes what the page asks for and answers.
//
// The page sends {ask, kind} with what the kind needs, where ask is a number that it has not used before, or {stop: ask}.
// The desk sends {ready} once, then for each ask {ask, done, total, result}, again and again where a result
// refines, until done is total; or {ask, error}.
type desk struct {
	port  js.Value // the worker itself, or one end of a channel
	slice float64
	under map[int]*job // by the number of the ask
	asked lastQuestion
	found foundPlans
}

// kinds are what can be asked.
var kinds = map[string]func(*desk, js.Value) (*job, error){
	"explain":  explain,
	"launch":   launch,
	"simulate": simulate,
	"plan":     findPlan,
	"drawPlan": drawPlan,
}

func (d *desk) open() {
	d.port.Set("onmessage", js.FuncOf(func(_ js.Value, arguments []js.Value) any {
		message := arguments[0].Get("data")
		if stop := message.Get("stop"); stop.Type() == js.TypeNumber {
			d.stop(stop.Int())
		}
		if ask := message.Get("ask"); ask.Type() == js.TypeNumber {
			d.begin(ask.Int(), message)
		}
		return nil
	}))
	d.post(map[string]any{"ready": true})
}

func (d *desk) post(message map[string]any) { d.port.Call("postMessage", message) }

func (d *desk) stop(ask int) {
	d.under[ask].stop()
	delete(d.under, ask)
}

// begin starts a job. What goes wrong in it is told to the page, and the desk stays open: the next one may well work.
func (d *desk) begin(ask int, message js.Value) {
	refuse := func(reason string) {
		delete(d.under, ask)
		d.post(map[string]any{"ask": ask, "error": reason})
	}
	defer catch(refuse)
	kind := text(message, "kind")
	start, known := kinds[kind]
	if !known {
		refuse("planner: " + kind + ": nothing of that kind can be asked")
		return
	}
	j, err := start(d, message)
	if err != nil {
		refuse(err.Error())
		return
	}
	j.refuse = refuse
	j.tell = func(done, total int) {
		if done >= total {
			delete(d.under, ask)
		}
		d.post(map[string]any{"ask": ask, "done": done, "total": total, "result": j.result()})
	}
	d.under[ask] = j
	j.start(d.slice)
}

// catch hands a fault on, after it has been written on the console with where it happened. Package runtime/debug has
// the stack too, and brings package os with it.
func catch(refuse func(reason string)) {
	if fault := recover(); fault != nil {
		stack := make([]byte, 1<<16)
		js.Global().Get("console").Call("error", fmt.Sprintf("moecost: %v\n%s", fault, stack[:runtime.Stack(stack, false)]))
		refuse(fmt.Sprint(fault))
	}
}

// text is a part of a message, empty if it has none.
func text(message js.Value, name string) string {
	if v := message.Get(name); v.Type() == js.TypeString {
		return v.String()
	}
	return ""
}
