//go:build js && wasm

package main

import (
	"errors"
	"strconv"
	"syscall/js"

	"moecost/core/json"
	"moecost/core/offload/replay"
)

// readTrace is trace(data, experts): a Promise of what caches of experts make of recorded routing. data is a
// text or the bytes of a file, experts the number of experts of a layer of the model at hand, 0 if
// there is none. The answer's curve is a cache.Curve as JSON. Between two runs of the replay the page may do something else.
func readTrace(_ js.Value, args []js.Value) any {
	var executor js.Func
	executor = js.FuncOf(func(_ js.Value, settle []js.Value) any {
		executor.Release()
		go func() {
			settle[0].Invoke(answer(func() (map[string]any, error) {
				data, ok := bytesOf(args)
				if !ok || len(args) != 2 || args[1].Type() != js.TypeNumber {
					return nil, errors.New("trace: a text or bytes, and a number of experts, are needed")
				}
				traces, err := replay.Read(string(data), args[1].Int())
				if err != nil {
					return nil, err
				}
				first := traces[0]
				if len(traces) > 1 {
					first.Name += ", the first of " + strconv.Itoa(len(traces))
				}
				text, err := json.Marshal(replay.Curve(first, breathe))
				return map[string]any{"curve": string(text)}, err
			}))
		}()
		return nil
	})
	return js.Global().Get("Promise").New(executor)
}

// breathe lets the page do what has come up meanwhile.
func breathe() {
	done := make(chan struct{})
	var wake js.Func
	wake = js.FuncOf(func(js.Value, []js.Value) any {
		wake.Release()
		close(done)
		return nil
	})
	js.Global().Call("setTimeout", wake, 0)
	<-done
}
