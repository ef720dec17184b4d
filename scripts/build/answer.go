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

// draw draws a chart for a box.
func (a *answer) draw(d *drawers, name string, b box) (string, error) {
	o, err := a.option(name, chart.Box{Width: float64(b.Width), Height: float64(b.Height)})
	if err != nil {
		return "", err
	}
	option, err := o.JSON()
	if err != nil {
		return "", fmt.Errorf("chart %q at %d × %d: %w", name, b.Width, b.Height, err)
	}
	return d.draw(drawing{Name: name, Width: b.Width, Height: b.Height, Option: option})
}
