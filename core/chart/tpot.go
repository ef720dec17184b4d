package chart

import (
	"math"
	"strconv"

	"moecost/core/quantity"
	"moecost/core/report"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// tpot is the time of a token for one user against the batch, with two ranges:
// the pale one holds 80 % of measurements of other configurations, the stronger
// one what is left for comparisons inside this configuration.
func tpot(r *report.Report, box Box, t Theme) Option {
	right := shortRoom + 12
	if box.narrow() {
		right = narrowRight
	}
	o := base(t, plotTop, right, plotBottom, plotLeft)
	o.Series = []Series{}
	points := upTo(r.StepCurve(), 8*r.Scenario.Batch)
	if len(points) == 0 {
		return o
	}
	objective := r.Objective()
	most := objective
	for _, p := range points {
		most = math.Max(most, p.High)
	}
	unit := quantity.Seconds.Scale(quantity.Decimal, most)
	top, step := linearScale(most / unit.Factor)
	last := float64(points[len(points)-1].Batch)
	o.XAxis = batchAxis(t, box, last)
	o.YAxis = yAxis(t, "value", 0, top, ticksTo(top, step))
	near := r.Nearby()
	var curve, low, wide, nearLow, narrow []Datum
	for _, p := range points {
		x := float64(p.Batch)
		tip := []TipRow{
			{"Batch " + quantity.Integer(p.Batch), ""},
			{"One token", quantity.Seconds.Predicted(quantity.Decimal, p.TPOT, p.Low, p.High).String()},
			{"Each user", quantity.Significant(p.TokensPerSPerUser, 2) + " tok/s"},
		}
		curve = append(curve, Datum{Value: []float64{x, p.TPOT / unit.Factor}, Tip: tip})
		low = append(low, Datum{Value: []float64{x, p.Low / unit.Factor}})
		wide = append(wide, Datum{Value: []float64{x, (p.High - p.Low) / unit.Factor}})
		nearLow = append(nearLow, Datum{Value: []float64{x, p.TPOT * near[0] / unit.Factor}})
		narrow = append(narrow, Datum{Value: []float64{x, p.TPOT * (near[1] - near[0]) / unit.Factor}})
	}
	if points[0].High > points[0].Low {
		o.Series = append(o.Series, bandOf(t, t.Routed, low, wide)...)
	}
	if near[1] > near[0] {
		inner := bandOf(t, t.Routed, nearLow, narrow)
		for i := range inner {
			inner[i].Stack += " inside"
		}
		o.Series = append(o.Series, inner...)
	}
	s := line("predicted", t.Routed, 2.25, "solid", curve)
	s.MarkLine = gridLines(t, ticksTo(top, step))
	if objective > 0 {
		at := objective / unit.Factor
		s.MarkLine.Data = append(s.MarkLine.Data, MarkLineAt{
			YAxis: &at, LineStyle: &opts.LineStyle{Color: t.Ink, Width: 1.5, Type: "dashed"},
			Label: &Label{Show: true, Position: "insideStartTop", Formatter: "your objective: " + strconv.FormatFloat(r.Scenario.TPOT, 'f', -1, 64) + " ms", Color: t.Ink, FontSize: fontSize, TextBorderColor: t.Paper, TextBorderWidth: 4},
		})
	}
	o.named(t, box, s, t.Routed, 600)
	o.beside(box, "left")
	if d := r.Decode; d.TPOT > 0 {
		at := []float64{float64(r.Scenario.Batch), d.TPOT / unit.Factor}
		tip := []TipRow{{"This scenario", ""}, {"One token", quantity.Seconds.Predicted(quantity.Decimal, d.TPOT, d.TPOTLow, d.TPOTHigh).String()}}
		o.Series = append(o.Series, ring(t, at), you(t, at, "this scenario", tip))
	}
	o.Graphic = axisTitles(t, box, "Sequences decoding at once", unitName(unit.Unit)+" for one token")
	return o
}
