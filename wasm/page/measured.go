//go:build js && wasm

package main

import (
	"errors"
	"syscall/js"

	"moecost/core/quantity"
	"moecost/core/scenario"
)

// mostMeasured is the largest result of a benchmark that is read: those with every request in them have some megabytes.
const mostMeasured = 64 << 20

func (p *page) listenToMeasurements() {
	p.listenToPaste(&paste{
		name: "measured", largest: mostMeasured,
		advice: "Write the result without the single requests.",
		invite: "The times are read here, in this page.",
		read:   p.readMeasured,
		drop:   func() { p.ask.Seen = "" },
	})
}

// readMeasured asks the reader for the points of a benchmark's result, or of a list written by hand.
func (p *page) readMeasured(data js.Value) (taken, error) {
	text, err := ask("measured", "points", data)
	if err != nil {
		return taken{}, err
	}
	points, why := scenario.Points(text)
	if why != "" {
		return taken{}, errors.New(why)
	}
	times := 0
	for _, point := range points {
		if point.TPOT > 0 {
			times++
		}
		if point.TTFT > 0 {
			times++
		}
	}
	noun := " measured times at "
	if times == 1 {
		noun = " measured time at "
	}
	loads := " loads."
	if len(points) == 1 {
		loads = " load."
	}
	return taken{quantity.Integer(int64(times)) + noun + quantity.Integer(int64(len(points))) + loads, func() { p.useMeasured(text) }}, nil
}

// useMeasured lets measured points scale the predictions. The link carries them.
func (p *page) useMeasured(points string) {
	p.link.flush(p)
	p.ask.Seen = points
	p.mended("seen")
	delete(p.refusals, "seen")
	p.chosen()
}
