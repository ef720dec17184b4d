package chart

import (
	"math"

	"moecost/core/quantity"
	"moecost/core/report"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// How strong cells are: from just above even to the fastest. Ink on them keeps 6:1.
const (
	faintest  = 0.06
	strongest = 0.42
)

// Margins of the plot of cells: drafted tokens are numbers of one digit or two.
const (
	cellsLeft  = 30.0
	cellsRight = 8.0
)

// lattice is where cells are: a column for every batch, on a log axis, and a row for every
// number of drafts, upwards from none.
type lattice struct {
	t             Theme
	grid          *report.DraftGrid
	every         int // a column for each of so many batches
	columns, rows int
	width, height float64 // of a cell
	bottom        float64 // of the plot
	fastest       float64
}

func (c *lattice) at(row, column int) *report.DraftPoint { return &c.grid.Rows[row-1][column*c.every] }

func (c *lattice) gains(row, column int) bool { return c.at(row, column).Speedup > 1 }

// drafts is the speedup by drafted tokens and batch: stronger is faster, hollow is
// a loss, and a line of ink runs between the two.
func drafts(r *report.Report, box Box, t Theme) Option {
	o := base(t, plotTop, cellsRight, plotBottom, cellsLeft)
	o.Series = []Series{}
	c := lattice{t: t, grid: r.DraftGrid(), every: 1, bottom: box.Height - plotBottom, fastest: 2}
	if c.grid == nil {
		return o
	}
	if box.narrow() {
		c.every = 2 // a number needs its room
	}
	c.columns, c.rows = (len(c.grid.Batches)+c.every-1)/c.every, len(c.grid.Rows)+1
	c.width, c.height = (box.Width-cellsLeft-cellsRight)/float64(c.columns), (c.bottom-plotTop)/float64(c.rows)

	half := math.Exp2(float64(c.every) / 2)
	var ticks, levels []float64
	for i := range c.columns {
		ticks = append(ticks, float64(c.grid.Batches[i*c.every]))
	}
	for k := range c.rows {
		levels = append(levels, float64(k))
	}
	low, high := ticks[0]/half, ticks[len(ticks)-1]*half
	o.XAxis = logAxis(xAxis(t, "log", low, high, thin(ticks, int(box.Width/64))), 2)
	o.YAxis = yAxis(t, "value", -0.5, float64(c.rows)-0.5, levels)

	// Two series: a label inside a mark would be as faint as the mark.
	o.Series = make([]Series, 2, 4)
	marks, numbers := &o.Series[0], &o.Series[1]
	for _, s := range []*Series{marks, numbers} {
		s.Type, s.Symbol, s.Emphasis, s.ItemStyle = "scatter", "rect", &Emphasis{Disabled: true}, dot("transparent")
	}
	numbers.SymbolSize, numbers.Silent, numbers.Z = 1, true, 6
	numbers.Label = &Label{Show: true, Position: "inside", Formatter: "{b}", Color: t.Ink, FontSize: fontSize}
	c.fill(marks, numbers, r, box.narrow())
	o.Graphic = c.boundary(axisTitles(t, box, "Sequences decoding at once", "Tokens drafted for each, and times as fast as without"))

	batch, room := float64(r.Scenario.Batch), 0 // columns that fit
	for room < c.columns && c.at(1, room).Fits {
		room++
	}
	x := cellsLeft + float64(room)*c.width
	mine := cellsLeft + math.Log2(batch/low)/float64(c.every)*c.width
	if room < c.columns {
		edge := polyline(t.Ink3, 1, [2]float64{x, plotTop}, [2]float64{x, c.bottom})
		edge.Style.LineDash = []float64{3, 3}
		o.Graphic = append(o.Graphic, edge)
		words := "room for " + quantity.Integer(r.Memory.MaxBatch)
		end := x + 6 + textWidth(words, fontSize, false)
		if covered := r.Scenario.Draft == 0 && mine < end+60 && (mine >= x || mine+60 > x && mine <= cellsLeft+60); end < box.Width && !covered {
			o.Graphic = append(o.Graphic, text(x+6, c.bottom-c.height/2, words, t.Ink3, "left", 400))
		}
	}
	if batch >= low && batch <= high {
		at, speedup := []float64{batch, float64(r.Scenario.Draft)}, 1.0
		if r.Draft != nil && r.Draft.Speedup > 0 {
			speedup = r.Draft.Speedup
		}
		times := quantity.Fixed(speedup, 2)
		tip := []TipRow{{"This scenario", ""}, {"Drafted", quantity.Integer(r.Scenario.Draft)}, {"Times as fast", times}}
		o.Series = append(o.Series, ring(t, at), you(t, at, times+"×", tip))
		name := &Label{Show: true, Formatter: "{b}", Position: "right", Distance: 9, Color: t.Ink, FontSize: fontSize, FontWeight: 600, TextBorderColor: t.Paper, TextBorderWidth: 4}
		if mine > cellsLeft+60 && (batch > high/16 || mine < x && mine+60 > x) {
			name.Position = "left"
		}
		o.Series[3].Label = name
	}
	return o
}

// fill makes the cells and what they say. Where your own number stands they say nothing.
func (c *lattice) fill(marks, numbers *Series, r *report.Report, narrow bool) {
	for k := 1; k < c.rows; k++ {
		for i := range c.columns {
			c.fastest = max(c.fastest, c.at(k, i).Speedup)
		}
	}
	yours := 0.5 // columns
	if narrow {
		yours = 1.5
	}
	room := c.width >= textWidth("0.00", fontSize, false)+2
	for k := 1; k < c.rows; k++ {
		for i := range c.columns {
			p := c.at(k, i)
			at, times := []float64{float64(p.Batch), float64(k)}, quantity.Fixed(p.Speedup, 2)
			style := dot(c.t.Paper)
			if p.Speedup > 1 {
				style = dot(c.t.Routed)
				style.Opacity = opts.Float(float32(faintest + (strongest-faintest)*(p.Speedup-1)/(c.fastest-1)))
			}
			marks.Data = append(marks.Data, Datum{Value: at, ItemStyle: style, SymbolSize: []float64{c.width - 1, c.height - 1}, Tip: []TipRow{
				{quantity.Integer(int64(k)) + " drafted, batch " + quantity.Integer(p.Batch), ""}, {"Times as fast", times},
				{"Steps that verifying takes", quantity.Fixed(p.Penalty, 2)}, {"Fits", yes(p.Fits)}}})
			away := math.Abs(math.Log2(float64(p.Batch)/float64(r.Scenario.Batch))) / float64(c.every)
			if room && (int64(k) != r.Scenario.Draft || away > yours) {
				numbers.Data = append(numbers.Data, Datum{Name: times, Value: at})
			}
		}
	}
}

// boundary is the line between gain and loss: an edge of every two cells that differ. The
// row of no drafts is neither.
func (c *lattice) boundary(out []Graphic) []Graphic {
	for k := 1; k < c.rows; k++ {
		low := c.bottom - float64(k)*c.height
		for i := range c.columns {
			x := cellsLeft + float64(i)*c.width
			if i > 0 && c.gains(k, i) != c.gains(k, i-1) {
				out = append(out, polyline(c.t.Ink, 1.5, [2]float64{x, low}, [2]float64{x, low - c.height}))
			}
			if k > 1 && c.gains(k, i) != c.gains(k-1, i) {
				out = append(out, polyline(c.t.Ink, 1.5, [2]float64{x, low}, [2]float64{x + c.width, low}))
			}
		}
	}
	return out
}
