//go:build js && wasm

package main

import (
	"errors"
	"syscall/js"

	"moecost/core/measured"
	"moecost/core/scenario"
)

// readMeasured is measured(data): the results that a benchmark wrote, a text or the bytes of a file. The answer's points
// are what the link's key "seen" holds.
func readMeasured(_ js.Value, args []js.Value) any {
	return answer(func() (map[string]any, error) {
		data, ok := bytesOf(args)
		if !ok {
			return nil, errors.New("measured: a text or bytes are needed")
		}
		points, err := measured.Bench(data)
		if err != nil {
			return nil, err
		}
		return map[string]any{"points": scenario.PointsText(points)}, nil
	})
}
