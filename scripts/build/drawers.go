package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
)

// drawing is one line of what prerender.mjs reads, and with SVG of what it writes.
type drawing struct {
	Name   string          `json:"name"`
	Width  int             `json:"width"`
	Height int             `json:"height"`
	Option json.RawMessage `json:"option,omitempty"`
	SVG    string          `json:"svg,omitempty"`
}

// drawers are processes that draw charts without a browser, as many as there are processors. Each draws one
// after another; a drawing does not depend on which one draws it, or after what.
type drawers struct {
	idle chan *drawer
	all  []*drawer
}

type drawer struct {
	process *exec.Cmd
	input   io.WriteCloser
	output  *json.Decoder
	faults  bytes.Buffer
}

func newDrawers() (*drawers, error) {
	n := runtime.NumCPU()
	d := &drawers{idle: make(chan *drawer, n)}
	for range n {
		one := &drawer{process: exec.Command("node", "--max-semi-space-size=32", "js/prerender.mjs")}
		one.process.Dir = "site"
		one.process.Stderr = &one.faults
		var err error
		if one.input, err = one.process.StdinPipe(); err != nil {
			return nil, err
		}
		out, err := one.process.StdoutPipe()
		if err != nil {
			return nil, err
		}
		if err := one.process.Start(); err != nil {
			d.close()
			return nil, err
		}
		one.output = json.NewDecoder(out)
		d.all = append(d.all, one)
		d.idle <- one
	}
	return d, nil
}

// draw gives the SVG of a chart, in which colours are named by the tokens of the style sheet.
func (d *drawers) draw(ask drawing) (string, error) {
	one := <-d.idle
	defer func() { d.idle <- one }()
	line, err := json.Marshal(ask)
	if err != nil {
		return "", err
	}
	_, err = one.input.Write(append(line, '\n'))
	var drawn drawing
	if err == nil {
		err = one.output.Decode(&drawn)
	}
	if err != nil {
		return "", fmt.Errorf("chart %q at %d × %d: prerender.mjs: %w\n%s", ask.Name, ask.Width, ask.Height, err, one.faults.Bytes())
	}
	return drawn.SVG, nil
}

// close ends the processes.
func (d *drawers) close() error {
	var faults []error
	for _, one := range d.all {
		one.input.Close()
		if err := one.process.Wait(); err != nil {
			faults = append(faults, fmt.Errorf("prerender.mjs: %w\n%s", err, one.faults.Bytes()))
		}
	}
	return errors.Join(faults...)
}
