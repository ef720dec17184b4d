//go:build js && wasm

package main

import (
	"syscall/js"

	"moecost/core/json"
	"moecost/core/story"
)

// launch says what to run for the scenario: a story.Launching as JSON.
func launch(d *desk, message js.Value) (*job, error) {
	q, err := d.asked.question(message)
	if err != nil {
		return nil, err
	}
	r, err := d.asked.answer(message)
	if err != nil {
		return nil, err
	}
	result, err := json.Marshal(story.Launches(q, r))
	return answered(string(result)), err
}
