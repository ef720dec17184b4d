package story

import (
	"math"

	"moecost/core/quantity"
	"moecost/core/report"
)

// simulated makes a figure one that is simulated: with what was, or empty until it is.
func (v *voice) simulated(f Frame) (Frame, bool) {
	t := v.r.Tail
	switch {
	case !v.r.Simulable():
		f.Empty, f.Derivation = v.untailed(), "memory.per_gpu.free_bytes"
		return f, false
	case t == nil:
		f.Pending, f.Empty, f.Derivation = true, say("The steps are simulated once this is in sight."), "decode.step_s"
		return f, false
	}
	f.Run = quantity.Integer(int64(t.Steps)) + " steps, seed " + quantity.Integer(v.r.Scenario.Seed)
	return f, true
}

func (v *voice) tailFrame() Frame {
	f, ok := v.simulated(Frame{
		Chart: "tail", Title: "How long a step takes", Unit: "Share of the steps that take longer than a time",
		Source:     say("Decode steps, with the prompts prefilled in them"),
		Derivation: "tail.p99_s",
	})
	if !ok {
		return f
	}
	t := v.r.Tail
	ms := func(s float64) string { return quantity.Significant(1e3*s, 3) }
	f.Title = "Half of the steps take more than " + quantity.Seconds.Text(v.units, t.P50) + ", one in 1,000 more than " + quantity.Seconds.Text(v.units, t.P999)
	f.Name = "Share of decode steps that take longer than a time: P50 " + ms(t.P50) + ", P90 " + ms(t.P90) + ", P99 " + ms(t.P99) + ", P99.9 " + ms(t.P999) + " ms"
	f.Table = Table{Columns: []Column{{Name: "From", Unit: "ms", Numeric: true}, {Name: "To", Unit: "ms", Numeric: true}, {Name: "Steps", Unit: "%", Numeric: true}}}
	bins := v.r.TailBins()
	for i, b := range bins {
		if b.Share == 0 {
			continue
		}
		to := quantity.Fixed(1e3*b.To, 1)
		if i == len(bins)-1 {
			to = "longer"
		}
		f.Table.Rows = append(f.Table.Rows, Row{Head: quantity.Fixed(1e3*b.From, 1), Cells: []string{to, quantity.Fixed(100*b.Share, 2)}})
	}
	return f
}

// requestsTitle says what the percentile of the objectives comes to.
func (v *voice) requestsTitle() string {
	rows := v.r.TailPercentiles()
	for i, p := range []float64{50, 90, 99, 99.9} {
		token, first := rows[1].Seconds[i], rows[2].Seconds[i]
		if p == v.r.Scenario.Pct && token > 0 && first > 0 {
			return "At P" + objective(p) + ", " + quantity.Seconds.Text(v.units, first) + " to the first token and " + quantity.Seconds.Text(v.units, token) + " for each other"
		}
	}
	return "What requests wait for"
}

// load is what the simulated requests are, in a few words.
func (v *voice) load() string {
	s := &v.r.Scenario
	if s.Rate > 0 {
		return objective(s.Rate) + " requests a second, at most " + count(s.Batch, "sequence") + " at once"
	}
	if s.Batch == 1 {
		return "1 user, who asks again at once"
	}
	return count(s.Batch, "user") + ", who ask again at once"
}

func (v *voice) requestsFrame() Frame {
	f, ok := v.simulated(Frame{
		Chart: "requests", Title: "What requests wait for", Unit: capital(v.load()), TableOnly: true,
		Name:       "Percentiles of steps and requests",
		Source:     say("Ranges hold 80\u202f% of measurements"),
		Derivation: "tail.ttft_p99_s",
	})
	if ok {
		f.Run = quantity.Integer(int64(v.r.Tail.Requests)) + " requests in these steps"
		f.Title = v.requestsTitle()
	}
	f.Table = Table{Columns: []Column{{Name: "Milliseconds"}, {Name: "P50", Numeric: true}, {Name: "P90", Numeric: true}, {Name: "P99", Numeric: true}, {Name: "P99.9", Numeric: true}}}
	if !ok {
		for _, name := range []string{"A decode step", "A token of a request", "The first token"} { // as high as it will be
			f.Table.Rows = append(f.Table.Rows, Row{Head: name, Cells: []string{quantity.Unknown, quantity.Unknown, quantity.Unknown, quantity.Unknown}})
		}
		return f
	}
	for _, p := range v.r.TailPercentiles() {
		row := Row{Head: p.Name}
		for _, s := range p.Seconds {
			cell := quantity.Unknown
			if s > 0 {
				cell = quantity.Significant(1e3*s, 3)
			}
			row.Cells = append(row.Cells, cell)
		}
		f.Table.Rows = append(f.Table.Rows, row)
	}
	if v.r.Tail.TTFTP99 <= 0 {
		f.Derivation = "tail.p99_s"
	}
	return f
}

func (v *voice) causesFrame() Frame {
	f, ok := v.simulated(Frame{
		Chart: "causes", Title: "What each cause does to a step", Unit: "Median, open, and P99, filled, of a step with one cause alone",
		Source:     say("Differences are the cause's alone: random numbers are shared"),
		Derivation: "tail.p99_over_p50",
	})
	if !ok {
		return f
	}
	f.Run = "The same steps, timed without the other causes"
	if main := v.mainCause(); main != "" && v.r.Tail.Ratio >= 1.02 {
		f.Title = "Most of the tail comes from " + main
	}
	f.Table = Table{Columns: []Column{{Name: "Cause"}, {Name: "Alone: median", Unit: "ms", Numeric: true}, {Name: "P99", Unit: "ms", Numeric: true}, {Name: "ratio", Numeric: true},
		{Name: "All but it: P99", Unit: "ms", Numeric: true}, {Name: "ratio", Numeric: true}}}
	cells := func(alone report.TailSpread) []string {
		return []string{quantity.Fixed(1e3*alone.P50, 2), quantity.Fixed(1e3*alone.P99, 2), ratioOf(alone)}
	}
	f.Table.Rows = append(f.Table.Rows, Row{Head: "None", Cells: append(cells(v.r.TailBare()), "", "")})
	f.Name = "Median and P99 of a step, milliseconds:"
	for _, c := range v.r.TailCauses() {
		row := Row{Head: capital(c.Name), Cells: append(cells(c.Alone), quantity.Fixed(1e3*c.Without.P99, 2), ratioOf(c.Without))}
		if c.Left {
			row.Head += ", left out"
		}
		f.Table.Rows = append(f.Table.Rows, row)
		f.Name += " " + c.Name + " " + quantity.Fixed(1e3*c.Alone.P50, 1) + " and " + quantity.Fixed(1e3*c.Alone.P99, 1) + ";"
	}
	t := v.r.Tail
	f.Table.Rows = append(f.Table.Rows, Row{Kind: RowTotal, Head: "The scenario", Cells: append(cells(report.TailSpread{P50: t.P50, P99: t.P99}), "", "")})
	f.Name += " the scenario " + quantity.Fixed(1e3*t.P50, 1) + " and " + quantity.Fixed(1e3*t.P99, 1)
	return f
}

func ratioOf(s report.TailSpread) string {
	if s.P50 <= 0 {
		return quantity.Unknown
	}
	return quantity.Fixed(s.P99/s.P50, 3)
}

func (v *voice) skewedFrame() Frame {
	f, ok := v.simulated(Frame{
		Chart: "skewed", Title: "A step against skew and expert parallelism", Unit: "P99 of a step without prompts; dashed: its median. As many sequences on every GPU",
		Source:     say("Whole experts and attention of its own on every GPU"),
		Derivation: "tail.p99_s",
	})
	if !ok {
		return f
	}
	f.Run = "Fewer steps for each point, the same seed"
	points := v.r.TailSweep()
	if len(points) == 0 {
		f.Empty = v.unswept()
		return f
	}
	f.Table = Table{Columns: []Column{{Name: "EP", Numeric: true}, {Name: "Skew", Numeric: true}, {Name: "Median", Unit: "ms", Numeric: true}, {Name: "P99", Unit: "ms", Numeric: true}, {Name: "ratio", Numeric: true}}}
	low, high := math.Inf(1), 0.0
	for _, p := range points {
		f.Table.Rows = append(f.Table.Rows, Row{Head: quantity.Integer(int64(p.EP)), Cells: []string{quantity.Fixed(p.Skew, 1),
			quantity.Fixed(1e3*p.P50, 1), quantity.Fixed(1e3*p.P99, 1), ratioOf(report.TailSpread{P50: p.P50, P99: p.P99})}})
		low, high = min(low, p.P99), max(high, p.P99)
	}
	f.Title = skewedTitle(points)
	f.Name = "P99 of a step against the skew of experts, for several widths of expert parallelism: from " + quantity.Seconds.Text(v.units, low) + " to " + quantity.Seconds.Text(v.units, high)
	return f
}

// skewedTitle says what skew adds at the widest expert parallelism.
func skewedTitle(points []report.TailPoint) string {
	first, last := points[0], points[0]
	for _, p := range points {
		if p.EP > first.EP || p.EP == first.EP && p.Skew < first.Skew {
			first = p
		}
		if p.EP > last.EP || p.EP == last.EP && p.Skew > last.Skew {
			last = p
		}
	}
	if last.EP != first.EP || last.Skew <= first.Skew {
		return "A step against skew and expert parallelism"
	}
	change := func(from, to float64) string {
		if to < from {
			return quantity.Fixed(100*(1-to/from), 0) + "\u202f% shorter"
		}
		return quantity.Fixed(100*(to/from-1), 0) + "\u202f% longer"
	}
	return "At EP " + quantity.Integer(int64(last.EP)) + ", skew " + quantity.Fixed(last.Skew, 1) + " makes the median step " + change(first.P50, last.P50) + " and the P99 " + change(first.P99, last.P99)
}

// unswept is why there is nothing to compare.
func (v *voice) unswept() Text {
	switch {
	case !v.moe():
		return v.nothingRouted()
	case v.r.Counted():
		return say("The experts were counted, so there is no skew to vary. Take the counts away to see this.")
	}
	return say("The other widths of expert parallelism come last: they are being simulated.")
}
