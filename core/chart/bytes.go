package chart

import (
	"math"

	"moecost/core/quantity"
	"moecost/core/report"
)

// bytesRead is the weights that a step reads for each of its tokens against the
// batch, with the dense twins.
func bytesRead(r *report.Report, box Box, t Theme) Option {
	right := max(endRoom+8, roomFor(r.Scenario.ModelName, box))
	if box.narrow() {
		right = narrowRight
	}
	o := base(t, plotTop, right, plotBottom, plotLeft)
	o.Series = []Series{}
	lines := curves(r, t)
	if len(lines) == 0 {
		return o
	}
	most, least := 0.0, math.Inf(1)
	for _, l := range lines {
		for _, p := range l.points {
			v := p.TouchedBytes / float64(p.Batch)
			most, least = math.Max(most, v), math.Min(least, v)
		}
	}
	scale := quantity.Bytes.Scale(r.Units(), most)
	low, high := decadeBelow(least/scale.Factor), decadeAbove(most/scale.Factor)
	yTicks := decades(low, high, high/low < 300)
	last := float64(lines[0].points[len(lines[0].points)-1].Batch)
	o.XAxis = batchAxis(t, box, last)
	o.YAxis = logAxis(yAxis(t, "log", low, high, yTicks), 10)
	var mine []float64
	for i, l := range lines {
		var data []Datum
		for _, p := range l.points {
			v := []float64{float64(p.Batch), p.TouchedBytes / float64(p.Batch) / scale.Factor}
			data = append(data, Datum{Value: v, Tip: []TipRow{
				{l.name, ""}, {"Batch", quantity.Integer(p.Batch)}, {"Read for each token", quantity.Bytes.Text(r.Units(), p.TouchedBytes/float64(p.Batch))},
				{"Read by the step", quantity.Bytes.Text(r.Units(), p.TouchedBytes)},
			}})
			if i == 0 && p.Batch == r.Scenario.Batch {
				mine = v
			}
		}
		s := line(l.name, l.colour, l.width, l.kind, data)
		if i == 0 {
			s.MarkLine = gridLines(t, yTicks)
		}
		o.named(t, box, s, l.colour, 400)
		o.beside(box, [...]string{"bottom", "right", "right"}[min(i, 2)])
	}
	if mine != nil {
		o.Series = append(o.Series, ring(t, mine), you(t, mine, "this scenario", nil))
	}
	o.Graphic = axisTitles(t, box, "Sequences decoding at once", scale.Unit+" of weights read for one token")
	return o
}
