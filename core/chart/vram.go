package chart

import (
	"math"

	"moecost/core/offload"
	"moecost/core/quantity"
	"moecost/core/report"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// vramLines are the policies against memory, in the order of their names.
var vramLines = []struct {
	policy offload.Policy
	name   string
	kind   string
	colour func(Theme) string
}{
	{offload.Cached, "copied", "solid", func(t Theme) string { return t.Comm }},
	{offload.Prefetch, "prefetched", "solid", func(t Theme) string { return t.Attention }},
	{offload.CPU, "CPU", "solid", func(t Theme) string { return t.Ink }},
	{offload.Hybrid, "hybrid", "dashed", func(t Theme) string { return t.Routed }},
}

// vram is the output rate against the memory of one GPU, everything else being the scenario's machine.
func vram(r *report.Report, box Box, t Theme) Option {
	var entries []swatch
	for _, l := range vramLines {
		entries = append(entries, swatch{l.name, l.colour(t), 4})
	}
	key, below := keyOf(t, box, entries)
	o := base(t, plotTop+below+16, narrowRight, plotBottom, plotLeft)
	o.Series = []Series{}
	points := r.MemoryCurve()
	if len(points) < 2 {
		return o
	}
	scale := quantity.Bytes.Column(r.Units(), float64(r.Memory.GPUBytes))
	most := 0.0
	for _, p := range points {
		for _, l := range vramLines {
			most = math.Max(most, p.TokensPerS[l.policy])
		}
	}
	top, step := linearScale(most)
	first, last := points[0].Bytes/scale.Factor, points[len(points)-1].Bytes/scale.Factor
	var ticks []float64
	for _, v := range []float64{8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024} {
		if v >= first*0.999 && v <= last*1.001 {
			ticks = append(ticks, v)
		}
	}
	o.XAxis = logAxis(xAxis(t, "log", first, last, thin(ticks, int(box.Width/48))), 2)
	o.YAxis = yAxis(t, "value", 0, top, ticksTo(top, step))
	grid := gridLines(t, ticksTo(top, step))
	own := float64(r.Memory.GPUBytes) / scale.Factor
	grid.Data = append(grid.Data, MarkLineAt{XAxis: &own, LineStyle: &opts.LineStyle{Color: t.Ink3, Width: 1.5, Type: "dashed"},
		Label: &Label{Show: true, Position: "end", Formatter: r.Scenario.GPUName, Color: t.Ink3, FontSize: fontSize, TextBorderColor: t.Paper, TextBorderWidth: 4}})
	for _, l := range vramLines {
		var data []Datum
		for i := range points {
			if v := points[i].TokensPerS[l.policy]; v > 0 {
				data = append(data, Datum{Value: []float64{points[i].Bytes / scale.Factor, v}, Tip: memoryTip(r, &points[i])})
			}
		}
		if len(data) == 0 {
			continue
		}
		s := line(l.name, l.colour(t), 2.25, l.kind, data)
		s.MarkLine, grid = grid, nil
		o.Series = append(o.Series, s)
	}
	if rate := r.OffloadRate(); rate > 0 && own >= first && own <= last {
		at := []float64{own, rate}
		o.Series = append(o.Series, ring(t, at), you(t, at, "this scenario", []TipRow{{"This scenario", ""}, {"All users", quantity.Significant(rate, 2) + " tok/s"}}))
	}
	o.Graphic = append(key, text(box.Width-1, box.Height-8, scale.Unit+" on one GPU", t.Ink3, "right", 400))
	return o
}

func memoryTip(r *report.Report, p *report.MemoryPoint) []TipRow {
	tip := []TipRow{{quantity.Bytes.Text(r.Units(), p.Bytes) + " on one GPU", ""}, {"Experts on GPUs", share(p.OnGPU)}}
	for _, l := range vramLines {
		if v := p.TokensPerS[l.policy]; v > 0 {
			tip = append(tip, TipRow{capital(l.name), quantity.Significant(v, 2) + " tok/s"})
		}
	}
	return tip
}
