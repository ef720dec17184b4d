package chart

import (
	"math"

	"moecost/core/quantity"
	"moecost/core/report"
	"moecost/core/serving"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// routing is the share of a step that choosing and reaching experts takes,
// against the batch.
func routing(r *report.Report, box Box, t Theme) Option {
	right := endRoom
	if box.narrow() {
		right = narrowRight
	}
	o := base(t, plotTop, right, plotBottom, plotLeft)
	o.Series = []Series{}
	points := r.StepCurve()
	if len(points) == 0 || r.Model.RoutedExperts == 0 {
		return o
	}
	lines := []struct {
		name, token string
		share       func(*serving.Step) float64
		data        []Datum
	}{
		{"choosing experts", "router", func(s *serving.Step) float64 { return s.Routing() / s.Seconds }, nil},
		{"dispatch, combine", "comm", func(s *serving.Step) float64 {
			return (s.Parts[serving.Dispatch] + s.Parts[serving.Combine]) / s.Seconds
		}, nil},
	}
	most := 0.0
	for _, p := range points {
		tip := []TipRow{
			{"Batch " + quantity.Integer(p.Batch), ""},
			{"Choosing experts", share(lines[0].share(&p.Step)) + ", " + quantity.Seconds.Text(quantity.Decimal, p.Step.Routing())},
			{"Dispatch and combine", share(lines[1].share(&p.Step))},
			{"One step", quantity.Seconds.Text(quantity.Decimal, p.Step.Seconds)},
		}
		for i := range lines {
			v := 100 * lines[i].share(&p.Step)
			most = math.Max(most, v)
			lines[i].data = append(lines[i].data, Datum{Value: []float64{float64(p.Batch), v}, Tip: tip})
		}
	}
	top, step := linearScale(most)
	last := float64(points[len(points)-1].Batch)
	o.XAxis = batchAxis(t, box, last)
	o.YAxis = yAxis(t, "value", 0, top, ticksTo(top, step))
	for i, l := range lines {
		if i > 0 && r.Routing != nil && r.Routing.Dispatch == 0 {
			continue
		}
		s := line(l.name, t.Colour(l.token), 2.25, "solid", l.data)
		if i == 0 {
			s.MarkLine = gridLines(t, ticksTo(top, step))
		}
		o.named(t, box, s, t.Ink2, 400)
	}
	if q := r.Routing; q != nil {
		at := []float64{float64(r.Scenario.Batch), 100 * q.Share}
		o.Series = append(o.Series, ring(t, at), you(t, at, "this scenario", []TipRow{{"This scenario", ""}, {"Choosing experts", share(q.Share)}}))
	}
	o.Graphic = axisTitles(t, box, "Sequences decoding at once", "Per cent of a decode step")
	return o
}

func share(v float64) string { return quantity.Share.Text(quantity.Decimal, v) }

// traffic is what one token sends in one layer, by the way it is sent.
func traffic(r *report.Report, box Box, t Theme) Option {
	left := 150.0
	if box.narrow() {
		left = 138
	}
	o := base(t, 8, 90, 26, left)
	o.Series = []Series{}
	q := r.Routing
	if q == nil || q.PerExpert == 0 {
		return o
	}
	ways := []struct {
		name  string
		bytes float64
	}{
		{"once for each expert", q.PerExpert}, {"once for each rank", q.PerRank},
		{"once for each node", q.PerNode}, {"switch multicast", q.Multicast},
	}
	scale := quantity.Bytes.Scale(r.Units(), q.PerExpert)
	var data []Datum
	var names []string
	for i := len(ways) - 1; i >= 0; i-- { // a category axis counts from below
		w := ways[i]
		if w.bytes == 0 {
			continue
		}
		names = append(names, w.name)
		data = append(data, Datum{
			Name: w.name, Value: []float64{w.bytes / scale.Factor, float64(len(names) - 1)},
			Tip:   []TipRow{{w.name, ""}, {"One token, one layer", quantity.Bytes.Text(r.Units(), w.bytes)}},
			Label: &Label{Show: true, Position: "right", Distance: 6, Formatter: quantity.Bytes.Text(r.Units(), w.bytes), Color: t.Ink, FontSize: fontSize, FontWeight: 600},
		})
	}
	o.XAxis = hidden("value", 0, q.PerExpert/scale.Factor)
	o.YAxis = Axis{
		XAxis:     opts.XAxis{Type: "category", Data: names, AxisLine: &opts.AxisLine{Show: opts.Bool(false)}},
		AxisLabel: &AxisLabel{Show: true, Color: t.Ink2, FontSize: fontSize, Margin: 10}, AxisTick: &AxisTick{},
	}
	o.Series = []Series{{Type: "bar", Data: data, BarWidth: 26, ItemStyle: fill(t.Comm, t.Paper), Emphasis: &Emphasis{Disabled: true}}}
	return o
}
