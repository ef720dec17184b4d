package chart

import (
	"math"

	"moecost/core/quantity"
	"moecost/core/report"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// accuracy is predicted against measured, each relative to its own unit.
func accuracy(r *report.Report, box Box, t Theme) Option {
	rows := r.Compared()
	o := base(t, plotTop, 16, plotBottom, plotLeft+8)
	o.Series = []Series{}
	if len(rows) == 0 {
		return o
	}
	low, high := math.Inf(1), 0.0
	own, other := scatter(t), scatter(t)
	own.ItemStyle = dot(t.Ink)
	own.SymbolSize, own.Z = 7, 6
	other.SymbolSize = 4.5
	other.ItemStyle = &ItemStyle{ItemStyle: opts.ItemStyle{Color: "transparent", BorderColor: t.Ink3, BorderWidth: 1, Opacity: opts.Float(0.7)}}
	for _, a := range rows {
		m, p := a.Measured, a.Predicted
		if a.Rate || m <= 0 || p <= 0 {
			continue // times only: rates have another axis; the table has all classes
		}
		low, high = math.Min(low, math.Min(m, p)), math.Max(high, math.Max(m, p))
		d := Datum{Value: []float64{m * 1e3, p * 1e3}, Tip: []TipRow{
			{a.Model, ""}, {"On", quantity.Integer(int64(a.GPUs)) + " × " + a.GPU + ", " + a.Engine}, {"Class", a.Class},
			{"Measured", quantity.Seconds.Text(quantity.Decimal, m)}, {"Predicted", quantity.Seconds.Text(quantity.Decimal, p)},
			{"Source", a.Source},
		}}
		if a.GPUID == r.Scenario.GPU && a.ModelID == r.Scenario.Model {
			own.Data = append(own.Data, d)
		} else {
			other.Data = append(other.Data, d)
		}
	}
	if high == 0 {
		return o
	}
	low, high = decadeBelow(low*1e3), decadeAbove(high*1e3)
	ticks := decades(low, high, false)
	o.XAxis = logAxis(xAxis(t, "log", low, high, thin(ticks, int(box.Width/72))), 10) // six digits and a comma take 60 px
	o.YAxis = logAxis(yAxis(t, "log", low, high, ticks), 10)
	other.MarkLine = gridLines(t, ticks)
	for _, l := range []struct {
		ratio float64
		name  string
	}{{1, "equal"}, {2, "twice"}, {0.5, "half"}} {
		x0, x1 := math.Max(low, low/l.ratio), math.Min(high, high/l.ratio)
		style := &opts.LineStyle{Color: t.Edge, Width: 1, Type: "solid"}
		if l.ratio != 1 {
			style = &opts.LineStyle{Color: t.Edge, Width: 1, Type: "dashed"}
		}
		other.MarkLine.Data = append(other.MarkLine.Data, [2]MarkLineEnd{
			{Coord: []float64{x0, x0 * l.ratio}, LineStyle: style, Label: &Label{Show: true, Position: "insideEndTop", Formatter: l.name, Color: t.Ink3, FontSize: fontSize, TextBorderColor: t.Paper, TextBorderWidth: 4}},
			{Coord: []float64{x1, x1 * l.ratio}},
		})
	}
	o.Series = []Series{other, own}
	o.Graphic = axisTitles(t, box, "Measured, milliseconds", "Predicted, milliseconds")
	return o
}
