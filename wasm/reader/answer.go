//go:build js && wasm

package main

import (
	"fmt"
	"runtime/debug"
	"syscall/js"

	"moecost/core/arch"
)

// answer is what a call gives: an object of texts. Its "error" is empty if all went well. A fault in
// the reader is an error like any other: the page goes on.
func answer(read func() (map[string]any, error)) (texts map[string]any) {
	defer func() {
		if fault := recover(); fault != nil {
			js.Global().Get("console").Call("error", fmt.Sprintf("moecost: %v\n%s", fault, debug.Stack()))
			texts = map[string]any{"error": fmt.Sprintf("reader: a fault in this program, not in your file: %v", fault)}
		}
	}()
	texts, err := read()
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	texts["error"] = ""
	return texts
}

// describe answers with a model: the reading as a description, and the text of the config that a link can carry.
func describe(read func() (*arch.Reading, string, error)) map[string]any {
	texts := answer(func() (map[string]any, error) {
		r, config, err := read()
		if err != nil {
			return nil, err
		}
		text, err := arch.EncodeReading(r)
		return map[string]any{"reading": string(text), "config": config}, err
	})
	if texts["error"] != "" {
		texts["reading"], texts["config"] = "", ""
	}
	return texts
}
