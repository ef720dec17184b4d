package report

import (
	"fmt"
	"slices"

	"moecost/core/quantity"
	"moecost/core/tail"
)

// warnTail says where the simulated percentile misses an objective, and what would help.
func (r *Report) warnTail() {
	r.Warnings = slices.DeleteFunc(r.Warnings, func(w Warning) bool { return w.At == "load" && len(w.ID) > 5 && w.ID[:5] == "tail." })
	s := r.simulated
	decode, first := r.tailFactors()
	if s.Overload {
		r.add(Warning{ID: "tail.overload", At: "load",
			Text:   fmt.Sprintf("%s requests per second are more than this deployment serves: they wait ever longer, and the percentiles only say how far the simulation got.", short(r.Scenario.Rate)),
			WayOut: "Fewer requests, more GPUs, or a larger batch if memory has room for it."})
	}
	r.warnPercentile("tpot", "time per output token", r.Scenario.TPOT, decode, s.TPOT)
	r.warnPercentile("ttft", "time to first token", r.Scenario.TTFT, first, s.TTFT)
}

func (r *Report) warnPercentile(id, what string, objective, factor float64, q tail.Quantiles) {
	seconds := factor * q.At(r.Scenario.Pct/100)
	if objective <= 0 || seconds <= objective/1e3 {
		return
	}
	w := Warning{ID: "tail." + id, At: "load",
		Text: fmt.Sprintf("At the %gth percentile the %s is %s: the objective of %g ms is missed.", r.Scenario.Pct, what, quantity.Seconds.Text(quantity.Decimal, seconds), objective)}
	if !r.Scenario.Split {
		w.WayOut, w.Apply = "Prefill on GPUs of its own keeps the prompts of others out of it.", "split=1"
	} else {
		w.WayOut = "A smaller batch or more GPUs shorten the step."
	}
	r.add(w)
}
