package card

import (
	"math"

	"moecost/core/quantity"
	"moecost/core/report"
)

// line is one part of what a GPU holds.
type line struct {
	name  string
	fill  Colour
	free  bool
	bytes float64
}

// lines lists the ledger in its fixed stacking order, without what is zero.
func lines(r *report.Report, t Theme) []line {
	g := r.Memory.PerGPU
	var out []line
	for _, l := range []line{
		{"Routed experts", t.Routed, false, float64(g.RoutedExperts)},
		{"Shared experts", t.Shared, false, float64(g.SharedExperts)},
		{"Dense layers", t.Dense, false, float64(g.Dense)},
		{"Attention", t.Attention, false, float64(g.Attention)},
		{"Embedding and head", t.Embedding, false, float64(g.Embedding)},
		{"Router", t.Router, false, float64(g.Router)},
		{"Kernels’ padding", t.Routed, false, float64(g.Padding)},
		{"Drafting modules", t.Routed, false, float64(g.MTP)},
		{"Vision", t.Dense, false, float64(g.Vision)},
		{"KV cache", t.KV, false, float64(g.KV)},
		{"Activations", t.Activations, false, float64(g.Activation)},
		{"Communication", t.Comm, false, float64(g.Comm)},
		{"Runtime", t.Runtime, false, float64(g.Runtime)},
		{"Free", t.Paper, true, float64(g.Free)},
	} {
		if l.bytes > 0 {
			out = append(out, l)
		}
	}
	return out
}

// ledger is one GPU as a stacked bar against the card's capacity, with the account below in two columns.
func ledger(p *Picture, r *report.Report) {
	const x0, width, top, height = chartMargin, chartWidth - 2*chartMargin, 144.0, 60.0
	t, u := p.theme, r.Units()
	capacity := float64(r.Memory.GPUBytes)
	used := capacity - math.Min(float64(r.Memory.PerGPU.Free), 0)
	all := lines(r, t)
	scale := quantity.Bytes.Scale(u, used)
	end := x0 + math.Min(capacity/used, 1)*width
	x := x0
	for _, l := range all {
		w := l.bytes / used * width
		p.bar(l, rect{x, top, w, height})
		from := x
		if x < end && end < x+w-1 {
			from = end // words stand clear of the line that ends the memory
		}
		p.inside(l, from, x+w-from, top, quantity.Bytes.Text(u, l.bytes))
		x += w
	}
	p.fill(t.Ink, rect{math.Min(end, x0+width-2), top - 30, 2, height + 42})
	words, quiet := r.Scenario.GPUName+": "+quantity.Bytes.Text(u, capacity), style{sans, 13.5, t.Ink2}
	words = quiet.fitted(words, width-16)
	if quiet.face.width(words, quiet.size) < end-8-x0 {
		p.text(quiet, end-8, top-20, right, words)
	} else {
		p.text(quiet, math.Min(end+9, chartWidth-chartMargin-quiet.face.width(words, quiet.size)), top-20, left, words)
	}
	p.account(all, scale, top+height+34)
}

// bar is one segment. Pixels of paper part it from the next; a light one has an outline.
func (p *Picture) bar(l line, r rect) {
	t := p.theme
	if l.free {
		a, b := point{r.x, r.y + 0.5}, point{r.x + r.w, r.y + 0.5}
		c, d := point{r.x, r.y + r.h - 0.5}, point{r.x + r.w, r.y + r.h - 0.5}
		p.dashed(t.Edge, 1, 4, a, b)
		p.dashed(t.Edge, 1, 4, c, d)
		return
	}
	if r.w > 2 {
		r.w--
	}
	p.fill(mix(l.fill, t.Ink, 0.45), r)
	edge := 0.0
	if luminance(l.fill) > 0.5 && r.w > 3 && t.Name == Light.Name {
		edge = 1
	}
	p.fill(l.fill, rect{r.x + edge, r.y + edge, r.w - 2*edge, r.h - 2*edge})
}

// inside writes name and value into a segment that is wide enough.
func (p *Picture) inside(l line, x, w, top float64, value string) {
	name, number := style{sansBold, 14, onMark(l.fill)}, style{sans, 14, onMark(l.fill)}
	if w < 24+math.Max(name.face.width(l.name, name.size), number.face.width(value, number.size)) {
		return
	}
	p.text(name, x+12, top+26, left, l.name)
	p.text(number, x+12, top+46, left, value)
}

// account lists every line with its swatch and value, in two columns.
func (p *Picture) account(all []line, scale quantity.Scale, y float64) {
	t := p.theme
	rows := (len(all) + 1) / 2
	const column, leading = 300.0, 21.0
	for i, l := range all {
		x, at := chartMargin+float64(i/rows)*(column+72), y+float64(i%rows)*leading
		if l.free {
			p.fill(t.Edge, rect{x, at - 10, 11, 11})
			p.fill(t.Paper, rect{x + 1, at - 9, 9, 9})
		} else {
			p.fill(mix(l.fill, t.Ink, 0.45), rect{x, at - 10, 11, 11})
			p.fill(l.fill, rect{x + 1, at - 9, 9, 9})
		}
		p.text(style{sans, 14, t.Ink2}, x+20, at, left, l.name)
		p.text(style{sansBold, 14, t.Ink}, x+column, at, right, scale.Join(scale.Ledger(l.bytes)))
	}
}
