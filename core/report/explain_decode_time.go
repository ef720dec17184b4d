package report

import (
	"fmt"
	"math"

	"moecost/core/serving"
)

func decodeTimeExplanations() []explanation {
	return []explanation{
		{"decode.tokens_per_step", explainAccepted},
		{"decode.tpot_s", explainTPOT},
		{"decode.tokens_per_s", func(r *Report, d *Derivation) {
			d.batch(r)
			d.figure(r, "t", "decode.tpot_s")
			d.say("tokens per second = sequences / time per output token", "B/t")
		}},
		{"decode.tokens_per_s_per_gpu", perGPURate("decode.tokens_per_s")},
		{"decode.tokens_per_s_per_user", func(r *Report, d *Derivation) {
			d.figure(r, "t", "decode.tpot_s")
			d.say("tokens per second = 1 / time per output token", "1/t")
		}},
		{"decode.knee_batch", func(r *Report, d *Derivation) {
			d.term("K", "smallest power of two from which on no doubling raises the tokens per second by more than √2", d.Figure.Value, Sequences,
				"the time of a step at batch 1, 2, 4 … 8,192, each as decode.tpot_s")
			d.say("knee = the batch after the last doubling that pays", "K")
			d.Note = "Doubling the batch multiplies throughput by g and the speed of every user by g/2. Below g = √2 users lose the larger factor. Whether so many sequences fit is another question."
		}},
		{"decode.best_batch", func(r *Report, d *Derivation) {
			d.term("K", fmt.Sprintf("largest batch whose predicted time per output token is at most %g ms", r.Scenario.TPOT), math.Min(d.Figure.Value, float64(r.Memory.MaxBatch)), Sequences,
				"bisection over the batch, each as decode.tpot_s")
			d.figure(r, "M", "memory.max_batch")
			d.say("best = the largest batch that fits and keeps the objective", "min(K, M)")
			d.Note = "The objective is held against the mean, not against a percentile."
		}},
	}
}

func explainTPOT(r *Report, d *Derivation) {
	c, l := &r.in.clock, r.in.load
	d.figure(r, "S", "decode.step_s")
	formula, words := "S", "time per output token = step"
	if l.Draft > 0 {
		d.figure(r, "a", "decode.tokens_per_step")
		formula, words = "S/a", words+" / tokens that it makes of a sequence"
	}
	if plain := c.timing.DecodeStep(l); c.timing.TPOT(l) > plain.Seconds {
		k := serving.Fitted()
		waiting := math.Pow(float64(l.Batch)/float64(r.in.layout.DP), k.Together)
		d.batch(r)
		d.part(r, "DP")
		d.term("o", "tokens generated", float64(l.Output), Tokens, "the scenario: out")
		wait := "(B - 1)/DP/o*" + d.sharedPrompt(r, waiting)
		formula += " + " + d.calibrate(r, wait, true, c.factor.Decode)
		words += " + prompts of the others that come during one token"
	}
	d.say(words, formula)
}

// sharedPrompt is the time that one more prompt takes when so many wait; a pipeline
// works on as many chunks as it has stages.
func (d *Derivation) sharedPrompt(r *Report, waiting float64) string {
	t, l := r.in.clock.timing, r.in.load
	w := t.ChunkWork(l, waiting, float64(r.in.layout.DP))
	s := t.Step(w)
	d.term("x", fmt.Sprintf("prefill step that %.3g waiting prompts share", max(waiting, 1)), s.Seconds, Seconds, "timed operator by operator, as prefill.step_s is")
	d.term("i", "tokens of a prompt", float64(l.Prompt), Tokens, "the scenario: in")
	d.term("w", "prompt tokens in that step", w.Prefill, Tokens, "the scenario: in, chunk")
	if r.in.layout.PP > 1 {
		d.part(r, "PP")
		return "x*i/w/PP"
	}
	return "x*i/w"
}

func perGPURate(id string) func(*Report, *Derivation) {
	return func(r *Report, d *Derivation) {
		d.figure(r, "R", id)
		d.term("G", "GPUs", float64(r.in.layout.GPUs), GPUs, r.layoutSource())
		d.say("per GPU = rate / GPUs", "R/G")
	}
}

// basis says what stands behind a range.
func (r *Report) basis(class serving.Class, factor float64) string {
	span := serving.RangeOf(class)
	if class == serving.Unmeasured && factor == 0 {
		return fmt.Sprintf("Range: nothing was measured on accelerators of this kind; %.2f to %.2f times the prediction is a guess.", span.Low, span.High)
	}
	note := fmt.Sprintf("Range: of measurements whose configuration no constant was fitted on, class %s, 80 %% lie between %.2f and %.2f times the prediction.", class, span.Low, span.High)
	if factor > 0 {
		note = fmt.Sprintf("Scaled by your measurement. Range: what is left inside one configuration once one point of it is known, class %s: %.2f to %.2f times.", class, span.NearbyLow, span.NearbyHigh)
	}
	if n := measuredIn(class); n.Rows > 0 {
		note += fmt.Sprintf(" Behind it are %d measurements of %d configurations.", n.Rows, n.Configurations)
	}
	return note
}

// basisInside says what stands behind the range of a comparison of two loads.
func (r *Report) basisInside(class serving.Class) string {
	span := serving.RangeOf(class)
	return fmt.Sprintf("Range: two loads of one configuration are compared, so it is what is left inside one once a point of it is known, class %s: %.2f to %.2f times.", class, span.NearbyLow, span.NearbyHigh)
}
