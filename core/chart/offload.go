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
	o := base(t, plotTop, right, plotBottom, left)
	o.Series = []Series{}
	times := r.OffloadTimes()
	if len(times) == 0 {
		return o
	}
	most := 0.0
	for _, p := range times {
		most = math.Max(most, p.Step)
	}
	unit := quantity.Seconds.Scale(quantity.Decimal, most)
	top, step := linearScale(most / unit.Factor)
	n := float64(len(times))
	o.XAxis = xAxis(t, "value", 0, top, ticksTo(top, step))
	o.YAxis = hidden("value", 0, n)
	height := (box.Height - plotTop - plotBottom) / n
	used := map[string]string{} // hues in use, for the key
	bars := slabs{perUnit: (box.Width - left - right) / top}
	for i := range times {
		p := &times[i]
		middle := n - float64(i) - 0.62
		at := 0.0
		for _, w := range waits(p, t) {
			if w.seconds <= 0 {
				continue
			}
			used[w.name] = w.colour
			bars.add(w.name, w.colour, at/unit.Factor, (at+w.seconds)/unit.Factor, middle, policyBar, policyTip(p))
			at += w.seconds
		}
		if p.Hidden > 0 {
			below := middle - (policyBar/2+policyStrip)/height
			used["copies meanwhile"] = linkHue(t)
			bars.add("copies meanwhile", linkHue(t), 0, p.Hidden/unit.Factor, below, policyStrip, policyTip(p))
		}
		y := plotTop + height*float64(i) + height*0.62 - policyBar/2 - 11
		weight := 400
		name := p.Name
		if p.Chosen {
			weight, name = 600, name+", as here"
		}
		value := quantity.Seconds.Predicted(quantity.Decimal, p.Step, p.Low, p.High).Value() + ", " + quantity.Significant(p.TokensPerS, 2) + " tok/s"
		o.Graphic = append(o.Graphic,
			text(1, y, capital(name), t.Ink, "left", weight),
			text(box.Width-right, y, value, t.Ink, "right", weight))
	}
	o.Series = bars.series
	o.Graphic = append(o.Graphic, text(box.Width-1, box.Height-8, unitName(unit.Unit)+", one step", t.Ink3, "right", 400))
	o.Graphic = append(o.Graphic, keyOf(t, used, "GPU works", "copies meanwhile", "waits for copies", "waits for the CPU", "waits for the drive")...)
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

// keyOf names those hues that are in use, over the plot, in the given order.
func keyOf(t Theme, used map[string]string, order ...string) []Graphic {
	var out []Graphic
	x := 0.0
	for _, name := range order {
		colour, ok := used[name]
		if !ok {
			continue
		}
		high := 10.0
		if name == "copies meanwhile" {
			high = policyStrip
		}
		out = append(out, Graphic{Type: "rect", Silent: true, Z: 9, X: x, Y: 8 - high/2,
			Shape: map[string]any{"width": 10, "height": high}, Style: GraphicStyle{Fill: colour}})
		out = append(out, text(x+15, 8, name, t.Ink2, "left", 400))
		x += 15 + textWidth(name, fontSize, false) + 14
	}
	return out
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
