package chart

import (
	"math"

	"moecost/core/quantity"
	"moecost/core/report"

	"github.com/go-echarts/go-echarts/v2/opts"
)

const spareBottom = 62.0 // two lines of numbers: slots, and the memory that they take

// spare is what EPLB gains against the spare slots; the line at zero is the step with
// the experts in order.
func spare(r *report.Report, box Box, t Theme) Option {
	right := 26.0
	o := base(t, plotTop, right, spareBottom, plotLeft)
	o.Series = []Series{}
	points := r.SpareCurve()
	b := r.Balance
	if len(points) == 0 || b == nil || b.StepOff == 0 {
		return o
	}
	gain := func(p report.SparePoint) float64 { return 100 * (p.Gain - 1) }
	low, high := 0.0, 0.0
	for _, p := range points {
		low, high = math.Min(low, gain(p)), math.Max(high, gain(p))
	}
	bottom, top, ticks := aroundZero(low, high)
	last := math.Max(float64(points[len(points)-1].Spare), 1)
	width := box.Width - plotLeft - right
	memory := quantity.Bytes.Scale(r.Units(), float64(points[len(points)-1].Bytes))

	var fits, room []Datum
	var xTicks []float64
	taken := math.Inf(-1)
	var best, mine Datum
	for _, p := range points {
		x, y := float64(p.Spare), gain(p)
		tip := []TipRow{
			{quantity.Integer(p.Spare) + " spare slots", ""},
			{"Decode step", quantity.Seconds.Text(quantity.Decimal, p.Step)},
			{"Busiest over mean", quantity.Fixed(p.MaxOverMean, 2) + "×"},
			{"Distinct experts on the busiest", quantity.Significant(p.Distinct, 3)},
			{"Memory on each GPU", quantity.Bytes.Text(r.Units(), float64(p.Bytes))},
			{"Fits", yes(p.Fits)},
		}
		d := Datum{Value: []float64{x, y}, Tip: tip}
		room = append(room, d)
		if p.Fits {
			fits = append(fits, d)
		}
		if b.BestSpare != nil && p.Spare == *b.BestSpare {
			best = d
		}
		if r.Scenario.EPLB != "off" && p.Spare == r.Scenario.Spare {
			mine = d
		}
		at := plotLeft + x/last*width
		words := memory.Ledger(float64(p.Bytes))
		if half := textWidth(words, fontSize, false)/2 + 5; at-half > taken && at+half <= box.Width {
			xTicks, taken = append(xTicks, x), at+half
			o.Graphic = append(o.Graphic, text(at, box.Height-26, words, t.Ink3, "center", 400))
		}
	}
	o.XAxis = xAxis(t, "value", 0, last, xTicks)
	o.YAxis = yAxis(t, "value", bottom, top, ticks)
	o.YAxis.AxisLabel.Show = false // the library writes a hyphen for a minus
	digits := 0
	if step := ticks[1] - ticks[0]; step != math.Floor(step) {
		digits = 1
	}
	for _, v := range ticks {
		y := plotTop + (top-v)/(top-bottom)*(box.Height-plotTop-spareBottom)
		o.Graphic = append(o.Graphic, text(plotLeft-8, y, quantity.Fixed(v, digits), t.Ink3, "right", 400))
	}
	dotted := line("does not fit", t.Routed, 1.5, "dotted", room)
	dotted.MarkLine = gridLines(t, ticks)
	zero := 0.0
	dotted.MarkLine.Data = append(dotted.MarkLine.Data, MarkLineAt{YAxis: &zero,
		LineStyle: &opts.LineStyle{Color: t.Ink, Width: 1.5, Type: "dashed"},
		Label:     &Label{Show: true, Position: "insideEndTop", Formatter: "experts in order", Color: t.Ink2, FontSize: fontSize, TextBorderColor: t.Paper, TextBorderWidth: 4},
	})
	o.Series = append(o.Series, dotted, line("with EPLB", t.Routed, 2.25, "solid", fits))
	if best.Value != nil {
		x, align := plotLeft+best.Value[0]/last*width, "center"
		if best.Value[0] == 0 { // the axis has its numbers there
			x, align = x+8, "left"
		}
		o.Graphic = append(o.Graphic, text(x, plotTop+(top-best.Value[1])/(top-bottom)*(box.Height-plotTop-spareBottom)-17, "best", t.Ink2, align, 600))
		mark := you(t, best.Value, "best", best.Tip)
		mark.ItemStyle = &ItemStyle{ItemStyle: opts.ItemStyle{Color: t.Paper, BorderColor: t.Routed, BorderWidth: 2, Opacity: opts.Float(1)}}
		o.Series = append(o.Series, mark)
	}
	if mine.Value != nil {
		o.Series = append(o.Series, ring(t, mine.Value), you(t, mine.Value, "this scenario", mine.Tip))
	}
	o.Graphic = append(o.Graphic,
		text(0, 8, "Per cent faster than in order", t.Ink3, "left", 400),
		text(box.Width-1, box.Height-8, "Spare slots, and "+memory.Unit+" on each GPU", t.Ink3, "right", 400))
	return o
}

// aroundZero is an axis with zero on it: round ends and ticks.
func aroundZero(low, high float64) (bottom, top float64, ticks []float64) {
	_, step := linearScale(math.Max(high-low, 2))
	bottom, top = math.Floor(low/step-1e-9)*step, math.Ceil(high/step+1e-9)*step
	if low == 0 {
		bottom = 0
	}
	for i := math.Round(bottom / step); i*step <= top+1e-9; i++ {
		ticks = append(ticks, i*step)
	}
	return bottom, top, ticks
}
