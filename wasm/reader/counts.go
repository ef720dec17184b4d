//go:build js && wasm

package main

import (
	"errors"
	"syscall/js"

	"moecost/core/routing/counts"
)

// readCounts is counts(data, sizes): what a router counted, at once. data is a text or the bytes of
// a file, sizes are the numbers of experts that a layer of the model may have. The answer's rows are
// one line per layer, one number per expert.
func readCounts(_ js.Value, args []js.Value) any {
	return answer(func() (map[string]any, error) {
		data, ok := bytesOf(args)
		if !ok || len(args) != 2 || args[1].Type() != js.TypeObject {
			return nil, errors.New("counts: a text or bytes, and a list of numbers of experts, are needed")
		}
		var sizes []int
		for i := range args[1].Length() {
			sizes = append(sizes, args[1].Index(i).Int())
		}
		c, err := counts.Read(data, sizes...)
		if err != nil {
			return nil, err
		}
		return map[string]any{"rows": c.Encode()}, nil
	})
}

// bytesOf is the first argument of a call: a text, or a Uint8Array.
func bytesOf(args []js.Value) ([]byte, bool) {
	switch {
	case len(args) == 0:
	case args[0].Type() == js.TypeString:
		return []byte(args[0].String()), true
	case args[0].InstanceOf(js.Global().Get("Uint8Array")):
		data := make([]byte, args[0].Length())
		js.CopyBytesToGo(data, args[0])
		return data, true
	}
	return nil, false
}
