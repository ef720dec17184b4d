package chart

import (
	"math"
	"slices"

	"moecost/core/quantity"
	"moecost/core/report"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// skewed is the P99 and the median of a step against skew, a line for each width of
// expert parallelism.
func skewed(r *report.Report, box Box, t Theme) Option {
	right := shortRoom - 24
	if box.narrow() {
		right = 52
	}
	o := base(t, plotTop, right, plotBottom, plotLeft)
	o.Series = []Series{}
	points := r.TailSweep()
	if len(points) == 0 {
		return o
	}
	most, widest := 0.0, 0.0
	var widths []int
	for _, p := range points {
		most, widest = math.Max(most, p.P99), math.Max(widest, p.Skew)
		if !slices.Contains(widths, p.EP) {
			widths = append(widths, p.EP)
		}
	}
	scale := quantity.Seconds.Scale(quantity.Decimal, most)
	end, step := linearScale(most / scale.Factor)
	o.XAxis = xAxis(t, "value", 0, max(widest, 0.5), []float64{0, 0.5, 1, 1.5, 2})
	o.YAxis = yAxis(t, "value", 0, end, ticksTo(end, step))
	colours := []string{t.Ink, t.Routed, t.Comm, t.Attention}
	for i, ep := range widths {
		colour := colours[i%len(colours)]
		var p99, p50 []Datum
		for _, p := range points {
			if p.EP != ep {
				continue
			}
			tip := []TipRow{{"EP " + quantity.Integer(int64(p.EP)), ""}, {"Skew", formatSkew(p.Skew)}, {"P99 of a step", quantity.Seconds.Text(quantity.Decimal, p.P99)}, {"Median", quantity.Seconds.Text(quantity.Decimal, p.P50)}}
			p99 = append(p99, Datum{Value: []float64{p.Skew, p.P99 / scale.Factor}, Tip: tip})
			p50 = append(p50, Datum{Value: []float64{p.Skew, p.P50 / scale.Factor}})
		}
		median := line("", colour, 1.5, "dashed", p50)
		median.Silent = true
		if i == 0 {
			median.MarkLine = gridLines(t, ticksTo(end, step))
		}
		slow := line("EP "+quantity.Integer(int64(ep)), colour, 2.25, "solid", p99)
		slow.EndLabel = &Label{Show: true, Formatter: "{a}", Color: t.Ink2, FontSize: fontSize, Distance: 6, TextBorderColor: t.Paper, TextBorderWidth: 4}
		slow.Layout = &LabelLayout{MoveOverlap: "shiftY"}
		o.Series = append(o.Series, median, slow)
	}
	if own := r.Scenario.Skew; own > 0 && own <= max(widest, 0.5) && r.Scenario.Law == "lognormal" {
		o.Series[0].MarkLine.Data = append(o.Series[0].MarkLine.Data, MarkLineAt{
			XAxis: &own, LineStyle: &opts.LineStyle{Color: t.Ink, Width: 1, Type: "dotted"},
			Label: &Label{Show: true, Position: "end", Formatter: "this skew", Color: t.Ink, FontSize: fontSize, TextBorderColor: t.Paper, TextBorderWidth: 4},
		})
	}
	o.Graphic = axisTitles(t, box, "Skew of expert popularity", scale.Unit+" of a step")
	return o
}
