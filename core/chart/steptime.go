package chart

import (
	"moecost/core/quantity"
	"moecost/core/report"
	"moecost/core/serving"
)

// operatorGroup is a band of the step chart: operators of one hue.
type operatorGroup struct {
	token, name string
	operators   []serving.Operator
}

// OperatorGroups are the bands of a step in their fixed stacking order.
var operatorGroups = []operatorGroup{
	{"routed", "routed experts", []serving.Operator{serving.RoutedExpertMatrices}},
	{"shared", "shared experts", []serving.Operator{serving.SharedExpertMatrices}},
	{"dense", "dense layers", []serving.Operator{serving.DenseMatrices}},
	{"attention", "attention", []serving.Operator{serving.AttentionProjections}},
	{"embedding", "head", []serving.Operator{serving.HeadAndSampling, serving.DraftPasses}},
	{"router", "routing", []serving.Operator{serving.RouterGate, serving.Permute}},
	{"kv", "KV and state", []serving.Operator{serving.AttentionCore, serving.RecurrentState}},
	{"comm", "communication", []serving.Operator{serving.Dispatch, serving.Combine, serving.AllReduce, serving.PipelineTransfer}},
	{"runtime", "experts elsewhere", []serving.Operator{serving.ExpertWait}},
}

func (g operatorGroup) seconds(s *serving.Step) float64 {
	sum := 0.0
	for _, o := range g.operators {
		sum += s.Parts[o]
	}
	return sum
}

// batch is the time of a decode step by operator against the batch.
func batch(r *report.Report, box Box, t Theme) Option {
	right := shortRoom + 28
	if box.narrow() {
		right = narrowRight
	}
	o := base(t, plotTop, right, plotBottom, plotLeft)
	o.Series = []Series{}
	points := upTo(r.StepCurve(), 8*r.Scenario.Batch)
	if len(points) == 0 {
		return o
	}
	last := points[len(points)-1]
	unit := quantity.Seconds.Scale(quantity.Decimal, last.Step.Seconds)
	top, step := linearScale(last.Step.Seconds / unit.Factor)
	high := float64(last.Batch)
	o.XAxis = batchAxis(t, box, high)
	o.YAxis = yAxis(t, "value", 0, top, ticksTo(top, step))
	for i, g := range operatorGroups {
		if g.operators[0] == serving.ExpertWait && g.seconds(&last.Step) == 0 {
			continue // all experts are on the GPUs
		}
		var data []Datum
		for _, p := range points {
			data = append(data, Datum{Value: []float64{float64(p.Batch), g.seconds(&p.Step) / unit.Factor}, Tip: stepTip(p)})
		}
		s := line(g.name, t.Colour(g.token), 0.5, "solid", data)
		s.Stack = "step"
		s.AreaStyle = &AreaStyle{Color: t.Colour(g.token), Opacity: 1}
		if i == 0 {
			s.MarkLine = gridLines(t, ticksTo(top, step))
		}
		o.Series = append(o.Series, s)
	}
	o.Graphic = axisTitles(t, box, "Sequences decoding at once", unitName(unit.Unit)+", one step")
	if !box.narrow() {
		o.Graphic = append(o.Graphic, bandNames(last, top*unit.Factor, box, t)...)
	}
	if d := r.Decode; d != nil && d.Step > 0 {
		at := []float64{float64(r.Scenario.Batch), d.Step / unit.Factor}
		tip := []TipRow{{"This scenario", ""}, {"One step", quantity.Seconds.Text(quantity.Decimal, d.Step)}}
		o.Series = append(o.Series, ring(t, at), you(t, at, "this scenario", tip))
	}
	return o
}

// upTo cuts a curve at a batch, but keeps at least up to 256.
func upTo(points []report.StepPoint, batch int64) []report.StepPoint {
	for i, p := range points {
		if p.Batch > max(batch, 256) {
			return points[:i]
		}
	}
	return points
}

func stepTip(p report.StepPoint) []TipRow {
	tip := []TipRow{{"Batch " + quantity.Integer(p.Batch), ""}, {"One step", quantity.Seconds.Text(quantity.Decimal, p.Step.Seconds)}}
	for _, g := range operatorGroups {
		if s := g.seconds(&p.Step); s > 0.03*p.Step.Seconds && len(tip) < 6 {
			tip = append(tip, TipRow{g.name, quantity.Seconds.Text(quantity.Decimal, s)})
		}
	}
	return tip
}

// bandNames stand at the right ends of the bands, those thick enough to carry one.
func bandNames(p report.StepPoint, top float64, box Box, t Theme) []Graphic {
	var out []Graphic
	height := box.Height - plotTop - plotBottom
	below := 0.0
	for _, g := range operatorGroups {
		s := g.seconds(&p.Step)
		if s/top*height >= 13 {
			y := box.Height - plotBottom - (below+s/2)/top*height
			out = append(out, text(box.Width-shortRoom-20, y, g.name, t.Ink2, "left", 400))
		}
		below += s
	}
	return out
}

// unitName spells out a unit of time for an axis.
func unitName(unit string) string {
	return map[string]string{"µs": "Microseconds", "ms": "Milliseconds", "s": "Seconds"}[unit]
}

// tokenOf is the hue of an operator.
func tokenOf(o serving.Operator) string {
	for _, g := range operatorGroups {
		for _, own := range g.operators {
			if own == o {
				return g.token
			}
		}
	}
	return "runtime"
}
