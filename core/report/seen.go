package report

import (
	"fmt"

	"moecost/core/measured"
	"moecost/core/quantity"
	"moecost/core/scenario"
	"moecost/core/serving"
)

// SeenPoint is one thing that the user measured, and what is predicted for it.
type SeenPoint struct {
	Users, In, Out      int64
	First               bool    // it is a time to first token; else a time per output token
	Measured, Predicted float64 // seconds; predicted before any scaling
	Fitted              float64 // what is predicted with all points taken in
	Class               serving.Class
}

// Seen lists the measured points of the scenario with their predictions, in the link's order. Nil without
// any, or where steps cannot be timed.
func (r *Report) Seen() []SeenPoint { return r.in.clock.seen }

// seenPoints puts a prediction beside each measured time. What does not fit into the deployment is predicted all the
// same: it was measured.
func (r *Report) seenPoints(t *serving.Timing, l serving.Load) (list []SeenPoint) {
	points, _ := scenario.Points(r.Scenario.Seen) // the link's decoder has refused what cannot be read
	for _, p := range points {
		at := l
		at.Batch = int64(p.Users)
		if p.In > 0 {
			at.Prompt, at.Output = int64(p.In), int64(p.Out)
		}
		s := SeenPoint{Users: at.Batch, In: at.Prompt, Out: at.Output}
		if p.TPOT > 0 {
			one := s
			one.Measured, one.Predicted, one.Class = p.TPOT/1e3, r.tpot(t, at), r.decodeClass(t, at)
			list = append(list, one)
		}
		if p.TTFT > 0 {
			one := s
			one.First, one.Measured, one.Predicted = true, p.TTFT/1e3, t.TTFT(at, serving.Waves, 0)
			if one.Class = serving.LoadedFirst; at.Batch <= 1 {
				one.Class = serving.FirstToken
			}
			list = append(list, one)
		}
	}
	return list
}

// fit scales the clock by the measured points. A time that was measured at the very scenario stays as it was measured.
func (c *clock) fit() {
	for _, first := range []bool{false, true} {
		class, factor := c.class, &c.factor.Decode
		if first {
			class, factor = c.loadedClass, &c.factor.Prefill
		}
		var samples []measured.Sample
		for _, s := range c.seen {
			if s.First == first {
				samples = append(samples, measured.Sample{Class: s.Class, Measured: s.Measured, Predicted: s.Predicted})
			}
		}
		f := measured.Refit(class, samples)
		if *factor == 0 && f.Samples > 0 {
			*factor = f.Factor
		}
		scale := *factor
		if scale == 0 {
			scale = 1
		}
		for i := range c.seen {
			if c.seen[i].First == first {
				c.seen[i].Fitted = scale * c.seen[i].Predicted
			}
		}
	}
}

// warnSeen says what the measured points have changed.
func (r *Report) warnSeen() {
	c := &r.in.clock
	if len(c.seen) == 0 {
		return
	}
	w := Warning{ID: "time.seen", At: "load", Text: "Predictions are scaled by " + words(int64(len(c.seen)), "measured time") + " of yours:"}
	join := " "
	for _, x := range []struct {
		what   string
		factor float64
		span   serving.Range
	}{{"time per output token", c.factor.Decode, serving.RangeOf(c.class)}, {"time to first token", c.factor.Prefill, serving.RangeOf(c.loadedClass)}} {
		if x.factor == 0 {
			continue
		}
		w.Text += join + fmt.Sprintf("%s by %s", x.what, quantity.Fixed(x.factor, 2))
		join = ", "
		if x.factor < x.span.Low || x.factor > x.span.High {
			w.WayOut = "That is outside the 80 % range of the prediction: check that model, formats and layout are those of the measurements."
		}
	}
	w.Text += ". The range is what is left inside one configuration."
	r.add(w)
}
