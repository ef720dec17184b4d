//go:build js && wasm

package main

import (
	"errors"
	"syscall/js"

	"moecost/core/arch"
	"moecost/wasm/page/hub"
)

// The functions in this file ask wasm/reader, the program that reads configs and
// checkpoints (docs/page.md, "Reading configs"). They wait for it and so run in a goroutine (later).

// readConfig reads the text of a config.json.
func readConfig(text string) (*arch.Reading, error) {
	reader, err := loadReader()
	if err != nil {
		return nil, err
	}
	reading, _, err := decodeAnswer(reader.Call("config", text))
	return called(reading, text), err
}

// readFiles reads the files of one model: a config.json, the headers of a
// checkpoint, or both. A config that is at hand already goes with headers that lack theirs.
// It gives the text of the config that was used, empty if there is none.
func readFiles(files []js.Value, config string) (*arch.Reading, string, error) {
	reader, err := loadReader()
	if err != nil {
		return nil, "", err
	}
	list := js.Global().Get("Array").New()
	for _, f := range files {
		list.Call("push", f)
	}
	answer, err := await(reader.Call("files", list, config))
	if err != nil {
		return nil, "", err
	}
	reading, config, err := decodeAnswer(answer)
	return called(reading, config), config, err
}

// called gives a model the name that its config has for it.
func called(reading *arch.Reading, config string) *arch.Reading {
	if reading != nil && reading.Model.Name == "" {
		reading.Model.Name = hub.Name(config)
	}
	return reading
}

// loadReader fetches the program once. After a failure the next call tries again.
func loadReader() (js.Value, error) {
	reader, err := await(js.Global().Call("moecostReader"))
	if err != nil {
		return js.Value{}, errors.New("The part of this page that reads models could not be fetched: try again when the connection is back. " + err.Error())
	}
	return reader, nil
}

func decodeAnswer(answer js.Value) (*arch.Reading, string, error) {
	if fault := answer.Get("error"); fault.Truthy() {
		return nil, "", errors.New(fault.String())
	}
	reading, err := arch.DecodeReading([]byte(answer.Get("reading").String()))
	return reading, answer.Get("config").String(), err
}
