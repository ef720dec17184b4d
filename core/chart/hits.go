package chart

import (
	"moecost/core/offload/cache"
	"moecost/core/report"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// hitLine is how a policy is drawn, in the order of cache.Policies.
type hitLine struct {
	name, kind string
	width      float32
	colour     func(Theme) string
}

var hitLines = [len(cache.Policies)]hitLine{
	{"hot list", "solid", 2.25, func(t Theme) string { return t.Routed }},
	{"LRU", "solid", 2.25, func(t Theme) string { return t.Ink }},
	{"LFU", "dashed", 1.5, func(t Theme) string { return t.Attention }},
	{"LRU over all layers", "solid", 1.5, func(t Theme) string { return t.Comm }},
}

// hits is the share of requests for experts that a cache answers against its size, by
// policy, with replayed traces as points.
func hits(r *report.Report, box Box, t Theme) Option {
	entries := []swatch{}
	for _, l := range hitLines {
		entries = append(entries, swatch{l.name, l.colour(t), 4})
	}
	key, below := keyOf(t, box, entries)
	o := base(t, plotTop+below, 16, plotBottom, plotLeft)
	o.Series = []Series{}
	curve, _ := r.HitCurve()
	if len(curve) == 0 {
		return o
	}
	ticks := []float64{0, 25, 50, 75, 100}
	o.XAxis = xAxis(t, "value", 0, 100, ticks)
	o.YAxis = yAxis(t, "value", 0, 100, ticks)
	for i, l := range hitLines {
		data := []Datum{{Value: []float64{0, 0}}}
		for _, p := range curve {
			data = append(data, Datum{Value: []float64{100 * p.Share, 100 * p.Rates[i]}, Tip: hitTip(p)})
		}
		s := line(l.name, l.colour(t), l.width, l.kind, data)
		if i == 0 {
			s.MarkLine = gridLines(t, ticks)
		}
		o.Series = append(o.Series, s)
	}
	for _, c := range r.Replayed() {
		if c.Own || r.ReplaysCompare() {
			o.Series = append(o.Series, replayed(t, c))
		}
	}
	if f := r.Offload; f != nil {
		p := r.HitsAt(f.GPUShare)
		at := []float64{100 * f.GPUShare, 100 * f.HitRate}
		tip := append([]TipRow{{"This scenario", ""}, {"Experts on the GPUs", share(f.GPUShare)}}, hitTip(p)[1:]...)
		o.Series = append(o.Series, ring(t, at), you(t, at, "this scenario", tip))
	}
	o.Graphic = append(key, text(box.Width-1, box.Height-8, "Per cent of the experts that GPUs have room for", t.Ink3, "right", 400))
	return o
}

func hitTip(p report.HitPoint) []TipRow {
	tip := []TipRow{{"Room for " + share(p.Share) + " of the experts", ""}}
	for i, l := range hitLines {
		tip = append(tip, TipRow{capital(l.name), share(p.Rates[i])})
	}
	return tip
}

// replayed is what an LRU cache per layer makes of a trace: open points, a reader's own trace filled.
func replayed(t Theme, c report.Replay) Series {
	var data []Datum
	for i, size := range cache.Shares {
		row := c.Rates[i]
		data = append(data, Datum{Value: []float64{100 * size, 100 * row[1]}, Tip: []TipRow{
			{c.Name, ""}, {"Room for", share(size)}, {"LRU", share(row[1])}, {"LFU", share(row[2])}, {"LRU over all layers", share(row[3])}, {"Optimum", share(row[4])},
		}})
	}
	style := &ItemStyle{ItemStyle: opts.ItemStyle{Color: t.Paper, BorderColor: t.Ink3, BorderWidth: 1, Opacity: opts.Float(1)}}
	if c.Own {
		style = dot(t.Ink)
	}
	return Series{Name: c.Name, Type: "scatter", Z: 10, Symbol: "circle", SymbolSize: 6, Data: data, ItemStyle: style, Emphasis: &Emphasis{Disabled: true}}
}
