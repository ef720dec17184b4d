//go:build js && wasm

package main

import (
	"fmt"
	"runtime/debug"
	"syscall/js"

	"moecost/core/arch"
)

// describe runs a reader and gives its answer: an object with the reading as a
// description and the text of the config that a link can carry, or with an
// error. A fault in the reader is an error like any other: the page goes on.
func describe(read func() (*arch.Reading, string, error)) (answer map[string]any) {
	defer func() {
		if fault := recover(); fault != nil {
			js.Global().Get("console").Call("error", fmt.Sprintf("moecost: %v\n%s", fault, debug.Stack()))
			answer = refuse(fmt.Errorf("reader: a fault in this program, not in your file: %v", fault))
		}
	}()
	r, config, err := read()
	if err != nil {
		return refuse(err)
	}
	text, err := arch.EncodeReading(r)
	if err != nil {
		return refuse(err)
	}
	return map[string]any{"reading": string(text), "config": config, "error": ""}
}

func refuse(err error) map[string]any {
	return map[string]any{"reading": "", "config": "", "error": err.Error()}
}
