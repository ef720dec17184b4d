package chart

import (
	"fmt"
	"math"
	"strconv"

	"moecost/core/plan"
	"moecost/core/quantity"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// planned are the charts of a search for a plan.
var planned = []struct {
	name string
	draw func(*plan.Result, Box, Theme) Option
}{
	{"pareto", pareto},
	{"tornado", tornado},
}

// DrawPlan lays a chart of a search out. The error names the charts there are.
func DrawPlan(name string, r *plan.Result, box Box, theme Theme) (Option, error) {
	var names []string
	for _, c := range planned {
		if c.name == name {
			return c.draw(r, box, theme), nil
		}
		names = append(names, c.name)
	}
	return Option{}, fmt.Errorf("chart: %q: a plan has no such chart: %q would do", name, names)
}

// pareto is cost against the speed of a user. Deployments that keep the objectives are filled, the plan is ringed.
func pareto(r *plan.Result, box Box, t Theme) Option {
	o := base(t, plotTop, narrowRight, plotBottom, plotLeft+4)
	o.Series = []Series{}
	if len(r.Front) == 0 {
		return o
	}
	x0, x1, y0, y1 := math.Inf(1), 0.0, math.Inf(1), 0.0
	see := func(x, y float64) {
		x0, x1, y0, y1 = math.Min(x0, x), math.Max(x1, x), math.Min(y0, y), math.Max(y1, y)
	}
	for _, p := range r.Front {
		see(p.TokensPerS, p.USDPerM)
	}
	var mine []float64
	if b := r.Best; b != nil && b.TPOT.Mean > 0 {
		mine = []float64{1 / b.TPOT.Mean, b.Output}
		see(mine[0], mine[1])
	}
	x0, x1, y0, y1 = decadeBelow(x0), decadeAbove(x1), decadeBelow(y0), decadeAbove(y1)
	yTicks := decades(y0, y1, y1/y0 < 300)
	o.XAxis = logAxis(xAxis(t, "log", x0, x1, decades(x0, x1, true)), 10)
	o.YAxis = logAxis(yAxis(t, "log", y0, y1, yTicks), 10)
	var path, kept, others []Datum
	for i, p := range r.Front {
		if i > 0 { // cheaper only from its own speed on down
			path = append(path, Datum{Value: []float64{p.TokensPerS, r.Front[i-1].USDPerM}})
		}
		d := Datum{Name: p.GPU, Value: []float64{p.TokensPerS, p.USDPerM}, Tip: frontTip(&p)}
		path = append(path, Datum{Value: d.Value})
		if p.InsideTPOT {
			kept = append(kept, d)
		} else {
			others = append(others, d)
		}
	}
	s := line("front", t.Routed, 1.5, "solid", path)
	s.Silent, s.MarkLine = true, gridLines(t, yTicks)
	o.Series = append(o.Series, s, Series{
		Name: "keeps the objectives", Type: "scatter", Z: 5, Symbol: "circle", SymbolSize: 9, Data: kept, ItemStyle: dot(t.Routed), Emphasis: &Emphasis{Disabled: true},
	}, Series{
		Name: "misses one", Type: "scatter", Z: 5, Symbol: "circle", SymbolSize: 8, Data: others, Emphasis: &Emphasis{Disabled: true},
		ItemStyle: &ItemStyle{ItemStyle: opts.ItemStyle{Color: t.Paper, BorderColor: t.Routed, BorderWidth: 1.5, Opacity: opts.Float(1)}},
	})
	if mine != nil {
		tip := []TipRow{{"The plan", ""}, {"GPUs", strconv.Itoa(r.Best.GPUs) + " × " + r.Best.GPUName}, {"Each user", quantity.Significant(mine[0], 2) + " tok/s"},
			{"A million output tokens", quantity.Dollars.Text(quantity.Decimal, mine[1])}}
		o.Series = append(o.Series, ring(t, mine), you(t, mine, "the plan", tip), nameAt(t, "the plan", t.Ink, mine, 600, "top"))
	}
	o.Graphic = axisTitles(t, box, "Tokens per second of one user", "USD per million output tokens")
	return o
}

func frontTip(p *plan.FrontPoint) []TipRow {
	tip := []TipRow{
		{strconv.Itoa(p.GPUs) + " × " + p.GPU + ", " + p.Layout, ""},
		{"Each user", quantity.Significant(p.TokensPerS, 2) + " tok/s"},
		{"A million output tokens", quantity.Dollars.Text(quantity.Decimal, p.USDPerM)},
		{"Sequences at once", quantity.Significant(p.Running, 2)},
	}
	if p.Split {
		tip = append(tip, TipRow{"Prefill", "on GPUs of its own"})
	}
	if !p.InsideTPOT {
		tip = append(tip, TipRow{"The objective of a token", "missed"})
	}
	return tip
}

// tornado is the cost of the best deployment if one thing were otherwise, over that of the plan: bars from one, on a
// log axis, the longest on top.
func tornado(r *plan.Result, box Box, t Theme) Option {
	const row, right = 28.0, 58.0
	o := base(t, plotTop, right, plotBottom, 0)
	o.Series = []Series{}
	changes := sortedChanges(r.Changes, int((box.Height-plotTop-plotBottom)/row))
	if len(changes) == 0 {
		return o
	}
	low, high, widest := 0.8, 1.25, 0.0
	for _, c := range changes {
		if c.Ratio > 0 {
			low, high = math.Min(low, c.Ratio), math.Max(high, c.Ratio)
		}
		widest = max(widest, textWidth(capital(c.Name), fontSize, false))
	}
	left := min(widest+16, box.Width*0.55)
	o.Grid.Left = strconv.FormatFloat(math.Round(left), 'f', -1, 64)
	low, high = low/1.05, high*1.05
	var ticks []float64
	for _, scale := range [][]float64{{0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50}, {0.5, 0.6, 0.7, 0.8, 1, 1.2, 1.5, 2}} {
		if len(ticks) > 2 {
			break
		}
		ticks = ticks[:0]
		for _, v := range scale {
			if v >= low && v <= high {
				ticks = append(ticks, v)
			}
		}
	}
	if box.narrow() {
		ticks = thin(ticks, 4)
	}
	o.XAxis = logAxis(xAxis(t, "log", low, high, ticks), 10)
	n := float64(len(changes))
	o.YAxis = hidden("value", 0, n)
	perDecade := (box.Width - left - right) / math.Log10(high/low)
	height := (box.Height - plotTop - plotBottom) / n
	at := func(ratio float64) float64 { return left + perDecade*math.Log10(ratio/low) }
	o.Graphic = append(o.Graphic, polyline(t.Ink, 1, [2]float64{at(1), plotTop}, [2]float64{at(1), box.Height - plotBottom}))
	for i, c := range changes {
		middle := plotTop + height*(float64(i)+0.5)
		o.Graphic = append(o.Graphic, text(left-12, middle, capital(c.Name), t.Ink, "right", 400))
		if c.Ratio <= 0 || c.PerHour <= 0 {
			o.Graphic = append(o.Graphic, text(at(1)+8, middle, "nothing keeps the objectives", t.Ink3, "left", 400))
			continue
		}
		tip := []TipRow{{capital(c.Name), ""}, {"Cost, times", quantity.Fixed(c.Ratio, 2)}, {"An hour", quantity.Dollars.Text(quantity.Decimal, c.PerHour)}}
		colour := t.Touched
		if c.Shape {
			colour = t.Routed
			if c.Plan != nil {
				tip = append(tip, TipRow{"Deployment", strconv.Itoa(c.Plan.GPUs) + " × " + c.Plan.GPUName})
			}
		}
		from, to := math.Min(1, c.Ratio), math.Max(1, c.Ratio)
		o.Series = append(o.Series, Series{
			Name: c.Name, Type: "scatter", Symbol: "rect", ItemStyle: dot(colour), Emphasis: &Emphasis{Disabled: true},
			Data: []Datum{{Name: c.Name, Value: []float64{math.Sqrt(from * to), n - float64(i) - 0.5}, Tip: tip,
				SymbolSize: []float64{math.Max(at(to)-at(from), 1.5), math.Min(16, height-6)}}},
		})
		o.Graphic = append(o.Graphic, text(at(to)+6, middle, quantity.Fixed(c.Ratio, 2), t.Ink, "left", 400))
	}
	o.Graphic = append(o.Graphic, text(box.Width-1, box.Height-8, "times the cost of the plan", t.Ink3, "right", 400))
	return o
}

// sortedChanges are those that change the most, at most so many.
func sortedChanges(all []plan.Change, most int) []plan.Change {
	weight := func(c plan.Change) float64 {
		if c.Ratio <= 0 || c.PerHour <= 0 {
			return math.Inf(1)
		}
		return math.Abs(math.Log(c.Ratio))
	}
	var order []plan.Change
	for _, c := range all {
		at := len(order)
		for at > 0 && weight(order[at-1]) < weight(c) {
			at--
		}
		order = append(order[:at], append([]plan.Change{c}, order[at:]...)...)
	}
	return order[:min(len(order), max(most, 1))]
}
