//go:build js && wasm

package main

import (
	"errors"
	"syscall/js"

	"moecost/core/arch"
	"moecost/core/arch/hf"
)

// readConfig is config(text): the reading of a config.json, at once.
func readConfig(_ js.Value, args []js.Value) any {
	return describe(func() (*arch.Reading, string, error) {
		if len(args) != 1 || args[0].Type() != js.TypeString {
			return nil, "", errors.New("config: the text of a config.json is needed")
		}
		r, err := hf.Read([]byte(args[0].String()))
		return r, args[0].String(), err
	})
}
