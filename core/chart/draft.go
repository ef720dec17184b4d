package chart

import (
	"math"

	"moecost/core/quantity"
	"moecost/core/report"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// lattice is the place of a grid of cells: columns on a log axis, rows upwards from 0.
type lattice struct {
	left, top, width, height float64 // of one cell; left and top of the plot
	columns, rows            int
}

// How strong cells are: from just above even to the fastest. Ink on them keeps 6:1.
const (
	faintest  = 0.06
	strongest = 0.42
)

// drafts is the speedup by drafted tokens and batch: stronger is faster, hollow is
// a loss, and a line of ink runs between the two.
func drafts(r *report.Report, box Box, t Theme) Option {
	const left, right = 30.0, 8.0
	o := base(t, plotTop, right, plotBottom, left)
	o.Series = []Series{}
	g := r.DraftGrid()
	if g == nil {
		return o
	}
	every := 1
	if box.narrow() {
		every = 2 // a number needs its room
	}
	var batches []int
	for i := 0; i < len(g.Batches); i += every {
		batches = append(batches, i)
	}
	c := lattice{left: left, top: plotTop, columns: len(batches), rows: len(g.Rows) + 1}
	c.width, c.height = (box.Width-left-right)/float64(c.columns), (box.Height-plotTop-plotBottom)/float64(c.rows)

	half := math.Exp2(float64(every) / 2)
	low, high := float64(g.Batches[batches[0]])/half, float64(g.Batches[batches[len(batches)-1]])*half
	var ticks, levels []float64
	for _, i := range batches {
		ticks = append(ticks, float64(g.Batches[i]))
	}
	for k := range c.rows {
		levels = append(levels, float64(k))
	}
	o.XAxis = logAxis(xAxis(t, "log", low, high, thin(ticks, int(box.Width/64))), 2)
	o.YAxis = yAxis(t, "value", -0.5, float64(c.rows)-0.5, levels)

	batch, drafted := float64(r.Scenario.Batch), float64(r.Scenario.Draft)
	fastest := 2.0
	for _, row := range g.Rows {
		for _, i := range batches {
			fastest = max(fastest, row[i].Speedup)
		}
	}
	plain := Series{Type: "scatter", Symbol: "rect", Emphasis: &Emphasis{Disabled: true}, ItemStyle: dot(t.Routed)}
	numbers := Series{Type: "scatter", Symbol: "rect", SymbolSize: 1, Silent: true, Z: 6, Emphasis: &Emphasis{Disabled: true},
		ItemStyle: &ItemStyle{ItemStyle: opts.ItemStyle{Color: "transparent"}}} // a label inside a mark would be as faint as the mark
	gains := make([][]bool, c.rows)
	gains[0] = make([]bool, c.columns)
	room := c.width >= textWidth("0.00", fontSize, false)+2
	for k, row := range g.Rows {
		gains[k+1] = make([]bool, c.columns)
		for column, i := range batches {
			p := row[i]
			gains[k+1][column] = p.Speedup > 1
			plain.Data = append(plain.Data, draftCell(t, p, c, fastest))
			away := math.Log2(float64(p.Batch)/batch) / float64(every) // columns from your mark
			if float64(p.Tokens) == drafted && (math.Abs(away) <= 0.5 || box.narrow() && math.Abs(away) <= 1.5) {
				continue // your own number stands there
			}
			if room {
				numbers.Data = append(numbers.Data, draftNumber(t, p))
			}
		}
	}
	o.Series = append(o.Series, plain, numbers)
	o.Graphic = append(axisTitles(t, box, "Sequences decoding at once", "Tokens drafted for each, and times as fast as without"), c.boundary(t, gains)...)
	if most := float64(r.Memory.MaxBatch); most >= low && most < high {
		x := left + math.Log2(most/low)/math.Log2(high/low)*(box.Width-left-right)
		edge := polyline(t.Ink3, 1, [2]float64{x, plotTop}, [2]float64{x, box.Height - plotBottom})
		edge.Style.LineDash = []float64{3, 3}
		words := "room for " + quantity.Integer(r.Memory.MaxBatch)
		o.Graphic = append(o.Graphic, edge)
		if w := textWidth(words, fontSize, false); drafted > 0 && x-w-8 > left {
			o.Graphic = append(o.Graphic, text(x-6, box.Height-plotBottom-c.height/2, words, t.Ink3, "right", 400))
		}
	}
	if batch <= high && batch >= low {
		at := []float64{batch, drafted}
		speedup := 1.0
		if r.Draft != nil && r.Draft.Speedup > 0 {
			speedup = r.Draft.Speedup
		}
		tip := []TipRow{{"This scenario", ""}, {"Drafted", quantity.Integer(r.Scenario.Draft)}, {"Times as fast", quantity.Fixed(speedup, 2)}}
		mine := you(t, at, quantity.Fixed(speedup, 2)+"×", tip)
		mine.Label = &Label{Show: true, Formatter: "{b}", Position: "right", Distance: 9, Color: t.Ink, FontSize: fontSize, FontWeight: 600, TextBorderColor: t.Paper, TextBorderWidth: 4}
		if batch > high/16 {
			mine.Label.Position = "left"
		}
		o.Series = append(o.Series, ring(t, at), mine)
	}
	return o
}

// draftCell is one number of drafts at one batch.
func draftCell(t Theme, p report.DraftPoint, c lattice, fastest float64) Datum {
	tip := []TipRow{{quantity.Integer(int64(p.Tokens)) + " drafted, batch " + quantity.Integer(p.Batch), ""}, {"Times as fast", quantity.Fixed(p.Speedup, 2)},
		{"Steps that verifying takes", quantity.Fixed(p.Penalty, 2)}, {"Fits", yes(p.Fits)}}
	style := dot(t.Paper)
	if p.Speedup > 1 {
		style = dot(t.Routed)
		style.Opacity = opts.Float(float32(faintest + (strongest-faintest)*(p.Speedup-1)/(fastest-1)))
	}
	return Datum{Value: []float64{float64(p.Batch), float64(p.Tokens)}, Tip: tip, SymbolSize: []float64{c.width - 1, c.height - 1}, ItemStyle: style}
}

// draftNumber is what a cell says.
func draftNumber(t Theme, p report.DraftPoint) Datum {
	colour := t.Ink
	if p.Speedup <= 1 {
		colour = t.Ink3
	}
	return Datum{Name: quantity.Fixed(p.Speedup, 2), Value: []float64{float64(p.Batch), float64(p.Tokens)},
		Label: &Label{Show: true, Position: "inside", Formatter: "{b}", Color: colour, FontSize: fontSize}}
}

// boundary is the line between gain and loss: an edge of every two cells that differ. The
// row of no drafts is neither.
func (c lattice) boundary(t Theme, gains [][]bool) []Graphic {
	var out []Graphic
	y := func(row int) float64 { return c.top + float64(c.rows-row)*c.height } // lower edge of a row
	for k := 1; k < c.rows; k++ {
		for i, gain := range gains[k] {
			x := c.left + float64(i)*c.width
			if i > 0 && gains[k][i-1] != gain {
				out = append(out, polyline(t.Ink, 1.5, [2]float64{x, y(k)}, [2]float64{x, y(k + 1)}))
			}
			if k > 1 && gains[k-1][i] != gain {
				out = append(out, polyline(t.Ink, 1.5, [2]float64{x, y(k)}, [2]float64{x + c.width, y(k)}))
			}
		}
	}
	return out
}
