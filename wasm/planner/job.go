//go:build js && wasm

package main

import "syscall/js"

// job is work that goes on in slices. Between two of them messages are heard, and where it is the page's own thread
// that works, the page is painted.
type job struct {
	advance func(steps int)
	done    func() (done, total int)
	result  func() string // what has been found so far

	tell   func(done, total int)
	refuse func(reason string)

	steps int     // of the next call of advance
	next  float64 // when another result may be told, by the browser's clock
	turns *turns
}

// answered is a job that was done at once.
func answered(result string) *job {
	return &job{done: func() (int, int) { return 1, 1 }, result: func() string { return result }}
}

// tellEvery is the least pause between two results of one job, in milliseconds. Each is drawn, which takes
// the page's thread a tenth of that. A result that takes long to put together has a longer pause behind it, so
// many times as long.
const (
	tellEvery = 200
	workShare = 12
)

// One call of advance should take between these, in milliseconds: long enough that looking at the
// clock costs nothing, short enough that a slice keeps its length.
const (
	shortCall = 0.5
	longCall  = 2
)

// start begins to work. The first result comes after tellEvery, or at the end.
func (j *job) start(slice float64) {
	if done, total := j.done(); done >= total {
		j.tell(done, total)
		return
	}
	j.steps, j.next = 1, now()+tellEvery
	j.turns = newTurns(func() {
		defer catch(func(reason string) {
			j.turns.end()
			j.refuse(reason)
		})
		j.work(slice)
	})
	j.turns.again()
}

// stop ends it: nothing is told any more.
func (j *job) stop() {
	if j != nil && j.turns != nil {
		j.turns.end()
	}
}

// work is one slice, of so many milliseconds.
func (j *job) work(slice float64) {
	from := now()
	at := from
	for {
		j.advance(j.steps)
		then := at
		at = now()
		done, total := j.done()
		switch took := at - then; {
		case done >= total:
			j.turns.end()
			j.tell(done, total)
			return
		case took > longCall:
			j.steps = max(1, j.steps/2)
		case took < shortCall:
			j.steps *= 2
		}
		if at-from+longCall/2 < slice {
			continue
		}
		if at >= j.next {
			j.tell(done, total)
			told := now()
			j.next = told + max(tellEvery, workShare*(told-at))
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
