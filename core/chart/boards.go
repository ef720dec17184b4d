package chart

import (
	"math"

	"moecost/core/quantity"
	"moecost/core/report"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// boards are the experts of one layer at four batches, as they are in the hero.
// Each fill of a board is one symbol, placed on axes that count pixels.
func boards(r *report.Report, box Box, t Theme) Option {
	o := base(t, 0, 0, 0, 0)
	o.XAxis, o.YAxis = hidden("value", 0, box.Width), hidden("value", 0, box.Height)
	o.YAxis.Inverse = opts.Bool(true)
	o.Series = []Series{}
	experts := int(r.Model.RoutedExperts)
	if experts == 0 {
		return o
	}
	columns, gap := 4, 40.0
	if box.Width < 640 {
		columns, gap = 2, 20
	}
	rows := (len(report.BoardBatches) + columns - 1) / columns
	width := (box.Width - gap*float64(columns-1)) / float64(columns)
	height := box.Height / float64(rows)
	side := math.Min(width, height-boardHead-boardFoot)
	for i, p := range r.ByBatch(report.BoardBatches) {
		touched := int(math.Round(p.DistinctExperts))
		b := Board(experts, touched, int(r.Model.TopK), side)
		x, y := float64(i%columns)*(width+gap), float64(i/columns)*height
		for _, f := range []struct{ path, colour, edge string }{
			{b.Resident, t.Resident, t.ResidentEdge}, {b.Touched, t.Touched, ""}, {b.Computed, t.Computed, ""},
		} {
			if f.path != "" {
				o.Series = append(o.Series, boardFill(x, y+boardHead, b, f.path, f.colour, f.edge))
			}
		}
		o.Graphic = append(o.Graphic,
			text(x, y+8, "Batch "+quantity.Integer(p.Batch), t.Ink, "left", 600),
			text(x, y+boardHead+b.Height+14, quantity.Integer(int64(touched))+" of "+quantity.Integer(int64(experts)), t.Ink, "left", 600))
	}
	return o
}

// Room over and under a board, for its batch and its count.
const (
	boardHead = 24.0
	boardFoot = 28.0
)

// boardFill is one fill of a board. The two empty moves give every fill the extent of
// the whole board, which ECharts scales a symbol by.
func boardFill(x, y float64, b BoardPaths, path, colour, edge string) Series {
	var extent []byte
	extent = append(extent, "path://M0 0M"...)
	extent = appendHundredths(extent, b.Width)
	extent = append(extent, ' ')
	extent = appendHundredths(extent, b.Height)
	style := dot(colour)
	if edge != "" {
		style.BorderColor, style.BorderWidth = edge, 1
	}
	return Series{
		Type: "scatter", Silent: true, Symbol: string(extent) + path, ItemStyle: style, Emphasis: &Emphasis{Disabled: true},
		Data: []Datum{{Value: []float64{x + b.Width/2, y + b.Height/2}, SymbolSize: []float64{b.Width, b.Height}}},
	}
}
