package chart

import (
	"moecost/core/quantity"
	"moecost/core/report"
)

// The shares of steps at which a tail is read, from the median on.
var tailLevels = []struct {
	share float64
	name  string
}{{0.5, "P50"}, {0.1, "P90"}, {0.01, "P99"}, {0.001, "P99.9"}}

// tail is the share of decode steps that take longer than a time, on a scale on
// which a percentile more is a step down.
func tail(r *report.Report, box Box, t Theme) Option {
	right := 60.0
	if box.narrow() {
		right = 46
	}
	o := base(t, plotTop, right, plotBottom, plotLeft+4)
	o.Series = []Series{}
	if r.Tail == nil {
		return o
	}
	at := []float64{r.Tail.P50, r.Tail.P90, r.Tail.P99, r.Tail.P999}
	curve := exceedance(r, at)
	scale := quantity.Seconds.Scale(quantity.Decimal, r.Tail.P999)
	last := curve[len(curve)-1].seconds / scale.Factor
	end, step := linearScale(last)
	shares := []float64{0.1, 1, 10, 100}
	o.XAxis = xAxis(t, "value", 0, end, ticksTo(end, step))
	o.YAxis = logAxis(yAxis(t, "log", 0.05, 100, shares), 10)
	o.YAxis.AxisLabel.Formatter = "{value}\u202f%"
	var data []Datum
	for _, p := range curve {
		data = append(data, Datum{Value: []float64{p.seconds / scale.Factor, 100 * p.share}, Tip: []TipRow{
			{"A step", ""}, {"takes longer than", quantity.Seconds.Text(quantity.Decimal, p.seconds)},
			{"in", quantity.Share.Text(quantity.Decimal, p.share) + " of the steps"},
		}})
	}
	own := line("steps", t.Routed, 2.25, "solid", data)
	own.AreaStyle = &AreaStyle{Color: t.Routed, Opacity: 0.08}
	own.MarkLine = gridLines(t, shares)
	o.Series = append(o.Series, own)
	for i, l := range tailLevels {
		x := at[i] / scale.Factor
		name := l.name + "  " + quantity.Seconds.Text(quantity.Decimal, at[i])
		side := "right"
		if x > 0.62*end {
			side = "left"
		}
		weight := 400
		if l.name == "P99" {
			weight = 600
		}
		mark := Series{
			Type: "scatter", Z: 12, Symbol: "circle", SymbolSize: 9, Emphasis: &Emphasis{Disabled: true}, ItemStyle: dot(t.Routed),
			Data: []Datum{{Name: name, Value: []float64{x, 100 * l.share}, Label: &Label{
				Show: true, Formatter: "{b}", Position: side, Distance: 9, Offset: []float64{0, -11}, Color: t.Ink, FontSize: fontSize, FontWeight: weight, TextBorderColor: t.Paper, TextBorderWidth: 4,
			}, Tip: []TipRow{{l.name, ""}, {"A step", quantity.Seconds.Text(quantity.Decimal, at[i])}, {"of the median", quantity.Ratio.Text(quantity.Decimal, at[i]/at[0])}}}},
		}
		o.Series = append(o.Series, mark)
	}
	o.Graphic = axisTitles(t, box, scale.Unit+" of a step", "Steps that take longer")
	return o
}

type exceeded struct{ seconds, share float64 }

// exceedance is the share of steps above each time: at the edges of the bins, and at
// the percentiles, which are known better than bins can say.
func exceedance(r *report.Report, at []float64) []exceeded {
	var out []exceeded
	above := 1.0
	bins := r.TailBins()
	for i, b := range bins {
		if i == 0 || b.Share > 0 || bins[i-1].Share > 0 {
			out = append(out, exceeded{b.From, above})
		}
		above -= b.Share
	}
	for i, l := range tailLevels {
		k := len(out)
		for k > 0 && out[k-1].seconds > at[i] {
			k--
		}
		out = append(out, exceeded{})
		copy(out[k+1:], out[k:])
		out[k] = exceeded{at[i], l.share}
	}
	least := 1.0
	kept := out[:0]
	for _, p := range out {
		p.share = min(p.share, least)
		if p.share < 0.0005 {
			break
		}
		least = p.share
		kept = append(kept, p)
	}
	return kept
}
