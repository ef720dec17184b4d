package report

import (
	"moecost/core/serving"
)

// timedStep is one of the steps that the report divides into parts.
type timedStep struct {
	step, parts, what string // ids and words
	of                func(*clock) *serving.Step
	work              func(*clock) serving.Work
	calibrated        bool
}

var timedSteps = []timedStep{
	{"decode.step_s", "decode.parts.", "a decode step", func(c *clock) *serving.Step { return &c.decode }, func(c *clock) serving.Work { return c.decodeWork }, true},
	{"prefill.step_s", "prefill.parts.", "a prefill step", func(c *clock) *serving.Step { return &c.prefill }, func(c *clock) serving.Work { return c.prefillWork }, false},
	{"prefill.prompt_step_s", "prefill.prompt_parts.", "a prefill step of one prompt alone", func(c *clock) *serving.Step { return &c.prompt }, func(c *clock) serving.Work { return c.promptWork }, false},
}

// operatorWords are the operators as the page says them.
var operatorWords = [serving.OperatorCount]string{
	"attention projections", "attention over the cache", "recurrent state", "dense layers", "gate and top-k",
	"permutation of tokens", "dispatch", "routed experts", "combine", "shared experts", "all-reduce", "pipeline transfer", "head, sampling and the host", "drafting modules",
	"waiting for experts that are not on the GPU",
}

// stepEntries are a step and its parts.
func stepEntries(s timedStep) []entry {
	out := []entry{{s.step, "time of " + s.what, Seconds, timeOf(func(r *Report) float64 { return s.of(&r.in.clock).Seconds })}}
	for o := range serving.OperatorCount {
		out = append(out, entry{s.parts + o.Name(), operatorWords[o] + " in " + s.what, Seconds,
			timeOf(func(r *Report) float64 { return s.of(&r.in.clock).Parts[o] })})
	}
	return out
}

// timeOf is the value of a time that only a report with times has.
func timeOf(get func(*Report) float64) func(*Report) (float64, bool) {
	return func(r *Report) (float64, bool) {
		if !r.timed() {
			return 0, false
		}
		v := get(r)
		return v, v > 0
	}
}
