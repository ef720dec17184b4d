package chart

import (
	"math"

	"moecost/core/quantity"
	"moecost/core/report"
)

// saving is what prefetching saves against the ratio of copying to computing: with predicted
// experts executed, which is the ceiling, and with missed ones copied after all.
func saving(r *report.Report, box Box, t Theme) Option {
	key, below := keyOf(t, box, []swatch{{"at best, or with guesses executed", t.Ink3, 2}, {"misses copied after all", t.Comm, 4}})
	o := base(t, plotTop+below, narrowRight, plotBottom, plotLeft)
	o.Series = []Series{}
	curve, own := r.OffloadSavings()
	if len(curve) == 0 {
		return o
	}
	low := 0.0
	var ceiling, lossless []Datum
	for _, p := range curve {
		tip := []TipRow{
			{"Copies " + quantity.Significant(p.Ratio, 2) + " × the GPU’s work", ""},
			{"At best", share(p.Ceiling)},
			{"Misses copied after all", share(p.Refetch)},
		}
		ceiling = append(ceiling, Datum{Value: []float64{p.Ratio, 100 * p.Ceiling}, Tip: tip})
		lossless = append(lossless, Datum{Value: []float64{p.Ratio, 100 * p.Refetch}, Tip: tip})
		low = math.Min(low, 100*p.Refetch)
	}
	low = -25 * math.Ceil(math.Max(-low, -100*own.Saving)/25-1e-9)
	first, last := curve[0].Ratio, curve[len(curve)-1].Ratio
	o.XAxis = logAxis(xAxis(t, "log", first, last, decades(first, last, true)), 10)
	var ticks []float64
	for v := low; v <= 50; v += 25 {
		ticks = append(ticks, v)
	}
	o.YAxis = yAxis(t, "value", low, 50, ticks)
	o.YAxis.AxisLabel.Show = false // the library writes a hyphen for a minus
	best := line("at best", t.Ink3, 1.5, "dashed", ceiling)
	best.MarkLine = gridLines(t, ticks)
	after := line("copied after all", t.Comm, 2.25, "solid", lossless)
	o.Series = append(o.Series, best, after)
	if own.Ratio > 0 && !math.IsInf(own.Ratio, 0) {
		at := []float64{math.Min(math.Max(own.Ratio, first), last), math.Max(100*own.Saving, low)}
		tip := []TipRow{{"This scenario", ""}, {"Copies", quantity.Significant(own.Ratio, 2) + " × the GPU’s work"}, {"Saved", share(own.Saving)},
			{"If guesses are executed", share(own.Executed)}, {"If misses are copied", share(own.Refetch)}, {"At best", share(own.Ceiling)}}
		o.Series = append(o.Series, ring(t, at), you(t, at, "this scenario", tip))
	}
	o.Graphic = append(key, text(box.Width-1, box.Height-8, "Seconds of copies for each second of the GPU’s work", t.Ink3, "right", 400))
	for _, v := range ticks {
		y := plotTop + below + (50-v)/(50-low)*(box.Height-plotTop-below-plotBottom)
		o.Graphic = append(o.Graphic, text(plotLeft-8, y, quantity.Integer(int64(v)), t.Ink3, "right", 400))
	}
	return o
}
