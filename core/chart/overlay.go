package chart

import (
	"fmt"
	"math"

	"moecost/core/compare"
	"moecost/core/quantity"
	"moecost/core/report"
)

// ColumnColours are the colours of the scenarios of a comparison, in their order: ink, and hues that
// differ in lightness too.
func (t Theme) ColumnColours() []string { return []string{t.Ink, t.Routed, t.Comm, t.Attention} }

// DrawOverlay lays several scenarios out on one chart, each a line in its colour with its letter at the end, and its
// own point on it. Reports may be nil: they have no line. The error names the charts there are.
func DrawOverlay(name string, reports []*report.Report, letters []string, box Box, t Theme) (Option, error) {
	var names []string
	for i := range compare.Curves {
		if c := (*overlay)(&compare.Curves[i]); c.Name == name {
			return c.draw(reports, letters, box, t), nil
		}
		names = append(names, compare.Curves[i].Name)
	}
	return Option{}, fmt.Errorf("chart: %q: scenarios cannot be laid over one another there: %q would do", name, names)
}

type overlay compare.Curve

func (c *overlay) draw(reports []*report.Report, letters []string, box Box, t Theme) Option {
	o := base(t, plotTop, 34, plotBottom, plotLeft+4)
	o.Series = []Series{}
	lines := make([][][2]float64, len(reports))
	x0, x1, y0, y1 := math.Inf(1), 0.0, math.Inf(1), 0.0
	units := quantity.Decimal
	for i, r := range reports {
		if r == nil {
			continue
		}
		units = reports[i].Units()
		lines[i] = c.Line(r)
		for _, p := range lines[i] {
			x0, x1 = math.Min(x0, p[0]), math.Max(x1, p[0])
			y0, y1 = math.Min(y0, p[1]), math.Max(y1, p[1])
		}
	}
	if x1 <= 0 || y1 <= 0 {
		return o
	}
	scale := c.Kind.Scale(units, y1)
	yTicks := c.axes(&o, t, box, [2]float64{x0, x1}, [2]float64{y0 / scale.Factor, y1 / scale.Factor})
	colours := t.ColumnColours()
	for i, points := range lines {
		if len(points) == 0 {
			continue
		}
		colour := colours[i%len(colours)]
		var data []Datum
		for _, p := range points {
			data = append(data, Datum{Value: []float64{p[0], p[1] / scale.Factor}, Tip: c.tip(letters[i], reports[i], units, p)})
		}
		s := line(letters[i], colour, 2.25, "solid", data)
		s.EndLabel = &Label{Show: true, Formatter: "{a}", Color: colour, FontSize: fontSize, FontWeight: 600, Distance: 8, TextBorderColor: t.Paper, TextBorderWidth: 4}
		s.Layout = &LabelLayout{MoveOverlap: "shiftY"}
		if len(o.Series) == 0 {
			s.MarkLine = gridLines(t, yTicks)
		}
		o.Series = append(o.Series, s)
	}
	for i, r := range reports {
		if r == nil {
			continue
		}
		if x, y := c.Own(r); x > 0 && y > 0 {
			at := []float64{x, y / scale.Factor}
			tip := c.tip(letters[i]+", this scenario", r, units, [2]float64{x, y})
			mark := you(t, at, letters[i], tip)
			mark.ItemStyle = dot(colours[i%len(colours)])
			o.Series = append(o.Series, ring(t, at), mark)
		}
	}
	y := c.Y
	switch c.Kind {
	case quantity.Seconds:
		y = unitName(scale.Unit) + " " + y
	case quantity.Bytes:
		y = scale.Unit + " " + y
	}
	o.Graphic = axisTitles(t, box, c.X, y)
	return o
}

// axes sets both axes for data in the given ranges, and returns the ticks of y.
func (c *overlay) axes(o *Option, t Theme, box Box, x, y [2]float64) []float64 {
	var ticks []float64
	if c.LogY {
		low, high := decadeBelow(y[0]), decadeAbove(y[1])
		ticks = decades(low, high, high/low < 300)
		o.YAxis = logAxis(yAxis(t, "log", low, high, ticks), 10)
	} else {
		top, step := linearScale(y[1])
		if c.Kind == quantity.Share {
			top, step = 100, 25 // per cent
		}
		ticks = ticksTo(top, step)
		o.YAxis = yAxis(t, "value", 0, top, ticks)
	}
	if powers := thin(powersOfTwo(x[0], x[1], 16), int(box.Width/72)); len(powers) > 2 && !c.Rate {
		o.XAxis = logAxis(xAxis(t, "log", x[0], x[1], powers), 2)
	} else {
		low, high := decadeBelow(x[0]), decadeAbove(x[1])
		o.XAxis = logAxis(xAxis(t, "log", low, high, decades(low, high, true)), 10)
	}
	return ticks
}

func (c *overlay) tip(head string, r *report.Report, units quantity.Units, p [2]float64) []TipRow {
	x := quantity.Significant(p[0], 3)
	if !c.Rate {
		x = quantity.Integer(int64(math.Round(p[0])))
	}
	y := quantity.Significant(p[1], 3)
	if c.Kind != quantity.Plain {
		y = c.Kind.Text(units, p[1])
	}
	return []TipRow{{head, ""}, {"Model", r.Scenario.ModelName}, {"On", quantity.Integer(int64(r.Scenario.GPUs)) + " × " + r.Scenario.GPUName}, {c.X, x}, {c.Title, y}}
}
