//go:build js && wasm

package main

import (
	"fmt"
	"syscall/js"

	"moecost/core/tail"
)

// job is a simulation that is worked on in slices. Between two of them the browser has its turn:
// a message that stops the job is heard, and where the job runs on the page's own thread, the page is painted.
type job struct {
	simulation *tail.Simulation
	slice      float64 // milliseconds of work in one slice
	heard      func(done, total int, result *tail.Result)

	catch func(fault string)

	steps int     // of the next call of Advance
	told  float64 // when a result was last told
	turns *turns
}

// tellEvery is the pause between two results of one job, in milliseconds. Each is drawn, which takes
// the page's thread a tenth of that.
const tellEvery = 200

// One call of Advance should take between these, in milliseconds: long enough that looking at the
// clock costs nothing, short enough that a slice keeps its length.
const (
	shortCall = 0.5
	longCall  = 2
)

// start begins to work. The first result comes after tellEvery, or at the end.
func (j *job) start() {
	j.steps, j.told = 1, now()
	j.turns = newTurns(func() {
		defer func() {
			if fault := recover(); fault != nil {
				j.turns.end()
				printFault(fault)
				j.catch(fmt.Sprint(fault))
			}
		}()
		j.work()
	})
	j.turns.again()
}

// stop ends it: nothing is told any more.
func (j *job) stop() {
	if j != nil && j.turns != nil {
		j.turns.end()
	}
}

// work is one slice.
func (j *job) work() {
	from := now()
	at := from
	for {
		j.simulation.Advance(j.steps)
		then := at
		at = now()
		done, total := j.simulation.Done()
		switch took := at - then; {
		case done >= total:
			j.turns.end()
			result := j.simulation.Result()
			j.heard(done, total, &result)
			return
		case took > longCall:
			j.steps = max(1, j.steps/2)
		case took < shortCall:
			j.steps *= 2
		}
		if at-from+longCall/2 < j.slice {
			continue
		}
		if at-j.told >= tellEvery {
			result := j.simulation.Result()
			j.heard(done, total, &result)
			j.told = now()
		}
		j.turns.again()
		return
	}
}

// turns calls a function over and over, with a turn of the browser in between. The messages of a
// channel return at once; timers would wait four milliseconds each.
type turns struct {
	channel js.Value
	call    js.Func
	over    bool
}

func newTurns(do func()) *turns {
	t := &turns{channel: js.Global().Get("MessageChannel").New()}
	t.call = js.FuncOf(func(js.Value, []js.Value) any {
		if !t.over {
			do()
		}
		return nil
	})
	t.channel.Get("port1").Set("onmessage", t.call)
	return t
}

// again asks for the next turn.
func (t *turns) again() {
	if !t.over {
		t.channel.Get("port2").Call("postMessage", js.Null())
	}
}

func (t *turns) end() {
	if !t.over {
		t.over = true
		t.channel.Get("port1").Call("close")
		t.call.Release()
	}
}

// now is the browser's clock, in milliseconds.
func now() float64 { return js.Global().Get("performance").Call("now").Float() }
