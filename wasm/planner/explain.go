//go:build js && wasm

package main

import (
	"syscall/js"

	"moecost/core/json"
	"moecost/core/story"
)

// explain derives the number id of the scenario: a story.Derivation as JSON.
func explain(d *desk, message js.Value) (*job, error) {
	r, err := d.asked.answer(message)
	if err != nil {
		return nil, err
	}
	derivation, err := story.Explain(r, text(message, "id"))
	if err != nil {
		return nil, err
	}
	result, err := json.Marshal(derivation)
	return answered(string(result)), err
}
