package report

import "moecost/core/tail"

// TailBin is one bar of the distribution of decode steps.
type TailBin struct {
	From, To float64 // seconds; the last bar holds all longer steps, too
	Share    float64 // of the steps
}

// TailBins is the distribution of decode steps; nil before Simulated.
func (r *Report) TailBins() []TailBin {
	if r.Tail == nil {
		return nil
	}
	b, steps := r.simulated.Bins, r.simulated.Steps
	factor, _ := r.tailFactors()
	var out []TailBin
	for i, n := range b.Counts {
		from := b.From + float64(i)*b.Width
		out = append(out, TailBin{factor * from, factor * (from + b.Width), float64(n) / float64(steps)})
	}
	return out
}

// TailCause is what one cause contributes to the tail of a decode step.
type TailCause struct {
	ID, Name       string
	Left           bool       // out of the scenario's simulation
	Alone, Without TailSpread // the cause alone; all the scenario's causes but this
}

// TailSpread is the median and the P99 of a step, seconds.
type TailSpread struct{ P50, P99 float64 }

// TailCauses lists the causes; nil before Simulated.
func (r *Report) TailCauses() []TailCause {
	if r.Tail == nil {
		return nil
	}
	factor, _ := r.tailFactors()
	scaled := func(s tail.Spread) TailSpread { return TailSpread{factor * s.P50, factor * s.P99} }
	left := tail.CausesOf(r.Scenario.Without)
	var out []TailCause
	for c := range tail.CauseCount {
		out = append(out, TailCause{ID: c.String(), Name: causeWords[c], Left: left.Has(c),
			Alone: scaled(r.simulated.Alone[c]), Without: scaled(r.simulated.Without[c])})
	}
	return out
}

// TailBare is a step without any cause; zero before Simulated.
func (r *Report) TailBare() TailSpread {
	if r.Tail == nil {
		return TailSpread{}
	}
	factor, _ := r.tailFactors()
	return TailSpread{factor * r.simulated.Bare.P50, factor * r.simulated.Bare.P99}
}

// TailPoint is the median and P99 of a decode step at one skew and expert parallelism,
// at the scenario's sequences per GPU, whole experts and attention on every GPU, without
// prompts of others.
type TailPoint struct {
	Skew     float64
	EP       int
	P50, P99 float64
}

// TailSweep is the tail against skew and expert parallelism, as far as it is simulated.
func (r *Report) TailSweep() []TailPoint {
	if r.Tail == nil {
		return nil
	}
	factor, _ := r.tailFactors()
	var out []TailPoint
	for _, p := range r.simulated.Sweep {
		if p.P50 <= 0 {
			continue
		}
		out = append(out, TailPoint{p.Skew, p.EP, factor * p.P50, factor * p.P99})
	}
	return out
}
