package report

import (
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

// The ratios of one cause have these before its name.
const (
	aloneKey   = "tail.alone."
	withoutKey = "tail.without."
)

var tailEntries = join(tailTimeEntries(), []entry{
	{"tail.p99_over_p50", "P99 of a decode step over its median", Ratio, ofTail(func(t *Tail) float64 { return t.Ratio })},
}, causeEntries(aloneKey, "with ", " alone", func(t *Tail) map[string]float64 { return t.Alone }),
	causeEntries(withoutKey, "without ", "", func(t *Tail) map[string]float64 { return t.Without }),
	[]entry{
		{"tail.steps", "decode steps simulated", Count, ofTail(func(t *Tail) float64 { return float64(t.Steps) })},
		{"tail.requests", "requests simulated", Count, ofTail(func(t *Tail) float64 { return float64(t.Requests) })},
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
		out = append(out, entry{x.id, x.name, Seconds, ofTail(x.value)})
	}
	return out
}

// causeEntries are one ratio per cause; before and after stand around its words.
func causeEntries(prefix, before, after string, ratios func(*Tail) map[string]float64) []entry {
	var out []entry
	for c := range tail.CauseCount {
		out = append(out, entry{prefix + c.String(), "P99 over the median step " + before + causeWords[c] + after, Ratio, ofTail(func(t *Tail) float64 { return ratios(t)[c.String()] })})
	}
	return out
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
