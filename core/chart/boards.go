package chart

import (
	"math"

	"moecost/core/quantity"
	"moecost/core/report"
)

// boards are the experts of one layer at four batches, as they are in the hero.
func boards(r *report.Report, box Box, t Theme) Option {
	o := base(t, 0, 0, 0, 0)
	o.XAxis, o.YAxis = hidden("value", 0, 1), hidden("value", 0, 1)
	o.Series = []Series{}
	experts := int(r.Model.RoutedExperts)
	if experts == 0 {
		return o
	}
	columns, gap := 4, 40.0
	if box.Width < 640 {
		columns, gap = 2, 20
	}
	width := (box.Width - gap*float64(columns-1)) / float64(columns)
	for i, p := range r.ByBatch(report.BoardBatches, r.Scenario.Skew) {
		touched := int(math.Round(p.DistinctExperts))
		b := Board(experts, touched, int(r.Model.TopK), math.Min(width, 230))
		x := float64(i%columns) * (width + gap)
		y := float64(i/columns) * (box.Height / math.Ceil(4/float64(columns)))
		o.Graphic = append(o.Graphic,
			text(x, y+8, "Batch "+quantity.Integer(p.Batch), t.Ink, "left", 600),
			path(x, y+24, b.Resident, t.Resident, t.ResidentEdge),
			path(x, y+24, b.Touched, t.Touched, ""),
			path(x, y+24, b.Computed, t.Computed, ""),
			text(x, y+24+b.Height+16, quantity.Integer(int64(touched))+" of "+quantity.Integer(int64(experts)), t.Ink, "left", 600))
	}
	return o
}

// path is a shape given as SVG path data.
func path(x, y float64, data, fillColour, stroke string) Graphic {
	g := Graphic{Type: "path", Silent: true, X: x, Y: y, Shape: map[string]any{"pathData": data}, Style: GraphicStyle{Fill: fillColour}}
	if stroke != "" {
		g.Style.Stroke, g.Style.LineWidth = stroke, 1
	}
	return g
}
