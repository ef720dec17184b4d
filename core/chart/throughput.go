package chart

import (
	"math"

	"moecost/core/quantity"
	"moecost/core/report"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// throughput is all users' speed against each user's, with the dense twins.
func throughput(r *report.Report, box Box, t Theme) Option {
	right := max(endRoom+8, roomFor(r.Scenario.ModelName, box))
	if box.narrow() {
		right = narrowRight
	}
	o := base(t, plotTop, right, plotBottom, plotLeft+4)
	o.Series = []Series{}
	lines := curves(r, t)
	if len(lines) == 0 {
		return o
	}
	x0, x1, y0, y1 := math.Inf(1), 0.0, math.Inf(1), 0.0
	for _, l := range lines {
		for _, p := range l.points {
			x0, x1 = math.Min(x0, p.TokensPerSPerUser), math.Max(x1, p.TokensPerSPerUser)
			y0, y1 = math.Min(y0, p.TokensPerS), math.Max(y1, p.TokensPerS)
		}
	}
	x0, x1, y0, y1 = decadeBelow(x0), decadeAbove(x1), decadeBelow(y0), decadeAbove(y1)
	yTicks := decades(y0, y1, y1/y0 < 300)
	o.XAxis = logAxis(xAxis(t, "log", x0, x1, decades(x0, x1, true)), 10)
	o.YAxis = logAxis(yAxis(t, "log", y0, y1, yTicks), 10)
	for i, l := range lines {
		var data []Datum
		for _, p := range l.points {
			d := Datum{Value: []float64{p.TokensPerSPerUser, p.TokensPerS}, Tip: []TipRow{
				{l.name, ""}, {"Batch", quantity.Integer(p.Batch)},
				{"Each user", quantity.Significant(p.TokensPerSPerUser, 2) + " tok/s"},
				{"All users", quantity.Significant(p.TokensPerS, 2) + " tok/s"},
			}}
			data = append(data, d)
		}
		s := line(l.name, l.colour, l.width, l.kind, data)
		if i == 0 {
			s.MarkLine = gridLines(t, yTicks)
		}
		o.Series = append(o.Series, s)
		if !box.narrow() && len(data) > 0 {
			o.Series = append(o.Series, nameAt(t, l.name, l.colour, data[0].Value, 400, "right"))
		}
	}
	if d := r.Decode; d != nil && d.TokensPerS > 0 {
		at := []float64{d.TokensPerSUser, d.TokensPerS}
		tip := []TipRow{{"This scenario", ""}, {"Each user", quantity.Significant(d.TokensPerSUser, 2) + " tok/s"}, {"All users", quantity.Significant(d.TokensPerS, 2) + " tok/s"}}
		o.Series = append(o.Series, ring(t, at), you(t, at, "this scenario", tip))
	}
	o.Graphic = axisTitles(t, box, "Tokens per second of each user", "Tokens per second of all users")
	return o
}

// nameAt writes a line's name at one of its points, outside of the marks.
func nameAt(t Theme, name, colour string, value []float64, weight int, side string) Series {
	return Series{
		Type: "scatter", Symbol: "circle", SymbolSize: 1, Silent: true, Emphasis: &Emphasis{Disabled: true},
		ItemStyle: &ItemStyle{ItemStyle: opts.ItemStyle{Color: "transparent"}},
		Data: []Datum{{Name: name, Value: value, Label: &Label{
			Show: true, Formatter: "{b}", Position: side, Distance: 8, Color: colour, FontSize: fontSize, FontWeight: weight,
			TextBorderColor: t.Paper, TextBorderWidth: 4,
		}}},
		Layout: &LabelLayout{MoveOverlap: "shiftY"},
	}
}

// curve is a model's steps against the batch, and how its line looks.
type curve struct {
	name, colour, kind string
	width              float32
	points             []report.StepPoint
}

// curves are the scenario's model and its dense twins; none if no step can be timed.
func curves(r *report.Report, t Theme) []curve {
	own := r.StepCurve()
	if len(own) == 0 {
		return nil
	}
	out := []curve{{r.Scenario.ModelName, t.Routed, "solid", 2.25, own}}
	for i, twin := range r.TwinCurves() {
		out = append(out, curve{twinNames[i%len(twinNames)], t.Ink3, "dashed", 1.5, twin.Points})
	}
	return out
}

// twinNames are short for the ends of lines; the table has the long ones.
var twinNames = []string{"dense, equal FLOPs", "dense, equal bytes"}
