package chart

import (
	"math"

	"moecost/core/quantity"
	"moecost/core/report"
)

// imbalance is the busiest rank's tokens over the mean against the number of ranks.
func imbalance(r *report.Report, box Box, t Theme) Option {
	right := shortRoom + 20
	if box.narrow() {
		right = narrowRight
	}
	o := base(t, plotTop, right, plotBottom, plotLeft)
	o.Series = []Series{}
	points := r.ImbalanceCurve()
	if len(points) == 0 {
		return o
	}
	most := 0.0
	var off, static, online []Datum
	var ticks []float64
	for _, p := range points {
		x := float64(p.Ranks)
		tip := []TipRow{
			{quantity.Integer(int64(p.Ranks)) + " expert-parallel ranks", ""},
			{"Experts in order", quantity.Fixed(p.Off, 2) + "×"},
			{"EPLB, placed once", quantity.Fixed(p.Static, 2) + "×"},
			{"EPLB, online", quantity.Fixed(p.Online, 2) + "×"},
		}
		off = append(off, Datum{Value: []float64{x, p.Off}, Tip: tip})
		static = append(static, Datum{Value: []float64{x, p.Static}, Tip: tip})
		online = append(online, Datum{Value: []float64{x, p.Online}, Tip: tip})
		most = math.Max(most, math.Max(p.Off, math.Max(p.Static, p.Online)))
		if powerOfTwo(p.Ranks) {
			ticks = append(ticks, x)
		}
	}
	var levels []float64
	for v := 1.0; v < 2*most; v *= 2 {
		levels = append(levels, v)
	}
	o.XAxis = logAxis(xAxis(t, "log", float64(points[0].Ranks), float64(points[len(points)-1].Ranks), thin(ticks, int(box.Width/56))), 2)
	o.YAxis = logAxis(yAxis(t, "log", 1, levels[len(levels)-1], levels), 2)
	for i, l := range []struct {
		mode, name string
		data       []Datum
	}{{"off", "in order", off}, {"static", "EPLB, static", static}, {"online", "EPLB, online", online}} {
		s, colour, weight := line(l.name, t.Ink3, 1.5, "dashed", l.data), t.Ink3, 400
		if l.mode == r.Scenario.EPLB {
			s, colour, weight = line(l.name, t.Routed, 2.25, "solid", l.data), t.Routed, 600
		}
		if i == 0 {
			s.MarkLine = gridLines(t, levels)
		}
		if !box.narrow() {
			o.named(t, box, s, colour, weight)
			continue
		}
		o.Series = append(o.Series, s)
		last := l.data[max(len(l.data)-2, 0)].Value // before the end, where there is room
		switch {
		case l.mode == "off":
			o.Series = append(o.Series, nameAt(t, l.name, colour, last, weight, "left"))
		case l.mode == r.Scenario.EPLB || l.mode == "static" && r.Scenario.EPLB == "off":
			o.Series = append(o.Series, nameAt(t, l.name, colour, last, weight, "top"))
		}
	}
	if b := r.Balance; b != nil {
		v := b.MaxOverMean
		if r.Scenario.EPLB != "off" {
			v = b.MaxOverMeanEPLB
		}
		at := []float64{float64(r.Scenario.EP), v}
		o.Series = append(o.Series, ring(t, at), you(t, at, "this scenario", []TipRow{{"This scenario", ""}, {"Busiest over mean", quantity.Fixed(v, 2) + "×"}}))
	}
	o.Graphic = axisTitles(t, box, "Expert-parallel ranks", "Tokens of the busiest over the mean")
	return o
}
