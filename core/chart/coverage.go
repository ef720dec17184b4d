package chart

import (
	"math"

	"moecost/core/quantity"
	"moecost/core/report"
)

// coverage is the distinct experts of a layer against the tokens of a step.
func coverage(r *report.Report, box Box, t Theme) Option {
	right := shortRoom + 24
	if box.narrow() {
		right = narrowRight
	}
	o := base(t, plotTop, right, plotBottom, plotLeft)
	points := r.Coverage()
	o.Series = []Series{}
	if len(points) == 0 {
		return o
	}
	experts := float64(r.Model.RoutedExperts)
	last := points[len(points)-1].Tokens
	ticks := []float64{0, experts / 4, experts / 2, experts * 3 / 4, experts}
	o.XAxis = batchAxis(t, box, last)
	o.YAxis = yAxis(t, "value", 0, experts, ticks)

	var own, even, low, band []Datum
	for _, p := range points {
		tip := []TipRow{
			{quantity.Integer(int64(math.Round(p.Tokens))) + " tokens", ""},
			{"Distinct experts", quantity.Significant(p.Distinct, 3)},
			{"If all were equally popular", quantity.Significant(p.Uniform, 3)},
			{"At σ 0.9 to 1.1", quantity.Significant(p.Low, 3) + " to " + quantity.Significant(p.High, 3)},
		}
		own = append(own, Datum{Value: []float64{p.Tokens, p.Distinct}, Tip: tip})
		even = append(even, Datum{Value: []float64{p.Tokens, p.Uniform}, Tip: tip})
		low = append(low, Datum{Value: []float64{p.Tokens, p.Low}})
		band = append(band, Datum{Value: []float64{p.Tokens, p.High - p.Low}})
	}
	for _, other := range r.OtherCoverage() {
		o.Series = append(o.Series, paleLine(t, other, experts))
	}
	o.Series = append(o.Series, bandOf(t, t.Routed, low, band)...)
	evenLine := line("equal popularity", t.Ink3, 1.5, "dashed", even)
	ownLine := line(r.PopularityName(), t.Routed, 2.25, "solid", own)
	ownLine.MarkLine = gridLines(t, ticks)
	at := []float64{r.RoutedTokens(), r.Decode.DistinctExperts}
	tip := []TipRow{{"This scenario", ""}, {"Distinct experts", quantity.Significant(r.Decode.DistinctExperts, 3)}}
	if box.narrow() {
		o.Series = append(o.Series, evenLine)
	} else {
		o.named(t, box, evenLine, t.Ink3, 400)
	}
	o.named(t, box, ownLine, t.Routed, 600)
	o.beside(box, "right")
	o.Series = append(o.Series, ring(t, at), you(t, at, "this scenario", tip))
	o.Graphic = axisTitles(t, box, "Sequences decoding at once", "Distinct experts of one layer")
	return o
}

func formatSkew(s float64) string {
	if s == 0 {
		return "0"
	}
	return quantity.Significant(s, 2)
}

// paleLine is another model's coverage, scaled to this one's number of experts.
func paleLine(t Theme, l report.CoverageLine, experts float64) Series {
	var data []Datum
	for i := range l.Tokens {
		data = append(data, Datum{Value: []float64{l.Tokens[i], l.Share[i] * experts}})
	}
	s := line(l.Name, t.Rule, 1, "solid", data)
	s.Silent = true
	return s
}

// bandOf is a range of the same hue at 15 %, as two stacked lines.
func bandOf(t Theme, colour string, low, height []Datum) []Series {
	floor := line("", "transparent", 0, "solid", low)
	floor.Stack, floor.Silent = "band "+colour, true
	top := line("", "transparent", 0, "solid", height)
	top.Stack, top.Silent = "band "+colour, true
	top.AreaStyle = &AreaStyle{Color: colour, Opacity: 0.15}
	return []Series{floor, top}
}
