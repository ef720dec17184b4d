//go:build js && wasm

package main

import (
	"syscall/js"

	"moecost/core/chart"
	"moecost/core/json"
	"moecost/core/plan"
	"moecost/core/report"
	"moecost/core/story"
)

// foundPlans are what the last searches have found, the newest last, kept for drawPlan.
type foundPlans []foundPlan

type foundPlan struct {
	ask    int // of the search
	result *plan.Result
}

// mostPlans is how many are kept, as many as the page keeps (wasm/page/plan.go).
const mostPlans = 8

func (f *foundPlans) put(ask int, r *plan.Result) {
	for i := range *f {
		if (*f)[i].ask == ask {
			(*f)[i].result = r
			return
		}
	}
	if *f = append(*f, foundPlan{ask, r}); len(*f) > mostPlans {
		*f = (*f)[1:]
	}
}

func (f foundPlans) of(ask int) *plan.Result {
	for i := range f {
		if f[i].ask == ask {
			return f[i].result
		}
	}
	return nil
}

// findPlan searches for the cheapest deployment: a story.PlanSaid as JSON.
func findPlan(d *desk, message js.Value) (*job, error) {
	q, err := d.asked.question(message)
	if err != nil {
		return nil, err
	}
	asked, err := report.PlanQuestion(q)
	if err != nil {
		return nil, err
	}
	search, err := plan.New(asked)
	if err != nil {
		return nil, err
	}
	ask := message.Get("ask").Int()
	return &job{advance: search.Advance, done: search.Done, result: func() string {
		found := search.Result()
		d.found.put(ask, &found)
		said, err := json.Marshal(story.SayPlan(q.Scenario, &found))
		if err != nil {
			panic(err)
		}
		return string(said)
	}}, nil
}

// drawPlan lays a chart of what the search with the number of has found out: its options, empty if that is not kept. chart
// is its name, width and height are those of its box in CSS pixels, dark tells which colours the page has.
func drawPlan(d *desk, message js.Value) (*job, error) {
	found := d.found.of(message.Get("of").Int())
	if found == nil {
		return answered(""), nil
	}
	theme := chart.Light
	if message.Get("dark").Truthy() {
		theme = chart.Dark
	}
	option, err := chart.DrawPlan(text(message, "chart"), found, chart.Box{Width: message.Get("width").Float(), Height: message.Get("height").Float()}, theme)
	if err != nil {
		return nil, err
	}
	options, err := option.JSON()
	return answered(string(options)), err
}
