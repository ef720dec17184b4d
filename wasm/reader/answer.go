//go:build js && wasm

package main

import (
	"encoding/json"
	"fmt"
	"runtime/debug"
	"syscall/js"

	"moecost/core/arch"
)

// answer is what every call gives, as JSON.
type answer struct {
	Reading json.RawMessage `json:"reading,omitempty"`
	Config  string          `json:"config,omitempty"` // the text that a link can carry
	Error   string          `json:"error,omitempty"`
}

// describe runs a reader and writes its answer. A fault in it is an error like
// any other: the page goes on.
func describe(read func() (*arch.Reading, string, error)) string {
	text, _ := json.Marshal(attempt(read)) // RawMessage is JSON already: it cannot fail
	return string(text)
}

func attempt(read func() (*arch.Reading, string, error)) (a answer) {
	defer func() {
		if fault := recover(); fault != nil {
			js.Global().Get("console").Call("error", fmt.Sprintf("moecost: %v\n%s", fault, debug.Stack()))
			a = answer{Error: fmt.Sprintf("reader: a fault in this program, not in your file: %v", fault)}
		}
	}()
	r, config, err := read()
	if err != nil {
		return answer{Error: err.Error()}
	}
	text, err := arch.EncodeReading(r)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Reading: text, Config: config}
}
