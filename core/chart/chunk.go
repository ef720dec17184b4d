package chart

import (
	"math"

	"moecost/core/quantity"
	"moecost/core/report"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// Margins of the plot: numbers of six digits at the left, half of one at the right.
const (
	chunkLeft  = plotLeft + 4
	chunkRight = narrowRight
)

// chunk is prefill speed against the tokens of a step.
func chunk(r *report.Report, box Box, t Theme) Option {
	o := base(t, plotTop, chunkRight, plotBottom, chunkLeft)
	o.Series = []Series{}
	points, saturation := r.ChunkCurve()
	if len(points) == 0 {
		return o
	}
	most := 0.0
	for _, p := range points {
		most = math.Max(most, p.High)
	}
	top, step := linearScale(most)
	first, last := float64(points[0].Chunk), float64(points[len(points)-1].Chunk)
	o.XAxis = logAxis(xAxis(t, "log", first, last, thin(powersOfTwo(first, last, 12), int(box.Width/76))), 2)
	o.YAxis = yAxis(t, "value", 0, top, ticksTo(top, step))
	var speed, low, band []Datum
	var mine []float64
	for _, p := range points {
		x := float64(p.Chunk)
		tip := []TipRow{
			{quantity.Integer(p.Chunk) + " tokens a step", ""},
			{"Prompt tokens", quantity.TokensPerSecond.Predicted(quantity.Decimal, p.TokensPerS, p.Low, p.High).String()},
			{"Tokens of each expert", quantity.Significant(p.TokensPerExpert, 3)},
			{"Workspace on each GPU", quantity.Bytes.Text(r.Units(), float64(p.ActivationBytes))},
		}
		speed = append(speed, Datum{Value: []float64{x, p.TokensPerS}, Tip: tip})
		low = append(low, Datum{Value: []float64{x, p.Low}})
		band = append(band, Datum{Value: []float64{x, p.High - p.Low}})
		if p.Chunk == r.Scenario.Chunk {
			mine = []float64{x, p.TokensPerS}
		}
	}
	s := line("prompt tokens per second", t.Routed, 2.25, "solid", speed)
	s.MarkLine = gridLines(t, ticksTo(top, step))
	o.Graphic = axisTitles(t, box, "Prompt tokens in one step, each replica", "Prompt tokens per second, all GPUs")
	if saturation > first && saturation < last {
		x := chunkLeft + math.Log(saturation/first)/math.Log(last/first)*(box.Width-chunkLeft-chunkRight)
		words, title := "experts compute-bound", textWidth(o.Graphic[0].Style.Text, fontSize, false)
		if box.narrow() {
			words = ""
		}
		if x-textWidth(words, fontSize, false)/2 > title+12 { // beside the axis title
			o.Graphic = append(o.Graphic, text(x, plotTop-12, words, t.Ink3, "center", 400))
		} else {
			o.Graphic = append(o.Graphic, text(x+7, plotTop+10, words, t.Ink3, "left", 400))
		}
		s.MarkLine.Data = append(s.MarkLine.Data, MarkLineAt{XAxis: &saturation,
			LineStyle: &opts.LineStyle{Color: t.Ink3, Width: 1.5, Type: "dashed"},
			Label:     &Label{Show: false},
		})
	}
	o.Series = append(o.Series, bandOf(t, t.Routed, low, band)...)
	o.Series = append(o.Series, s)
	if mine != nil {
		o.Series = append(o.Series, ring(t, mine), you(t, mine, "this scenario", nil))
	}
	return o
}
