package report

import (
	"fmt"

	"moecost/core/quantity"
	"moecost/core/tail"
)

func tailExplanations() []explanation {
	out := []explanation{
		{"tail.p99_over_p50", func(r *Report, d *Derivation) {
			d.figure(r, "a", "tail.p99_s")
			d.figure(r, "m", "tail.p50_s")
			d.say("ratio = P99 / median", "a/m")
		}},
		{"tail.steps", func(r *Report, d *Derivation) {
			d.term("n", "steps", float64(r.Tail.Steps), Count, r.simulation())
			d.say("steps counted, without those in which the simulation settles", "n")
		}},
		{"tail.requests", func(r *Report, d *Derivation) {
			d.term("n", "requests", float64(r.Tail.Requests), Count, r.simulation())
			d.say("requests that ended while steps were counted", "n")
		}},
	}
	for _, x := range tailTimes {
		out = append(out, explanation{x.id, func(r *Report, d *Derivation) { d.tailTime(r, x) }})
	}
	for c := range tail.CauseCount {
		out = append(out,
			explanation{aloneKey + c.String(), func(r *Report, d *Derivation) { d.cause(r, r.simulated.Alone[c]) }},
			explanation{withoutKey + c.String(), func(r *Report, d *Derivation) { d.cause(r, r.simulated.Without[c]) }})
	}
	return out
}

func (d *Derivation) tailTime(r *Report, x tailTime) {
	base, _ := r.Figure(x.base)
	d.figure(r, "m", x.base)
	d.term("q", x.what, d.Figure.Value/base.Value, Ratio, r.simulation())
	d.say("time = "+base.Name+" × what the simulation finds it to be", "m*q")
	q := x.of(r.simulated)
	d.Note = fmt.Sprintf("Sampling error of this percentile, 80 %%: %s to %s times; it is part of the range.",
		quantity.Fixed(q.Low/q.Value, 3), quantity.Fixed(q.High/q.Value, 3))
	if r.Scenario.Rate > 0 && (x.id == "tail.p50_s" || x.id == "tail.tpot_p50_s") {
		d.Note += fmt.Sprintf(" At this rate about %s decode at once; the expected time is that of %s.",
			words(int64(r.simulated.Running), "sequence"), quantity.Integer(r.in.load.Batch))
	}
	if x.id == "tail.tpot_p50_s" && r.in.layout.DP > 1 && !r.Scenario.Split {
		d.Note += " decode.tpot_s takes all attention replicas to prefill at once. Here prompts come when they come, and all replicas wait for those that prefill."
	}
	if e, ok := r.tailErrors(x.id); ok {
		d.Note += fmt.Sprintf(" So is what %d measured ratios of P99 to median were over simulated ones, 80 %%: %g to %g (docs/accuracy.md).", tailRows, e[0], e[1])
	}
	if r.Tail.Overload {
		d.Note += " More requests come than can be served: waits grow for as long as that lasts, and this is only how far they got."
	}
}

// cause derives the ratio of steps with a cause alone, or without it.
func (d *Derivation) cause(r *Report, s tail.Spread) {
	d.term("a", "P99 of the same steps so timed", s.P99, Seconds, r.simulation())
	d.term("m", "their median", s.P50, Seconds, r.simulation())
	d.say("ratio = P99 / median", "a/m")
}

// simulation is the source of what was simulated.
func (r *Report) simulation() string {
	s := r.simulated
	return fmt.Sprintf("simulated: %s decode steps, %s requests, the routed experts of %s steps drawn, seed %d: docs/tail.md",
		quantity.Integer(int64(s.Steps)), quantity.Integer(int64(s.Requests)), quantity.Integer(int64(s.Drawn)), s.Seed)
}
