package story

import (
	"moecost/core/quantity"
	"moecost/core/scenario"
)

// planFields are the controls of the section of the plan.
func planFields(ask *scenario.Scenario, fields map[string]Field) {
	share := ""
	if ask.Prefix > 0 {
		share = quantity.Significant(ask.Prefix, 3)
	}
	lossy := "0"
	if ask.Lossy {
		lossy = "1"
	}
	autoscale := "0"
	if ask.Autoscale {
		autoscale = "1"
	}
	fields["day"] = Field{Chosen: ask.Day, Options: choicesOf("day")}
	fields["peak"] = Field{Value: objective(ask.Peak)}
	fields["autoscale"] = Field{Chosen: autoscale, Options: []Option{{"0", "All day"}, {"1", "As needed"}}}
	fields["kwh"] = Field{Value: objective(ask.KWh)}
	fields["pue"] = Field{Value: objective(ask.PUE)}
	fields["api_in"] = Field{Value: objective(ask.APIIn)}
	fields["api_cached"] = Field{Value: objective(ask.APICached)}
	fields["api_out"] = Field{Value: objective(ask.APIOut)}
	fields["among"] = Field{Value: ask.Among}
	fields["ttft"] = Field{Value: objective(ask.TTFT)}
	fields["budget"] = Field{Value: objective(ask.Budget)}
	fields["prefix"] = Field{Value: share}
	fields["in_cv"] = Field{Value: objective(ask.InCV)}
	fields["out_cv"] = Field{Value: objective(ask.OutCV)}
	fields["lossy"] = Field{Chosen: lossy, Options: []Option{{"0", "Its own"}, {"1", "Narrower too"}}}
}
