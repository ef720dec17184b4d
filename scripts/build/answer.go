package main

import (
	"encoding/json"

	"moecost/core/chart"
	"moecost/core/report"
	"moecost/core/scenario"
	"moecost/core/story"
)

// defaultAnswer is what a visitor without a link sees: the words, and the
// charts drawn in the light palette, whose colours become variables; and the result of its
// simulation, for the page's program.
func defaultAnswer() (story.Page, map[string][]still, string, error) {
	ask := scenario.Default()
	r, err := report.Build(report.Question{Scenario: ask})
	if err != nil {
		return story.Page{}, nil, "", err
	}
	r.Simulate(true) // in the browser a worker does
	simulated := ""
	if result, ok := r.Simulation(); ok {
		simulated = string(result.Encode())
	}
	page := story.Build(ask, r)
	if err := checkSections(page.Sections); err != nil {
		return story.Page{}, nil, "", err
	}
	var names []string
	for _, s := range page.Sections {
		for _, f := range s.Frames {
			if !f.TableOnly && !f.Absent && f.Empty == nil {
				names = append(names, f.Chart)
			}
		}
	}
	stills, err := draw(names, func(name string, b box) (json.RawMessage, error) {
		o, err := chart.Draw(name, r, chart.Box{Width: float64(b.Width), Height: float64(b.Height)}, chart.Light)
		if err != nil {
			return nil, err
		}
		return o.JSON()
	})
	return page, stills, simulated, err
}
