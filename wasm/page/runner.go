//go:build js && wasm

package main

import (
	"fmt"
	"syscall/js"

	"moecost/core/tail"
)

// pageSlice is how long the page's own thread works on a simulation at a time, in milliseconds, where
// there is no worker: half a frame is left for everything else.
const pageSlice = 8

// runner has simulations done, one at a time: by a worker, or where the browser allows none (a
// sandboxed frame) in slices on this thread. A new run replaces the one under way.
type runner struct {
	worker   js.Value // once it is ready
	starting bool
	absent   bool // there can be none
	run      int  // number of the last run; what is said of others is out of date
	under    bool // the run is under way
	job      *job // on this thread
	wanted   assignment

	news   func(done, total int, result *tail.Result)
	failed func(reason string)
}

// assignment is what has to be simulated: a scenario as a worker reads it, and the case for this thread.
type assignment struct {
	query, reading, counts string // the last two empty unless they are the reader's own
	here                   func() (*tail.Simulation, error)
}

// begin starts a run.
func (r *runner) begin(a assignment) {
	r.stop()
	r.run++
	r.under, r.wanted = true, a
	r.assign()
}

// assign gives the run to whoever can do it.
func (r *runner) assign() {
	switch {
	case r.worker.Truthy():
		r.worker.Call("postMessage", map[string]any{"run": r.run, "query": r.wanted.query, "reading": r.wanted.reading, "counts": r.wanted.counts})
	case r.absent:
		r.workHere()
	case !r.starting:
		r.hire()
	}
}

// stop ends the run under way.
func (r *runner) stop() {
	if !r.under {
		return
	}
	r.under = false
	r.job.stop()
	r.job = nil
	if r.worker.Truthy() {
		r.worker.Call("postMessage", map[string]any{"stop": true})
	}
}

// hire starts the worker, which takes the run that is wanted by then.
func (r *runner) hire() {
	r.starting = true
	later(func() {
		worker, err := await(js.Global().Call("moecostWorker"))
		r.starting = false
		if err != nil {
			r.absent = true
		} else {
			r.employ(worker)
		}
		if r.under {
			r.assign()
		}
	})
}

// employ listens to a worker that is ready.
func (r *runner) employ(worker js.Value) {
	r.worker = worker
	worker.Set("onmessage", js.FuncOf(func(_ js.Value, arguments []js.Value) any {
		guard(func() { r.hear(arguments[0].Get("data")) })
		return nil
	}))
	worker.Set("onerror", js.FuncOf(func(_ js.Value, arguments []js.Value) any {
		arguments[0].Call("preventDefault")
		guard(func() { r.dismiss(fmt.Sprint(arguments[0].Get("message"))) })
		return nil
	}))
}

func (r *runner) hear(message js.Value) {
	if reason := message.Get("ended"); reason.Type() == js.TypeString {
		r.dismiss(reason.String())
		return
	}
	if !r.under || message.Get("run").Int() != r.run {
		return
	}
	if fault := message.Get("error"); fault.Type() == js.TypeString {
		r.fail(fault.String())
		return
	}
	result, err := tail.DecodeResult([]byte(message.Get("result").String()))
	if err != nil {
		r.fail(err.Error())
		return
	}
	r.tell(message.Get("done").Int(), message.Get("total").Int(), &result)
}

// dismiss gives up a worker that died. The next run starts another.
func (r *runner) dismiss(reason string) {
	r.worker.Call("terminate")
	r.worker = js.Undefined()
	if r.under {
		r.fail(reason)
	}
}

func (r *runner) fail(reason string) {
	r.under = false
	r.failed(reason)
}

func (r *runner) tell(done, total int, result *tail.Result) {
	if done >= total {
		r.under = false
	}
	r.news(done, total, result)
}

// workHere does the run on this thread.
func (r *runner) workHere() {
	simulation, err := r.wanted.here()
	if err != nil {
		r.fail(err.Error())
		return
	}
	r.job = &job{
		simulation: simulation, slice: pageSlice,
		heard: r.tell,
		catch: func(fault string) { r.fail(fault) },
	}
	r.job.start()
}
