package story

import (
	"strings"

	"moecost/core/plan"
	"moecost/core/report"
)

// planKey stands before the id of a plan's own number. The report of a scenario has none of these.
const planKey = "plan."

// InPlan tells whether a number is one of a plan, and not of the report.
func InPlan(id string) bool { return strings.HasPrefix(id, planKey) }

// planFigure is a number of the plan that opens.
func planFigure(id, text string) Span { return Span{Text: text, Figure: planKey + id} }

// planTitles are the names of a plan's numbers.
var planTitles = map[string]string{
	"best.usd_per_hour":              "Cost of an hour",
	"best.usd_per_m_output":          "A million output tokens, all of the cost on them",
	"best.usd_per_m_tokens":          "A million tokens, input and output",
	"best.tpot.closed_mean_s":        "Time per output token, mean",
	"best.main.running":              "Sequences that decode at once in a copy",
	"day.bill.usd_per_day":           "Cost of a day",
	"day.bill.energy_kwh":            "Electricity of a day, kWh",
	"day.bill.usd_per_m_input":       "A million input tokens",
	"day.bill.usd_per_m_fresh_input": "A million input tokens that are prefilled",
	"day.bill.usd_per_m_output":      "A million output tokens",
	"day.bill.api_usd_per_day":       "The same tokens at the API",
}

// planTerms are the terms of one number of a plan that are numbers of it, too, by their names.
var planTerms = map[string]string{
	"cost of an hour":             "best.usd_per_hour",
	"cost of a day":               "day.bill.usd_per_day",
	"energy of the day":           "day.bill.energy_kwh",
	"time per output token, mean": "best.tpot.closed_mean_s",
}

// PlanDerivations say how the numbers of a plan and of its bill come about.
func PlanDerivations(r *plan.Result) []Derivation {
	var all []Derivation
	if r.Best != nil {
		for i := range r.Best.Arithmetic {
			all = append(all, planDerivation(&r.Best.Arithmetic[i]))
		}
	}
	if r.Day != nil {
		for i := range r.Day.Arithmetic {
			all = append(all, planDerivation(&r.Day.Arithmetic[i]))
		}
	}
	known := map[string]bool{}
	for i := range all {
		known[all[i].ID] = true
	}
	for i := range all {
		for j := range all[i].Terms {
			if t := &all[i].Terms[j]; !known[t.Figure] {
				t.Figure = ""
			}
		}
	}
	return all
}

func planDerivation(a *plan.Arithmetic) Derivation {
	d := report.Derivation{Figure: report.Figure{Value: a.Value}, Words: a.Words, Formula: a.Formula}
	for _, t := range a.Terms {
		d.Terms = append(d.Terms, report.Term{Symbol: t.Symbol, Name: t.Name, Value: t.Value, Source: t.Source})
	}
	out := Derivation{ID: planKey + a.ID, Title: planTitles[a.ID]}
	if out.Title == "" {
		out.Title = a.ID
	}
	unit := report.Count
	switch a.Unit {
	case "USD":
		unit = report.Dollars
	case "s":
		unit = report.Seconds
	case "sequences":
		unit = report.Sequences
	}
	derive(&out, d, wordings[unit])
	w := wordings[unit]
	out.Value, out.Of = w.kind.Text(0, a.Value), w.of
	for i, t := range a.Terms {
		term := &out.Terms[i]
		if id := planTerms[t.Name]; id != "" {
			term.Figure = planKey + id
		}
		if t.Unit != "" {
			term.Value += "\u00a0" + t.Unit
		}
	}
	return out
}
