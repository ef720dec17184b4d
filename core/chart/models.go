package chart

import (
	"math"
	"slices"

	"moecost/core/quantity"
	"moecost/core/report"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// Names on the map: the best-known models first; a name is left out where it
// would touch one that is already there.
var landmarks = []string{
	"deepseek-v3", "kimi-k2", "mixtral-8x7b", "qwen3-235b-a22b", "gpt-oss-120b", "llama-4-maverick", "llama-4-scout",
	"llama-3.1-70b", "llama-3.1-8b", "deepseek-v4-pro", "grok-1", "qwen3-30b-a3b", "glm-4.5-air", "minimax-m2", "dbrx", "snowflake-arctic",
	"phi-3.5-moe", "olmoe-1b-7b", "qwen3-next-80b-a3b", "nemotron-3-ultra-550b-a55b", "mistral-7b", "deepseek-moe-16b", "grok-2",
}

// The fewest and most names on a map.
const (
	namesWide   = 18
	namesNarrow = 8
)

// models is resident against active weights, both in billions on log scales.
func models(r *report.Report, box Box, t Theme) Option {
	right := 16.0
	o := base(t, plotTop, right, plotBottom, plotLeft-8)
	me := report.Published{ID: r.Scenario.Model, Name: r.Scenario.ModelName, Total: r.Model.TotalParams, Active: r.Model.ActiveParams}
	points := report.AllPublished()
	m := mapScale{box: box, left: plotLeft - 8, right: right}
	m.cover(append(slices.Clone(points), me))
	o.XAxis = logAxis(xAxis(t, "log", m.x0, m.x1, decades(m.x0, m.x1, true)), 10)
	yTicks := decades(m.y0, m.y1, false)
	o.YAxis = logAxis(yAxis(t, "log", m.y0, m.y1, yTicks), 10)

	sparse, dense := scatter(t), scatter(t)
	sparse.ItemStyle = dot(t.Ink2)
	dense.ItemStyle = &ItemStyle{ItemStyle: opts.ItemStyle{Color: t.Paper, BorderColor: t.Ink2, BorderWidth: 1.25, Opacity: opts.Float(1)}}
	names := namer{scale: m, t: t, most: namesWide}
	if box.narrow() {
		names.most = namesNarrow
	}
	names.taken = m.ratioLabels()
	for _, p := range points {
		if p.ID != me.ID {
			names.keepClear(p)
		}
	}
	names.block(me)
	label := names.pick(points, me)
	for _, p := range points {
		if p.ID == me.ID {
			continue
		}
		d := Datum{Name: p.Name, Value: []float64{billions(p.Active), billions(p.Total)}, Tip: modelTip(p), Label: label[p.ID]}
		if p.Dense {
			dense.Data = append(dense.Data, d)
		} else {
			sparse.Data = append(sparse.Data, d)
		}
	}
	sparse.MarkLine = gridLines(t, yTicks)
	sparse.MarkLine.Data = append(sparse.MarkLine.Data, m.ratios(t)...)
	at := []float64{billions(me.Active), billions(me.Total)}
	o.Series = []Series{sparse, dense, ring(t, at), you(t, at, me.Name, modelTip(me))}
	o.Graphic = append(axisTitles(t, box, "Active, billion weights per token", "Resident, billion weights"), names.own(me)...)
	return o
}

func modelTip(p report.Published) []TipRow {
	return []TipRow{
		{p.Name, ""},
		{"Resident", quantity.Parameters.Text(quantity.Decimal, float64(p.Total))},
		{"Active per token", quantity.Parameters.Text(quantity.Decimal, float64(p.Active))},
		{"Resident for each active", quantity.Ratio.Text(quantity.Decimal, p.Ratio())},
	}
}

func scatter(t Theme) Series {
	return Series{Type: "scatter", Symbol: "circle", SymbolSize: 7, Emphasis: &Emphasis{Disabled: true}, Data: []Datum{}}
}

// mapScale turns weights into pixels, so that names can be placed in Go.
type mapScale struct {
	box            Box
	left, right    float64
	x0, x1, y0, y1 float64 // ends of the axes, billions
}

// cover chooses the ends of the axes: round values that hold every point.
func (m *mapScale) cover(points []report.Published) {
	x0, x1, y0, y1 := math.Inf(1), 0.0, math.Inf(1), 0.0
	for _, p := range points {
		x0, x1 = math.Min(x0, billions(p.Active)), math.Max(x1, billions(p.Active))
		y0, y1 = math.Min(y0, billions(p.Total)), math.Max(y1, billions(p.Total))
	}
	m.x0, m.x1 = roundDown(x0/1.1), roundUp(x1*1.15)
	m.y0, m.y1 = roundDown(y0/1.15), roundUp(y1*1.25)
}

// roundDown and roundUp go to 1, 1.5, 2, 3, 5, 7 times a power of ten.
func roundDown(v float64) float64 {
	e := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{7, 5, 3, 2, 1.5} {
		if v >= m*e {
			return m * e
		}
	}
	return e
}

func roundUp(v float64) float64 {
	e := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 1.5, 2, 3, 5, 7} {
		if v <= m*e*(1+1e-12) {
			return m * e
		}
	}
	return 10 * e
}

func (m *mapScale) x(active int64) float64 {
	return m.left + (m.box.Width-m.left-m.right)*math.Log(billions(active)/m.x0)/math.Log(m.x1/m.x0)
}

func (m *mapScale) y(total int64) float64 {
	return m.box.Height - plotBottom - (m.box.Height-plotTop-plotBottom)*math.Log(billions(total)/m.y0)/math.Log(m.y1/m.y0)
}

// ratioLines are the ratios of resident to active that the map draws.
var ratioLines = []struct {
	ratio float64
	name  string
}{{1, "dense, 1×"}, {4, "4×"}, {16, "16×"}}

// ends are the active weights, in billions, between which a ratio's line runs.
func (m *mapScale) ends(ratio float64) (x0, x1 float64, ok bool) {
	x0, x1 = math.Max(m.x0, m.y0/ratio), math.Min(m.x1, m.y1/ratio)
	return x0, x1, x0 < x1
}

// ratioLabels are the places of the names of the lines, at their upper ends.
func (m *mapScale) ratioLabels() []rect {
	var out []rect
	for _, iso := range ratioLines {
		if _, x1, ok := m.ends(iso.ratio); ok {
			x, y := m.x(int64(x1*1e9)), m.y(int64(x1*iso.ratio*1e9))
			w := textWidth(iso.name, fontSize, false)
			out = append(out, rect{x - w - 10, y - 8, x + 2, y + w*0.8 + 8})
		}
	}
	return out
}

// ratios are lines of equal resident for each active weight, labelled along themselves.
func (m *mapScale) ratios(t Theme) []any {
	var out []any
	for _, iso := range ratioLines {
		x0, x1, ok := m.ends(iso.ratio)
		if !ok {
			continue
		}
		style := &opts.LineStyle{Color: t.Rule, Width: 1, Type: "solid"}
		if iso.ratio == 1 {
			style.Color = t.Edge
		}
		out = append(out, [2]MarkLineEnd{
			{Coord: []float64{x0, x0 * iso.ratio}, LineStyle: style, Label: &Label{
				Show: true, Position: "insideEndTop", Formatter: iso.name, Color: t.Ink3, FontSize: fontSize,
				TextBorderColor: t.Paper, TextBorderWidth: 4,
			}},
			{Coord: []float64{x1, x1 * iso.ratio}},
		})
	}
	return out
}

func billions(params int64) float64 { return float64(params) / 1e9 }
