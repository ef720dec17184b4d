package report

import (
	"fmt"

	"moecost/core/quantity"
	"moecost/core/serving"
)

// warnTime says why there are no times, or what they have been scaled by.
func (r *Report) warnTime() {
	in, c := &r.in, &r.in.clock
	r.warnOffload()
	switch {
	case !in.gpu.Complete():
		r.add(Warning{ID: "time.gpu", At: "hardware",
			Text:   fmt.Sprintf("The memory bandwidth or the BF16 peak of %s is not known, so no step on it is timed.", in.gpu.Name),
			WayOut: "Describe the accelerator with both figures as a custom one."})
	case in.load.Host > 0 && c.timing == nil:
		r.add(Warning{ID: "time.host", At: "load",
			Text:   fmt.Sprintf("The link between %s and host memory is not known, so no step with experts there is timed.", in.gpu.Name),
			WayOut: "link= gives its rate in GB/s; with host=0 all experts are on the GPUs.", Apply: "host=0"})
	case !r.Memory.Fits:
		r.add(Warning{ID: "time.fits", At: "load",
			Text: "What does not fit does not run: times and the price of tokens are left out."})
	}
	if !r.timed() {
		return
	}
	if r.Scenario.Split {
		r.add(Warning{ID: "time.split", At: "load",
			Text: fmt.Sprintf("With prefill on GPUs of its own, decode never waits for it. Prefill is timed on another %d × %s laid out alike: "+
				"their hours are not in the price per hour, nor the way of the cache between them in the time to first token.", in.layout.GPUs, in.gpu.Name)})
	}
	r.warnDraft()
	if r.Cost == nil {
		r.add(Warning{ID: "cost.price", At: "hardware",
			Text:   fmt.Sprintf("No price of %s is known, so nothing is said of dollars.", in.gpu.Name),
			WayOut: "Give the price of one GPU for an hour."})
	}
	r.warnSeen()
	r.warnMeasured("TPOT", c.factor.Decode, r.Scenario.MeasuredTPOT, serving.RangeOf(c.class))
	r.warnMeasured("TTFT", c.factor.Prefill, r.Scenario.MeasuredTTFT, serving.RangeOf(c.loadedClass))
}

// warnMeasured says how far a measurement is from the prediction.
func (r *Report) warnMeasured(what string, factor, milliseconds float64, span serving.Range) {
	if factor == 0 || milliseconds == 0 {
		return
	}
	seconds := milliseconds / 1e3
	w := Warning{ID: "time.measured." + what, At: "load",
		Text: fmt.Sprintf("%s is scaled by your measurement: %s measured, %s predicted. The range is what is left inside one configuration.",
			what, quantity.Seconds.Text(quantity.Decimal, seconds), quantity.Seconds.Text(quantity.Decimal, seconds/factor))}
	if factor < span.Low || factor > span.High {
		w.WayOut = "It lies outside the 80 % range of the prediction: check that model, formats, layout and load are those of the measurement."
	}
	r.add(w)
}

// warnDraft says where drafting costs more than it gains.
func (r *Report) warnDraft() {
	d := r.Draft
	if r.in.load.Draft == 0 || d.Speedup >= 1 {
		return
	}
	w := Warning{ID: "draft.loss", At: "load",
		Text: fmt.Sprintf("Drafting %s is a loss here: a step makes %s tokens and takes %s times as long, so a token takes %s times as long as without.",
			words(r.in.load.Draft, "token"), quantity.Fixed(d.TokensPerStep, 2), quantity.Fixed(r.Decode.Step/d.Plain, 2), quantity.Fixed(1/d.Speedup, 2)),
		WayOut: "Without drafts nothing is lost.", Apply: "draft=0"}
	if d.BestK > 0 {
		w.WayOut = fmt.Sprintf("With %s it is %s times as fast.", words(int64(d.BestK), "drafted token"), quantity.Fixed(d.BestSpeedup, 2))
		w.Apply = fmt.Sprintf("draft=%d", d.BestK)
	}
	r.add(w)
}

// words counts in a sentence.
func words(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return quantity.Integer(n) + " " + what + "s"
}
