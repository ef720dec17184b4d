package main

import (
	"fmt"

	"moecost/core/chart"
	"moecost/core/plan"
	"moecost/core/report"
	"moecost/core/scenario"
	"moecost/core/story"
)

// answer is what a page says before any script has run: the words, and the charts drawn in the light palette, whose
// colours become variables.
type answer struct {
	ask       scenario.Scenario
	report    *report.Report
	page      story.Page
	simulated string // the result of its simulation, for the page's program
	drawings  map[size]string
	planned   *plan.Result
}

// newAnswer answers a scenario: all of it, or only what stands first.
func newAnswer(ask scenario.Scenario, whole bool) (*answer, error) {
	r, err := report.Build(report.Question{Scenario: ask})
	if err != nil {
		return nil, err
	}
	if !whole {
		return &answer{ask: ask, report: r, page: story.Opening(ask, r)}, nil
	}
	r.Simulate(true) // in the browser a worker does
	a := &answer{ask: ask, report: r}
	if result, ok := r.Simulation(); ok {
		a.simulated = string(result.Encode())
	}
	a.page = story.Build(ask, r)
	a.page.Sections = withPlan(a.page.Sections, story.Plan(ask, nil))
	return a, checkSections(a.page.Sections)
}

// drawnFrames are the figures of a section that have something to draw.
func drawnFrames(s story.Section) (frames []story.Frame) {
	for _, f := range s.Frames {
		if !f.TableOnly && !f.Absent && f.Empty == nil {
			frames = append(frames, f)
		}
	}
	return frames
}

// size is a chart and the box that it was drawn for.
type size struct {
	name          string
	width, height int
}

// draw draws a chart for a box, once: a page and a file may show the same drawing.
func (a *answer) draw(d *drawers, name string, b box) (string, error) {
	at := size{name, b.Width, b.Height}
	if svg, ok := a.drawings[at]; ok {
		return svg, nil
	}
	o, err := a.option(name, chart.Box{Width: float64(b.Width), Height: float64(b.Height)})
	if err != nil {
		return "", err
	}
	option, err := o.JSON()
	if err != nil {
		return "", fmt.Errorf("chart %q at %d × %d: %w", name, b.Width, b.Height, err)
	}
	svg, err := d.draw(drawing{Name: name, Width: b.Width, Height: b.Height, Option: option})
	if a.drawings == nil {
		a.drawings = map[size]string{}
	}
	a.drawings[at] = svg
	return svg, err
}
