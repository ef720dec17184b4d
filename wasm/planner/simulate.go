//go:build js && wasm

package main

import (
	"errors"
	"syscall/js"

	"moecost/core/tail"
)

// simulate draws steps and requests of the scenario: a tail.Result as JSON.
func simulate(d *desk, message js.Value) (*job, error) {
	r, err := d.asked.answer(message)
	if err != nil {
		return nil, err
	}
	c, ok := r.TailCase()
	if !ok {
		return nil, errors.New("tail: there is nothing to simulate")
	}
	s, err := tail.New(c)
	if err != nil {
		return nil, err
	}
	return &job{advance: func(steps int) { s.Advance(steps) }, done: s.Done, result: func() string { return string(s.Result().Encode()) }}, nil
}
