package chart

import (
	"math"

	"moecost/core/quantity"
	"moecost/core/report"
)

// Hues of who works in a step with experts elsewhere. The copies are communication, the rest of the
// machine is overhead.
func linkHue(t Theme) string  { return t.Comm }
func cpuHue(t Theme) string   { return t.Runtime }
func driveHue(t Theme) string { return t.Ink }

// waitPart is a part of a step's bar.
type waitPart struct {
	name, colour string
	seconds      float64
}

// waits are the parts of a policy's bar, which add up to its step.
func waits(p *report.PolicyTime, t Theme) []waitPart {
	return []waitPart{
		{"GPU works", t.Routed, p.Compute},
		{"waits for copies", linkHue(t), p.Exposed},
		{"waits for the CPU", cpuHue(t), p.CPU},
		{"waits for the drive", driveHue(t), p.Drive},
	}
}

// Bars of the policies, in pixels.
const (
	policyBar   = 20.0
	policyStrip = 4.0 // of copies that hide behind the GPU's work
)

// offloadBars is the time of a decode step by what is done about an expert that is not on the GPU. Copies beside
// the GPU's work stand as a strip under it.
func offloadBars(r *report.Report, box Box, t Theme) Option {
	const left, right = 5.0, 14.0 // half of the first and the last tick's number
	times := r.OffloadTimes()
	most := 0.0
	var sum [5]float64
	for _, p := range times {
		most = math.Max(most, p.Step)
		for i, v := range [...]float64{p.Compute, p.Hidden, p.Exposed, p.CPU, p.Drive} {
			sum[i] += v
		}
	}
	var entries []swatch
	for i, e := range []swatch{{"GPU works", t.Routed, 10}, {"copies meanwhile", linkHue(t), policyStrip}, {"waits for copies", linkHue(t), 10},
		{"waits for the CPU", cpuHue(t), 10}, {"waits for the drive", driveHue(t), 10}} {
		if sum[i] > 0 {
			entries = append(entries, e)
		}
	}
	key, below := keyOf(t, box, entries)
	o := base(t, plotTop+below, right, plotBottom, left)
	o.Series = []Series{}
	if len(times) == 0 {
		return o
	}
	unit := quantity.Seconds.Scale(quantity.Decimal, most)
	top, step := linearScale(most / unit.Factor)
	n := float64(len(times))
	o.XAxis = xAxis(t, "value", 0, top, ticksTo(top, step))
	o.YAxis = hidden("value", 0, n)
	o.Graphic = append(key, text(box.Width-1, box.Height-8, unitName(unit.Unit)+", one step", t.Ink3, "right", 400))
	height := (box.Height - plotTop - below - plotBottom) / n
	bars := slabs{perUnit: (box.Width - left - right) / top}
	for i := range times {
		p := &times[i]
		tip := policyTip(p)
		middle, at := n-float64(i)-0.62, 0.0
		for _, w := range waits(p, t) {
			if w.seconds > 0 {
				bars.add(w.name, w.colour, at/unit.Factor, (at+w.seconds)/unit.Factor, middle, policyBar, tip)
				at += w.seconds
			}
		}
		if p.Hidden > 0 {
			bars.add("copies meanwhile", linkHue(t), 0, p.Hidden/unit.Factor, middle-(policyBar/2+policyStrip)/height, policyStrip, tip)
		}
		y, weight, name := plotTop+below+height*(float64(i)+0.62)-policyBar/2-11, 400, capital(p.Name)
		if p.Chosen {
			weight, name = 600, name+", as here"
		}
		value := quantity.Seconds.Predicted(quantity.Decimal, p.Step, p.Low, p.High).Value() + ", " + quantity.Significant(p.TokensPerS, 2) + " tok/s"
		o.Graphic = append(o.Graphic, text(1, y, name, t.Ink, "left", weight), text(box.Width-right, y, value, t.Ink, "right", weight))
	}
	o.Series = bars.series
	return o
}

func capital(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}

// slabs draws pieces of horizontal bars as rectangles whose size is reckoned in pixels, so that
// bars and streams need no categories.
type slabs struct {
	perUnit float64 // pixels of one unit of the x axis
	series  []Series
}

// add puts a piece between two values, thick pixels high; one hairline of it stays free.
func (b *slabs) add(name, colour string, from, to, y, thick float64, tip []TipRow) {
	wide := math.Max((to-from)*b.perUnit-1, 0.75)
	d := Datum{Name: name, Value: []float64{(from + to) / 2, y}, Tip: tip, SymbolSize: []float64{wide, thick}}
	for i := range b.series {
		if b.series[i].Name == name {
			b.series[i].Data = append(b.series[i].Data, d)
			return
		}
	}
	b.series = append(b.series, Series{Name: name, Type: "scatter", Symbol: "rect", Data: []Datum{d}, ItemStyle: dot(colour), Emphasis: &Emphasis{Disabled: true}})
}

// swatch is one entry of a key.
type swatch struct {
	name, colour string
	high         float64 // of its mark, pixels
}

// keyRow is the height of a row of a key.
const keyRow = 19.0

// keyOf names hues over the plot, in as many rows as the box needs; below is what they take beyond one.
func keyOf(t Theme, box Box, entries []swatch) (key []Graphic, below float64) {
	x, y := 0.0, 8.0
	for _, e := range entries {
		width := 15 + textWidth(e.name, fontSize, false)
		if x > 0 && x+width > box.Width {
			x, y = 0, y+keyRow
		}
		key = append(key, Graphic{Type: "rect", Silent: true, Z: 9, X: x, Y: y - e.high/2,
			Shape: map[string]any{"width": 10, "height": e.high}, Style: GraphicStyle{Fill: e.colour}},
			text(x+15, y, e.name, t.Ink2, "left", 400))
		x += width + 14
	}
	return key, y - 8
}

func policyTip(p *report.PolicyTime) []TipRow {
	tip := []TipRow{{capital(p.Name), ""}, {"One step", quantity.Seconds.Predicted(quantity.Decimal, p.Step, p.Low, p.High).String()}}
	for _, row := range []struct {
		name    string
		seconds float64
	}{{"GPU works", p.Compute}, {"Copies meanwhile", p.Hidden}, {"Waits for copies", p.Exposed}, {"Waits for the CPU", p.CPU}, {"Waits for the drive", p.Drive}} {
		if row.seconds > 0 && len(tip) < 6 {
			tip = append(tip, TipRow{row.name, quantity.Seconds.Text(quantity.Decimal, row.seconds)})
		}
	}
	return tip
}
