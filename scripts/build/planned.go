package main

import (
	"encoding/json"
	"slices"

	"moecost/core/chart"
	"moecost/core/plan"
	"moecost/core/report"
	"moecost/core/story"
)

// withPlan puts the section of the plan in its place, after those of the report that have a number.
func withPlan(sections []story.Section, s story.Section) []story.Section {
	at := slices.IndexFunc(sections, func(x story.Section) bool { return x.ID == s.ID })
	if at >= 0 {
		sections[at] = s
		return sections
	}
	if at = slices.IndexFunc(sections, func(x story.Section) bool { return x.Number == 0 }); at < 0 {
		at = len(sections)
	}
	return slices.Insert(sections, at, s)
}

// findPlan searches for the cheapest deployment, as the browser does in a worker, and gives how its numbers come
// about as JSON, for the page's program.
func (a *answer) findPlan() (derivations string, err error) {
	q, err := report.PlanQuestion(report.Question{Scenario: a.ask})
	if err != nil {
		return "", err
	}
	search, err := plan.New(q)
	if err != nil {
		return "", err
	}
	for search.Phase() != "done" {
		search.Advance(100)
	}
	found := search.Result()
	a.planned = &found
	said := story.SayPlan(a.ask, a.planned)
	a.page.Sections = withPlan(a.page.Sections, said.Section)
	text, err := json.Marshal(said.Derivations)
	return string(text), err
}

// option lays a chart of the answer out, or of its plan.
func (a *answer) option(name string, b chart.Box) (chart.Option, error) {
	if a.planned != nil {
		if o, err := chart.DrawPlan(name, a.planned, b, chart.Light); err == nil {
			return o, nil
		}
	}
	return chart.Draw(name, a.report, b, chart.Light)
}
