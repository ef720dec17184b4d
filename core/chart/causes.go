package chart

import (
	"math"
	"strconv"

	"moecost/core/quantity"
	"moecost/core/report"
)

// causes is the median and the P99 of a step with each cause alone, from none to all
// that the scenario has.
func causes(r *report.Report, box Box, t Theme) Option {
	rows := causeRows(r)
	o := base(t, plotTop, 24, plotBottom, 0)
	o.Series = []Series{}
	if len(rows) == 0 {
		return o
	}
	most, widest := 0.0, 0.0
	for _, c := range rows {
		most = max(most, c.spread.P99)
		widest = max(widest, textWidth(c.name, fontSize, c.strong))
	}
	o.Grid.Left = strconv.FormatFloat(math.Round(widest+16), 'f', -1, 64)
	scale := quantity.Seconds.Scale(quantity.Decimal, most)
	end, step := linearScale(most / scale.Factor)
	o.XAxis = xAxis(t, "value", 0, end, ticksTo(end, step))
	o.YAxis = hidden("value", 0, float64(len(rows)))
	height := box.Height - plotTop - plotBottom
	for i, c := range rows {
		y := float64(len(rows)-i) - 0.5
		colour, words, weight := t.Routed, t.Ink2, 400
		switch {
		case c.strong:
			colour, words, weight = t.Ink, t.Ink, 600
		case c.left:
			colour, words = t.Edge, t.Ink3
		}
		tip := []TipRow{{c.name, ""}, {"Median", quantity.Seconds.Text(quantity.Decimal, c.spread.P50)}, {"P99", quantity.Seconds.Text(quantity.Decimal, c.spread.P99)}}
		if c.without.P50 > 0 {
			tip = append(tip, TipRow{"P99 with all but it", quantity.Seconds.Text(quantity.Decimal, c.without.P99)})
		}
		low, high := []float64{c.spread.P50 / scale.Factor, y}, []float64{c.spread.P99 / scale.Factor, y}
		bar := line("", colour, 2.25, "solid", []Datum{{Value: low}, {Value: high}})
		bar.Silent = true
		open := scatter(t)
		open.Z, open.SymbolSize, open.ItemStyle = 6, 8, fill(t.Paper, colour)
		open.ItemStyle.BorderWidth = 1.75
		open.Data = []Datum{{Value: low, Tip: tip}}
		full := scatter(t)
		full.Z, full.SymbolSize, full.ItemStyle = 7, 9, dot(colour)
		full.Data = []Datum{{Value: high, Tip: tip}}
		o.Series = append(o.Series, bar, open, full)
		o.Graphic = append(o.Graphic, text(widest+4, plotTop+height*(float64(i)+0.5)/float64(len(rows)), c.name, words, "right", weight))
	}
	o.Series[0].MarkLine = verticals(t, ticksTo(end, step))
	o.Graphic = append(o.Graphic, text(box.Width-1, box.Height-8, scale.Unit+" of a step", t.Ink3, "right", 400))
	return o
}

type causeRow struct {
	name            string
	spread, without report.TailSpread
	left, strong    bool
}

func causeRows(r *report.Report) []causeRow {
	if r.Tail == nil {
		return nil
	}
	rows := []causeRow{{name: "No cause", spread: r.TailBare()}}
	for _, c := range r.TailCauses() {
		rows = append(rows, causeRow{name: causeNames[c.ID], spread: c.Alone, without: c.Without, left: c.Left})
	}
	return append(rows, causeRow{name: "The scenario", spread: report.TailSpread{P50: r.Tail.P50, P99: r.Tail.P99}, strong: true})
}

// causeNames are those of the boxes that leave causes out.
var causeNames = map[string]string{
	"routing": "Routing", "batch": "Batch and context", "domain": "Domain drift", "prefill": "Prefill", "moves": "Rebalancing", "speed": "GPU speed",
}

// verticals draws hairlines at values of the x axis.
func verticals(t Theme, values []float64) *MarkLine {
	m := gridLines(t, nil)
	for _, v := range values {
		m.Data = append(m.Data, MarkLineAt{XAxis: &v})
	}
	return m
}
