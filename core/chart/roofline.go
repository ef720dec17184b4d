package chart

import (
	"math"
	"strings"

	"moecost/core/quantity"
	"moecost/core/report"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// roofline is the operators of the step under the accelerator's roofs.
func roofline(r *report.Report, box Box, t Theme) Option {
	right := 20.0
	o := base(t, plotTop, right, plotBottom, plotLeft+8)
	o.Series = []Series{}
	roof := r.Roofline()
	if len(roof.Points) == 0 || roof.BytesPerS == 0 || len(roof.Roofs) == 0 {
		return o
	}
	const tera = 1e12
	x0, x1, y0 := 0.3, 3000.0, math.Inf(1)
	y1 := roof.Roofs[0].FLOPPerS / tera
	for _, p := range roof.Points {
		if p.Intensity > 0 && p.FLOPPerS > 0 {
			x0, x1 = math.Min(x0, p.Intensity), math.Max(x1, p.Intensity)
			y0 = math.Min(y0, p.FLOPPerS/tera)
		}
	}
	if math.IsInf(y0, 1) {
		return o
	}
	x0, x1, y0, y1 = decadeBelow(x0), decadeAbove(x1), decadeBelow(y0), decadeAbove(1.05*y1)
	yTicks := decades(y0, y1, false)
	o.XAxis = logAxis(xAxis(t, "log", x0, x1, decades(x0, x1, false)), 10)
	o.YAxis = logAxis(yAxis(t, "log", y0, y1, yTicks), 10)
	for i, f := range roof.Roofs {
		ridge := f.FLOPPerS / roof.BytesPerS
		data := []Datum{
			{Value: []float64{x0, x0 * roof.BytesPerS / tera}}, {Value: []float64{ridge, f.FLOPPerS / tera}}, {Value: []float64{x1, f.FLOPPerS / tera}},
		}
		s := line(f.Name, t.Ink3, 1.5, "dashed", data)
		if i == 0 {
			s = line(f.Name, t.Ink, 1.5, "solid", data)
			s.MarkLine = gridLines(t, yTicks)
		}
		s.Silent, s.Clip = true, opts.Bool(true)
		o.Series = append(o.Series, s)
		if i > 0 && f.FLOPPerS == roof.Roofs[i-1].FLOPPerS {
			o.Series[len(o.Series)-2].Data[0].Name += ", " + f.Name // one line, one name
			continue
		}
		o.Series = append(o.Series, roofName(t, f.Name, []float64{x1, f.FLOPPerS / tera}))
	}
	points := scatter(t)
	for _, p := range roof.Points {
		if p.Intensity <= 0 || p.FLOPPerS <= 0 || p.Share < 0.001 {
			continue
		}
		token := tokenOf(p.Operator)
		d := Datum{Name: operatorName(p.Name), Value: []float64{p.Intensity, p.FLOPPerS / tera}, SymbolSize: 6 + 22*math.Sqrt(p.Share),
			ItemStyle: &ItemStyle{ItemStyle: opts.ItemStyle{Color: t.Colour(token), BorderColor: t.Paper, BorderWidth: 1, Opacity: opts.Float(1)}},
			Tip: []TipRow{{operatorName(p.Name), ""}, {"Of the step", share(p.Share)}, {"Intensity", quantity.Significant(p.Intensity, 2) + " FLOP per byte"},
				{"Reached", quantity.Significant(p.FLOPPerS/tera, 2) + " TFLOP/s"}},
		}
		if p.Share > 0.02 {
			d.Label = &Label{Show: true, Formatter: "{b}", Position: "right", Distance: 4, Color: t.Ink2, FontSize: fontSize, TextBorderColor: t.Paper, TextBorderWidth: 4}
		}
		points.Data = append(points.Data, d)
	}
	points.Z, points.Layout = 10, &LabelLayout{HideOverlap: true}
	o.Series = append(o.Series, points)
	o.Graphic = axisTitles(t, box, "FLOP for each byte read", "TFLOP/s, all of one GPU")
	return o
}

func roofName(t Theme, name string, value []float64) Series {
	s := nameAt(t, name, t.Ink3, value, 400, "top")
	s.Data[0].Label.Position, s.Data[0].Label.Distance = "top", 3
	s.Data[0].Label.Align = "right"
	return s
}

// operatorName writes an operator's key in words.
func operatorName(key string) string { return strings.ReplaceAll(key, "_", " ") }
