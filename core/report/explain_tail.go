package report

import (
	"fmt"

	"moecost/core/quantity"
	"moecost/core/tail"
)

// tailTime is one percentile of the tail section.
type tailTime struct {
	id, name string
	value    func(*Tail) float64
	of       func(*tail.Result) tail.Quantile
	base     string // the figure that it is a multiple of
	what     string // of the simulation, that multiple is
}

var tailTimes = []tailTime{
	{"tail.p50_s", "median decode step", func(t *Tail) float64 { return t.P50 }, func(r *tail.Result) tail.Quantile { return r.Step.P50 }, "decode.step_s", "median step over the expected one"},
	{"tail.p90_s", "P90 of a decode step", func(t *Tail) float64 { return t.P90 }, func(r *tail.Result) tail.Quantile { return r.Step.P90 }, "tail.p50_s", "P90 over the median step"},
	{"tail.p99_s", "P99 of a decode step", func(t *Tail) float64 { return t.P99 }, func(r *tail.Result) tail.Quantile { return r.Step.P99 }, "tail.p50_s", "P99 over the median step"},
	{"tail.p999_s", "P99.9 of a decode step", func(t *Tail) float64 { return t.P999 }, func(r *tail.Result) tail.Quantile { return r.Step.P999 }, "tail.p50_s", "P99.9 over the median step"},
	{"tail.tpot_p50_s", "median request's time per output token", func(t *Tail) float64 { return t.TPOTP50 }, func(r *tail.Result) tail.Quantile { return r.TPOT.P50 }, "decode.tpot_s", "median of a request's mean time per token over the expected one"},
	{"tail.tpot_p99_s", "P99 of a request's time per output token", func(t *Tail) float64 { return t.TPOTP99 }, func(r *tail.Result) tail.Quantile { return r.TPOT.P99 }, "tail.tpot_p50_s", "P99 over the median request"},
	{"tail.ttft_p50_s", "median time to first token", func(t *Tail) float64 { return t.TTFTP50 }, func(r *tail.Result) tail.Quantile { return r.TTFT.P50 }, "prefill.ttft_s", "median request, with its wait, over one alone"},
	{"tail.ttft_p99_s", "P99 of the time to first token", func(t *Tail) float64 { return t.TTFTP99 }, func(r *tail.Result) tail.Quantile { return r.TTFT.P99 }, "tail.ttft_p50_s", "P99 over the median request"},
}

// causeWords are the causes as the page says them.
var causeWords = [tail.CauseCount]string{
	"the noise of routing", "sequences and contexts that differ between replicas", "a mix of domains that changes",
	"prompts of others", "moved experts", "GPUs that differ in speed",
}

var tailEntries = join(tailTimeEntries(), []entry{
	{"tail.p99_over_p50", "P99 of a decode step over its median", Ratio, ofTail(func(t *Tail) float64 { return t.Ratio }),
		func(r *Report, d *Derivation) {
			d.figure(r, "a", "tail.p99_s")
			d.figure(r, "m", "tail.p50_s")
			d.say("ratio = P99 / median", "a/m")
		}},
}, causeEntries("tail.alone.", "with ", " alone", func(t *Tail) map[string]float64 { return t.Alone }, func(r *tail.Result, c tail.Cause) tail.Spread { return r.Alone[c] }),
	causeEntries("tail.without.", "without ", "", func(t *Tail) map[string]float64 { return t.Without }, func(r *tail.Result, c tail.Cause) tail.Spread { return r.Without[c] }),
	[]entry{
		{"tail.steps", "decode steps simulated", Count, ofTail(func(t *Tail) float64 { return float64(t.Steps) }),
			func(r *Report, d *Derivation) {
				d.term("n", "steps", float64(r.Tail.Steps), Count, r.simulation())
				d.say("steps counted, without those in which the simulation settles", "n")
			}},
		{"tail.requests", "requests simulated", Count, ofTail(func(t *Tail) float64 { return float64(t.Requests) }),
			func(r *Report, d *Derivation) {
				d.term("n", "requests", float64(r.Tail.Requests), Count, r.simulation())
				d.say("requests that ended while steps were counted", "n")
			}},
	})

func ofTail(get func(*Tail) float64) func(*Report) (float64, bool) {
	return func(r *Report) (float64, bool) {
		if r.Tail == nil {
			return 0, false
		}
		v := get(r.Tail)
		return v, v > 0
	}
}

func tailTimeEntries() []entry {
	var out []entry
	for _, x := range tailTimes {
		out = append(out, entry{x.id, x.name, Seconds, ofTail(x.value), func(r *Report, d *Derivation) {
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
		}})
	}
	return out
}

// causeEntries are one ratio per cause; before and after stand around its words.
func causeEntries(prefix, before, after string, ratios func(*Tail) map[string]float64, of func(*tail.Result, tail.Cause) tail.Spread) []entry {
	var out []entry
	for c := range tail.CauseCount {
		out = append(out, entry{prefix + c.String(), "P99 over the median step " + before + causeWords[c] + after, Ratio, ofTail(func(t *Tail) float64 { return ratios(t)[c.String()] }),
			func(r *Report, d *Derivation) {
				s := of(r.simulated, c)
				d.term("a", "P99 of the same steps so timed", s.P99, Seconds, r.simulation())
				d.term("m", "their median", s.P50, Seconds, r.simulation())
				d.say("ratio = P99 / median", "a/m")
			}})
	}
	return out
}

// simulation is the source of what was simulated.
func (r *Report) simulation() string {
	s := r.simulated
	return fmt.Sprintf("simulated: %s decode steps, %s requests, the routed experts of %s steps drawn, seed %d: docs/tail.md",
		quantity.Integer(int64(s.Steps)), quantity.Integer(int64(s.Requests)), quantity.Integer(int64(s.Drawn)), s.Seed)
}

// The measured ratios of P99 to median over the simulated ones, 80 %: the table of tails
// in docs/accuracy.md. Closed loops, prefill on the same GPUs. Nothing was fitted on them.
var (
	tpotErrors = [2]float64{1.11, 1.44}
	ttftErrors = [2]float64{0.34, 0.91}
)

// tailRows are the measurements behind each of them.
const tailRows = 54

// prefillMakes tells whether a slow step is one with prompts in it, so that the errors of
// prefill are its range.
func (r *Report) prefillMakes(id string) bool {
	const clearly = 1.25 // times as long as without
	if r.simulated == nil {
		return false
	}
	s := r.simulated
	without := s.Without[tail.Prefill]
	switch id {
	case "tail.p90_s":
		return s.Step.P90.Value > clearly*without.P99
	case "tail.p99_s", "tail.p999_s":
		return s.Step.P99.Value > clearly*without.P99
	}
	return false
}

// tailErrors are those of a figure; false if there are none.
func (r *Report) tailErrors(id string) (errors [2]float64, ok bool) {
	if r.Scenario.Split || r.in.clock.ideal {
		return errors, false
	}
	switch id {
	case "tail.tpot_p99_s":
		return tpotErrors, true
	case "tail.ttft_p99_s":
		return ttftErrors, true
	}
	return errors, false
}

// sampled widens the range of a simulated percentile by its sampling error, and by what
// measured percentiles were found to be wrong by.
func (r *Report) sampled(id string) (low, high float64) {
	low, high = 1, 1
	if e, ok := r.tailErrors(id); ok {
		low, high = e[0], e[1]
	}
	for _, x := range tailTimes {
		if x.id == id && r.simulated != nil {
			if q := x.of(r.simulated); q.Value > 0 {
				return low * q.Low / q.Value, high * q.High / q.Value
			}
		}
	}
	return low, high
}
