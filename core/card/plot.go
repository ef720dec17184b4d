package card

import (
	"math"
	"strconv"

	"moecost/core/axis"
	"moecost/core/quantity"
	"moecost/core/report"
	"moecost/core/story"
)

// A chart's size, and where its plot lies in it.
const (
	chartWidth, chartHeight = 720, 460

	chartMargin = 24.0
	plotLeft    = 72.0
	plotRight   = 580.0 // names of lines stand right of it
	plotTop     = 142.0
	plotBottom  = 364.0
)

// charts is the table of charts that can be drawn here, by the name in a link's chart=. They have
// the names that package chart gives them.
var charts = []struct {
	name string
	draw func(*Picture, *report.Report)
}{
	{"ledger", ledger},
	{"coverage", coverage},
	{"tpot", tpot},
}

// ChartNames lists the charts that Chart draws.
func ChartNames() []string {
	var names []string
	for _, c := range charts {
		names = append(names, c.name)
	}
	return names
}

// Chart draws the chart of a figure with its title, unit and source; of says what it is of. It
// gives false for a chart that is not drawn here, or of which the Report has nothing to show.
func Chart(f story.Frame, of story.Text, r *report.Report, t Theme) (*Picture, bool) {
	for _, c := range charts {
		if c.name != f.Chart || f.Empty != nil {
			continue
		}
		p := newPicture(chartWidth, chartHeight, t)
		p.Title, p.Description = f.Title, f.Name
		p.head(f, plain(of))
		c.draw(p, r)
		p.foot(plain(f.Source))
		return p, true
	}
	return nil, false
}

// head is the rule, the title and what the chart shows of what.
func (p *Picture) head(f story.Frame, of string) {
	const width = chartWidth - 2*chartMargin
	p.fill(p.theme.Line, rect{chartMargin, 20, width, 1})
	title := style{serif, 25, p.theme.Ink}
	for title.size > 18 && title.face.width(f.Title, title.size) > width {
		title.size--
	}
	p.text(title, chartMargin, 55, left, title.fitted(f.Title, width))
	quiet := style{sans, 14.5, p.theme.Ink3}
	p.text(quiet, chartMargin, 78, left, quiet.fitted(of, width))
	p.text(quiet, chartMargin, 98, left, quiet.fitted(f.Unit, width))
}

// foot names the source, and what made the picture.
func (p *Picture) foot(source string) {
	const y = chartHeight - 20.0
	p.fill(p.theme.Rule, rect{chartMargin, chartHeight - 48, chartWidth - 2*chartMargin, 1})
	p.logo(chartMargin, y-12, 15)
	w := p.text(style{sansBold, 14.5, p.theme.Ink}, chartMargin+22, y, left, "moecost")
	quiet := style{sans, 14, p.theme.Ink3}
	p.text(quiet, chartWidth-chartMargin, y, right, quiet.fitted(source, chartWidth-2*chartMargin-w-50))
}

// plot is an area with a logarithmic axis below and a linear one at the left.
type plot struct {
	*Picture
	lastX, topY float64
	taken       []float64 // baselines of names at the right
}

func (p *plot) x(v float64) float64 {
	return plotLeft + (plotRight-plotLeft)*math.Log(math.Max(v, 1))/math.Log(p.lastX)
}

func (p *plot) y(v float64) float64 {
	return plotBottom - (plotBottom-plotTop)*math.Min(math.Max(v/p.topY, 0), 1)
}

// axes draws hairlines at ticks, their numbers, and the axis of sequences with the scenario's own in ink.
func (p *plot) axes(ticks []float64, number func(float64) string, titleY string, own float64) {
	label := style{sans, 13.5, p.theme.Ink3}
	for _, v := range ticks {
		y := math.Round(p.y(v))
		p.fill(p.theme.Rule, rect{plotLeft, y, plotRight - plotLeft, 1})
		p.text(label, plotLeft-9, y+5, right, number(v))
	}
	p.fill(p.theme.Edge, rect{plotLeft, plotBottom, plotRight - plotLeft, 1})
	bold := style{sansBold, 13.5, p.theme.Ink}
	mine := bold.face.width(quantity.Integer(int64(math.Round(own))), bold.size)
	for _, v := range axis.PowersOfTwo(1, p.lastX, 8) {
		x := p.x(v)
		p.fill(p.theme.Edge, rect{math.Round(x), plotBottom, 1, 5})
		text := quantity.Integer(int64(v))
		if math.Abs(x-p.x(own)) > (mine+label.face.width(text, label.size))/2+8 {
			p.text(label, x, plotBottom+20, middle, text)
		}
	}
	p.text(bold, p.x(own), plotBottom+20, middle, quantity.Integer(int64(math.Round(own))))
	p.text(label, chartMargin, plotTop-16, left, titleY)
	p.text(label, plotRight, plotBottom+40, right, "Sequences decoding at once")
}

// shortest writes a tick's number with the digits that it has.
func shortest(v float64) string {
	if v >= 1000 && v == math.Trunc(v) {
		return quantity.Integer(int64(v))
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}

// curve is a line through points.
func (p *plot) curve(c Colour, width, dash float64, xs, ys []float64) {
	points := make([]point, len(xs))
	for i := range xs {
		points[i] = point{p.x(xs[i]), p.y(ys[i])}
	}
	p.add(mark{kind: stroke, colour: c, width: width, dash: dash, points: points})
}

// band fills between two curves with a hue at a strength.
func (p *plot) band(c Colour, strength float64, xs, low, high []float64) {
	var points []point
	for i := range xs {
		points = append(points, point{p.x(xs[i]), p.y(high[i])})
	}
	for i := len(xs) - 1; i >= 0; i-- {
		points = append(points, point{p.x(xs[i]), p.y(low[i])})
	}
	p.area(mix(p.theme.Paper, c, strength), points...)
}

// named writes the name of a line at its right end, below those that stand there already.
func (p *plot) named(s style, y float64, text string) {
	y += 5
	for range p.taken { // as many passes as there are names settle it
		for _, other := range p.taken {
			if math.Abs(y-other) < 17 {
				y = other + 17
			}
		}
	}
	p.taken = append(p.taken, y)
	p.text(s, plotRight+8, y, left, s.fitted(text, chartWidth-plotRight-12))
}

// you marks the scenario: a ring with a dot, a drop line, and its value beside it.
func (p *plot) you(x, y float64, text string) {
	at := point{p.x(x), p.y(y)}
	p.dashed(p.theme.Ink, 1, 2, point{at.x, at.y + 8}, point{at.x, plotBottom})
	p.disc(p.theme.Paper, at.x, at.y, 8)
	p.disc(p.theme.Ink, at.x, at.y, 7.5)
	p.disc(p.theme.Paper, at.x, at.y, 6)
	p.disc(p.theme.Ink, at.x, at.y, 4.5)
	s := style{sansBold, 14, p.theme.Ink}
	w := s.face.width(text, s.size)
	// Below and right of it, where a rising curve is not; at the right edge, left of it and above.
	x0, y0 := at.x+13, at.y+20
	if x0+w > plotRight || y0 > plotBottom-6 {
		x0, y0 = at.x-13-w, at.y-12
	}
	x0 = math.Max(x0, plotLeft+2)
	p.fill(p.theme.Paper, rect{x0 - 3, y0 - 13, w + 6, 18})
	p.text(s, x0, y0, left, text)
}

// coverage is the distinct experts of a layer against the tokens of a step.
func coverage(pic *Picture, r *report.Report) {
	points := r.Coverage()
	experts := float64(r.Model.RoutedExperts)
	if len(points) == 0 || experts == 0 {
		return
	}
	p := &plot{Picture: pic, lastX: points[len(points)-1].Tokens, topY: experts}
	var xs, own, even, low, high []float64
	for _, c := range points {
		xs, own, even = append(xs, c.Tokens), append(own, c.Distinct), append(even, c.Uniform)
		low, high = append(low, c.Low), append(high, c.High)
	}
	t := p.theme
	for _, other := range r.OtherCoverage() {
		var ys []float64
		for _, share := range other.Share {
			ys = append(ys, share*experts)
		}
		p.curve(t.Rule, 1, 0, other.Tokens, ys)
	}
	p.band(t.Routed, 0.15, xs, low, high)
	tokens := r.RoutedTokens()
	p.axes([]float64{0, experts / 4, experts / 2, experts * 3 / 4, experts}, shortest, "Distinct experts of one layer", tokens)
	p.curve(t.Ink3, 1.5, 5, xs, even)
	p.curve(t.Routed, 2.25, 0, xs, own)
	last := len(xs) - 1
	p.named(style{sans, 13.5, t.Ink3}, p.y(even[last]), "equal popularity")
	p.named(style{sansBold, 13.5, t.Routed}, p.y(own[last]), r.PopularityName())
	distinct := r.Decode.DistinctExperts
	p.you(tokens, distinct, "Batch "+quantity.Integer(r.Scenario.Batch)+": "+quantity.Significant(distinct, 3))
}

// tpot is the time of a token for one user against the batch.
func tpot(pic *Picture, r *report.Report) {
	var xs, curve, low, high, near, far []float64
	within := r.Nearby()
	most := r.Objective()
	for _, s := range r.StepCurve() {
		if s.Batch > max(8*r.Scenario.Batch, 256) {
			break
		}
		xs, curve = append(xs, float64(s.Batch)), append(curve, s.TPOT)
		low, high = append(low, s.Low), append(high, s.High)
		near, far = append(near, s.TPOT*within[0]), append(far, s.TPOT*within[1])
		most = math.Max(most, math.Max(s.High, s.TPOT))
	}
	if len(xs) == 0 {
		return
	}
	unit := quantity.Seconds.Scale(quantity.Decimal, most)
	top, step := axis.Linear(most / unit.Factor)
	p := &plot{Picture: pic, lastX: xs[len(xs)-1], topY: top * unit.Factor}
	t := p.theme
	if high[0] > low[0] {
		p.band(t.Routed, 0.15, xs, low, high)
	}
	if within[1] > within[0] {
		p.band(t.Routed, 0.28, xs, near, far)
	}
	var ticks []float64
	for _, v := range axis.Ticks(top, step) {
		ticks = append(ticks, v*unit.Factor)
	}
	p.axes(ticks, func(v float64) string { return shortest(v / unit.Factor) }, unit.Unit+" for one token", float64(r.Scenario.Batch))
	if o := r.Objective(); o > 0 {
		p.dashed(t.Ink, 1.5, 6, point{plotLeft, p.y(o)}, point{plotRight, p.y(o)})
		p.text(style{sans, 13.5, t.Ink}, plotLeft+6, p.y(o)-6, left, "your objective: "+quantity.Seconds.Text(quantity.Decimal, o))
	}
	p.curve(t.Routed, 2.25, 0, xs, curve)
	p.named(style{sansBold, 13.5, t.Routed}, p.y(curve[len(curve)-1]), "predicted")
	if high[0] > low[0] {
		p.named(style{sans, 13.5, t.Ink3}, p.y(curve[len(curve)-1])+17, "band: 80\u202f%")
	}
	if d := r.Decode; d != nil && d.TPOT > 0 {
		value := quantity.Seconds.Predicted(quantity.Decimal, d.TPOT, d.TPOTLow, d.TPOTHigh)
		p.you(float64(r.Scenario.Batch), d.TPOT, "Batch "+quantity.Integer(r.Scenario.Batch)+": "+value.String())
	}
}
