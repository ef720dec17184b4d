package chart

import (
	"math"

	"moecost/core/quantity"
	"moecost/core/report"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// Plot margins with an axis at the left and below.
const (
	plotTop     = 30.0
	plotBottom  = 44.0
	plotLeft    = 52.0
	endRoom     = 132.0 // for the names of models at the right ends of lines
	narrowRight = 24.0  // half of the last tick's number
	shortRoom   = 84.0  // for the names of counts there
	nameBeside  = 12.0  // from a point of a line to its name
)

// named puts a line into the option with its name at the right end; in a narrow
// box, where there is no room beside the plot, the name stands over its middle.
func (o *Option) named(t Theme, box Box, s Series, colour string, weight int) {
	if box.narrow() {
		o.Series = append(o.Series, s)
		if len(s.Data) > 0 {
			o.Series = append(o.Series, nameAt(t, s.Name, colour, s.Data[len(s.Data)/2].Value, weight, "top"))
		}
		return
	}
	s.EndLabel = &Label{
		Show: true, Formatter: "{a}", Color: colour, FontSize: fontSize, FontWeight: weight, Distance: 8,
		TextBorderColor: t.Paper, TextBorderWidth: 4,
	}
	s.Layout = &LabelLayout{MoveOverlap: "shiftY"}
	o.Series = append(o.Series, s)
}

// beside puts the name of the last line, in a narrow box, on a side where no line runs. On the right it needs
// room up to the edge of the box: a long name stands at an earlier point.
func (o *Option) beside(box Box, side string) {
	last := &o.Series[len(o.Series)-1]
	if !box.narrow() || len(last.Data) == 0 || last.Data[0].Label == nil {
		return
	}
	name := &last.Data[0]
	name.Label.Position, name.Label.Distance = side, nameBeside
	if points := o.Series[len(o.Series)-2].Data; side == "right" {
		room := box.Width - plotLeft - nameBeside - textWidth(name.Name, fontSize, true)
		furthest := room / (box.Width - plotLeft - narrowRight) * float64(len(points)-1) // points stand at even distances
		name.Value = points[max(0, min(len(points)/2, int(furthest)))].Value
	}
}

// roomFor is what a name at the right end of a line takes beside the plot, of a third of the box at most.
func roomFor(name string, box Box) float64 {
	if box.narrow() {
		return 0
	}
	return min(textWidth(name, fontSize, true)+26, 0.4*box.Width)
}

// batchAxis is the log axis of sequences, from one to last.
func batchAxis(t Theme, box Box, last float64) Axis {
	return logAxis(xAxis(t, "log", 1, last, thin(powersOfTwo(1, last, 16), int(box.Width/72))), 2)
}

// axisTitles stand horizontally: that of y on top of its axis, that of x at the right below.
func axisTitles(t Theme, box Box, x, y string) []Graphic {
	return []Graphic{
		text(0, 8, y, t.Ink3, "left", 400),
		text(box.Width-1, box.Height-8, x, t.Ink3, "right", 400),
	}
}

func line(name, colour string, width float32, kind string, data []Datum) Series {
	return Series{
		Name: name, Type: "line", Data: data, Symbol: "circle", SymbolSize: 1, ShowSymbol: opts.Bool(false),
		LineStyle: &opts.LineStyle{Color: colour, Width: width, Type: kind},
		ItemStyle: &ItemStyle{ItemStyle: opts.ItemStyle{Color: colour}},
		Emphasis:  &Emphasis{Disabled: true},
	}
}

// gpus is what one GPU holds against how many there are.
func gpus(r *report.Report, box Box, t Theme) Option {
	u := r.Units()
	scale := quantity.Bytes.Scale(u, float64(r.Memory.GPUBytes))
	capacity := float64(r.Memory.GPUBytes) / scale.Factor
	var all, weights []Datum
	var ticks []float64
	low, high := capacity, capacity
	var mine Datum
	for _, p := range r.SizeCurve() {
		tip := []TipRow{
			{quantity.Integer(int64(p.GPUs)) + " × " + r.Scenario.GPUName, ""},
			{"Layout", p.Layout.String()},
			{"Weights", quantity.Bytes.Text(u, float64(p.PerGPU.Weights()))},
			{"KV cache", quantity.Bytes.Text(u, float64(p.PerGPU.KV))},
			{"All that it holds", quantity.Bytes.Text(u, float64(p.PerGPU.Used()))},
			{"Fits", yes(p.Fits)},
		}
		used, w := float64(p.PerGPU.Used())/scale.Factor, float64(p.PerGPU.Weights())/scale.Factor
		low, high = min(low, w), max(high, used)
		x := float64(p.GPUs)
		all = append(all, Datum{Value: []float64{x, used}, Tip: tip})
		weights = append(weights, Datum{Value: []float64{x, w}, Tip: tip})
		if powerOfTwo(p.GPUs) {
			ticks = append(ticks, x)
		}
		if p.GPUs == r.Scenario.GPUs {
			mine = Datum{Value: []float64{x, used}, Tip: tip}
		}
	}
	right := shortRoom
	if box.narrow() {
		right = narrowRight
	}
	o := base(t, plotTop, right, plotBottom, plotLeft)
	if len(all) == 0 {
		return o
	}
	bottom, top := decadeBelow(low), decadeAbove(high)
	yTicks := decades(bottom, top, top/bottom < 1000)
	o.XAxis = logAxis(xAxis(t, "log", all[0].Value[0], all[len(all)-1].Value[0], thin(ticks, int(box.Width/56))), 2)
	o.YAxis = logAxis(yAxis(t, "log", bottom, top, yTicks), 10)
	place := "insideEndTop"
	if all[0].Value[1] > capacity {
		place = "insideStartTop" // the lines cross the capacity further right
	}
	whole := line("everything", t.Ink, 2.25, "solid", all)
	whole.MarkLine = gridLines(t, yTicks)
	whole.MarkLine.Data = append(whole.MarkLine.Data, MarkLineAt{
		YAxis: &capacity, LineStyle: &opts.LineStyle{Color: t.Ink, Width: 1.5, Type: "dashed"},
		Label: &Label{Show: true, Position: place, Formatter: capacityName(r, u), Color: t.Ink, FontSize: fontSize, TextBorderColor: t.Paper, TextBorderWidth: 4},
	})
	part := line("weights", t.Routed, 2.25, "solid", weights)
	o.named(t, box, whole, t.Ink, 600)
	side := "right"
	if middle := all[len(all)/2].Value[1]; math.Abs(math.Log(middle/capacity)) < 0.1*math.Log(top/bottom) {
		side = "bottom" // the capacity and its name are there
	}
	o.beside(box, side)
	o.named(t, box, part, t.Routed, 600)
	o.beside(box, "bottom")
	if mine.Value != nil {
		o.Series = append(o.Series, ring(t, mine.Value), you(t, mine.Value, "this scenario", mine.Tip))
	}
	o.Graphic = axisTitles(t, box, "GPUs", scale.Unit+" on one GPU")
	return o
}

// kv is what one sequence keeps against its length, beside well-known models.
func kv(r *report.Report, box Box, t Theme) Option {
	u := r.Units()
	right := endRoom
	if box.narrow() {
		right = narrowRight
	}
	right = max(right, roomFor(r.Scenario.ModelName, box))
	o := base(t, plotTop, right, plotBottom, plotLeft)
	points := r.CacheCurve()
	refs := r.References()
	high, longest := 0.0, 0.0
	for _, ref := range append([]report.Reference{{Points: points}}, refs...) {
		for _, p := range ref.Points {
			high, longest = max(high, float64(p.Bytes())), max(longest, float64(p.Tokens))
		}
	}
	scale := quantity.Bytes.Scale(u, high)
	data := func(name string, points []report.ContextPoint) []Datum {
		var out []Datum
		for _, p := range points {
			if p.Bytes() > 0 {
				out = append(out, Datum{
					Value: []float64{float64(p.Tokens), float64(p.Bytes()) / scale.Factor},
					Tip: []TipRow{{name, ""}, {"Length", quantity.Integer(p.Tokens) + " tokens"},
						{"One sequence keeps", quantity.Bytes.Text(u, float64(p.Bytes()))}},
				})
			}
		}
		return out
	}
	own := data(r.Scenario.ModelName, points)
	if len(own) == 0 {
		return o
	}
	low := own[0].Value[1]
	for _, ref := range refs {
		if d := data(ref.Name, ref.Points); len(d) > 0 {
			s := line(ref.Name, t.Edge, 1.5, "dashed", d)
			low = min(low, d[0].Value[1])
			if box.narrow() {
				o.Series = append(o.Series, s) // three more names would hide the lines
			} else {
				o.named(t, box, s, t.Ink3, 400)
			}
		}
	}
	bottom, top := decadeBelow(low), decadeAbove(high/scale.Factor)
	yTicks := decades(bottom, top, false)
	o.XAxis = logAxis(xAxis(t, "log", 128, longest, thin(powersOfTwo(128, longest, 12), int(box.Width/64))), 2)
	o.YAxis = logAxis(yAxis(t, "log", bottom, top, yTicks), 10)
	mine := line(r.Scenario.ModelName, t.KV, 2.25, "solid", own)
	mine.Z = 5
	mine.MarkLine = gridLines(t, yTicks)
	tokens := float64(r.Scenario.In + r.Scenario.Out)
	here := float64(r.Model.KVBytesPerSequence+r.Model.StateBytesPerSequence) / scale.Factor
	at := []float64{tokens, here}
	tip := []TipRow{{"This scenario", ""}, {"Length", quantity.Integer(r.Scenario.In+r.Scenario.Out) + " tokens"}, {"One sequence keeps", quantity.Bytes.Text(u, here*scale.Factor)}}
	o.named(t, box, mine, t.Ink, 600)
	o.beside(box, "right")
	o.Series = append(o.Series, ring(t, at), you(t, at, "this scenario", tip))
	o.Graphic = axisTitles(t, box, "Tokens of a sequence", scale.Unit+" for one sequence")
	return o
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func powerOfTwo(n int) bool { return n > 0 && n&(n-1) == 0 }

// thin keeps every second, third ... tick until at most most are left.
func thin(ticks []float64, most int) []float64 {
	every := 1
	for most > 0 && (len(ticks)+every-1)/every > most {
		every++
	}
	var out []float64
	for i := 0; i < len(ticks); i += every {
		out = append(out, ticks[i])
	}
	return out
}

func logAxis(a Axis, base float64) Axis {
	a.LogBase = base
	return a
}
