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
func readConfig(text, from string) (*given, error) {
	reader, err := loadReader()
	if err != nil {
		return nil, err
	}
	g, err := takeAnswer(reader.Call("config", text), from)
	if err == nil {
		g.config = text
	}
	return g, err
}

// readFiles reads the files of one model: a config.json, the headers of a
// checkpoint, or both. A config that is at hand already goes with headers that lack theirs.
func readFiles(files []js.Value, config, from string) (*given, error) {
	reader, err := loadReader()
	if err != nil {
		return nil, err
	}
	list := js.Global().Get("Array").New()
	for _, f := range files {
		list.Call("push", f)
	}
	answer, err := await(reader.Call("files", list, config))
	if err != nil {
		return nil, err
	}
	return takeAnswer(answer, from)
}

// loadReader fetches the program once. After a failure the next call tries again.
func loadReader() (js.Value, error) {
	reader, err := await(js.Global().Call("moecostReader"))
	if err != nil {
		return js.Value{}, errors.New("The part of this page that reads models could not be fetched: try again when the connection is back. " + err.Error())
	}
	return reader, nil
}

// takeAnswer decodes what the reader says, and gives the model the name that its config has for it.
func takeAnswer(answer js.Value, from string) (*given, error) {
	if fault := answer.Get("error"); fault.Truthy() {
		return nil, errors.New(fault.String())
	}
	g := &given{encoded: answer.Get("reading").String(), config: answer.Get("config").String(), from: from}
	var err error
	if g.reading, err = arch.DecodeReading([]byte(g.encoded)); err != nil {
		return nil, err
	}
	if g.reading.Model.Name == "" {
		g.reading.Model.Name = hub.Name(g.config)
	}
	return g, nil
}
