package chart

import (
	"fmt"
	"math"
	"strconv"

	"moecost/core/report"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// Box is the size of a chart in CSS pixels. Charts are laid out for the box
// they get, never scaled.
type Box struct{ Width, Height float64 }

// narrow boxes have no room beside the marks: leaders and end labels go.
func (b Box) narrow() bool { return b.Width < 480 }

// Text on a filled mark. The values differ from paper and ink by one so that a
// prerendered picture, in which palette colours become variables, keeps them.
const (
	onDarkText  = "#FEFEFE"
	onLightText = "#16191C"
)

const (
	fontFamily = "Figure Sans, system-ui, Segoe UI, Roboto, Liberation Sans, sans-serif" // no quotes: it stands inside an attribute
	fontSize   = 13.5
)

// charts is the table of charts, by the name in a link's chart=.
var charts = []struct {
	name string
	draw func(*report.Report, Box, Theme) Option
}{
	{"ledger", ledger},
	{"models", models},
	{"gpus", gpus},
	{"kv", kv},
	{"routing", routing},
	{"traffic", traffic},
	{"boards", boards},
	{"coverage", coverage},
	{"tpot", tpot},
	{"batch", batch},
	{"throughput", throughput},
	{"bytes", bytesRead},
	{"roofline", roofline},
	{"draft", drafts},
	{"chunk", chunk},
	{"ranks", ranks},
	{"placed", placed},
	{"imbalance", imbalance},
	{"spare", spare},
	{"tail", tail},
	{"causes", causes},
	{"skewed", skewed},
	{"offload", offloadBars},
	{"timeline", timeline},
	{"saving", saving},
	{"hits", hits},
	{"vram", vram},
	{"accuracy", accuracy},
}

// Names lists the charts in the order of the page.
func Names() []string {
	var names []string
	for _, c := range charts {
		names = append(names, c.name)
	}
	return names
}

// Draw lays a chart out. The error names the charts there are.
func Draw(name string, r *report.Report, box Box, theme Theme) (Option, error) {
	for _, c := range charts {
		if c.name == name {
			return c.draw(r, box, theme), nil
		}
	}
	return Option{}, fmt.Errorf("chart: %q: there is no such chart: %q would do", name, Names())
}

// base is an option with the plot in the given margins: top, right, bottom, left.
func base(t Theme, top, right, bottom, left float64) Option {
	px := func(v float64) string { return strconv.FormatFloat(math.Round(v), 'f', -1, 64) }
	return Option{
		TextStyle: opts.TextStyle{FontFamily: fontFamily, Color: t.Ink2},
		Grid: Grid{
			Grid:            opts.Grid{Top: px(top), Right: px(right), Bottom: px(bottom), Left: px(left)},
			OuterBoundsMode: "none",
		},
		Tooltip: &opts.Tooltip{Trigger: "item"},
	}
}

// xAxis is a line with 5 px ticks at the given values.
func xAxis(t Theme, kind string, low, high float64, ticks []float64) Axis {
	return Axis{
		XAxis: opts.XAxis{
			Type: kind, Min: low, Max: high,
			AxisLine:  &opts.AxisLine{Show: opts.Bool(true), OnZero: opts.Bool(false), LineStyle: &opts.LineStyle{Color: t.Edge, Width: 1}},
			SplitLine: &opts.SplitLine{Show: opts.Bool(false)},
		},
		AxisLabel: &AxisLabel{Show: true, Color: t.Ink3, FontSize: fontSize, Margin: 9, CustomValues: ticks},
		AxisTick:  &AxisTick{Show: true, Length: 5, CustomValues: ticks, LineStyle: &opts.LineStyle{Color: t.Edge, Width: 1}},
		MinorTick: &Shown{},
	}
}

// yAxis has no line, hairlines at the given values and numbers left of the plot.
func yAxis(t Theme, kind string, low, high float64, ticks []float64) Axis {
	return Axis{
		XAxis: opts.XAxis{
			Type: kind, Min: low, Max: high,
			AxisLine:  &opts.AxisLine{Show: opts.Bool(false)},
			SplitLine: &opts.SplitLine{Show: opts.Bool(false)},
		},
		AxisLabel: &AxisLabel{Show: true, Color: t.Ink3, FontSize: fontSize, Margin: 8, CustomValues: ticks},
		AxisTick:  &AxisTick{Show: false, CustomValues: ticks},
		MinorTick: &Shown{},
	}
}

// gridLines draws the hairlines of a y axis as mark lines, because ECharts
// draws its split lines at ticks of its own choice.
func gridLines(t Theme, values []float64) *MarkLine {
	m := &MarkLine{
		Silent: true, Symbol: []string{"none", "none"},
		LineStyle: &opts.LineStyle{Color: t.Rule, Width: 1, Type: "solid"},
		Label:     &Label{Show: false},
	}
	for _, v := range values {
		m.Data = append(m.Data, MarkLineAt{YAxis: &v})
	}
	return m
}

// hidden is an axis that only gives the plot its scale.
func hidden(kind string, low, high float64) Axis {
	a := Axis{XAxis: opts.XAxis{Show: opts.Bool(false), Type: kind}}
	if kind != "category" {
		a.Min, a.Max = low, high
	}
	return a
}

// text is a line of text at a place in the box.
func text(x, y float64, words, colour, align string, weight int) Graphic {
	return Graphic{
		Type: "text", Silent: true, Z: 10, X: x, Y: y,
		Style: GraphicStyle{
			Text: words, Fill: colour, TextAlign: align, TextVerticalAlign: "middle",
			Font: fmt.Sprintf("%d %gpx %s", weight, fontSize, fontFamily),
		},
	}
}

// polyline is a leader or brace through the points.
func polyline(colour string, width float64, points ...[2]float64) Graphic {
	return Graphic{
		Type: "polyline", Silent: true, Z: 9,
		Shape: map[string]any{"points": points},
		Style: GraphicStyle{Stroke: colour, LineWidth: width},
	}
}

// you marks the reader's own scenario: a dot in a ring, in ink.
func you(t Theme, value []float64, name string, tip []TipRow) Series {
	return Series{
		Type: "scatter", Z: 20, Symbol: "circle", SymbolSize: 9,
		Emphasis:  &Emphasis{Disabled: true},
		Data:      []Datum{{Name: name, Value: value, Tip: tip}},
		ItemStyle: dot(t.Ink),
	}
}

// dot is a filled mark; ECharts would let it shine through.
func dot(colour string) *ItemStyle {
	return &ItemStyle{ItemStyle: opts.ItemStyle{Color: colour, Opacity: opts.Float(1)}}
}

// ring goes around you.
func ring(t Theme, value []float64) Series {
	return Series{
		Type: "scatter", Z: 19, Symbol: "circle", SymbolSize: 16, Silent: true,
		Emphasis:  &Emphasis{Disabled: true},
		Data:      []Datum{{Value: value}},
		ItemStyle: &ItemStyle{ItemStyle: opts.ItemStyle{Color: t.Paper, BorderColor: t.Ink, BorderWidth: 1.5, Opacity: opts.Float(1)}},
	}
}
