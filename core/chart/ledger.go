package chart

import (
	"math"

	"moecost/core/quantity"
	"moecost/core/report"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// part is one line of the ledger as a segment of the bar.
type part struct {
	token, name string
	group       int // index into groups
	bytes       float64
}

// groups are the braces over the bar.
var groups = []string{"Weights", "State", "Reserves", ""}

// parts lists the ledger in its fixed stacking order. Lines that are zero are
// left out, free memory below zero is.
func parts(r *report.Report) []part {
	p := r.Memory.PerGPU
	var out []part
	for _, q := range []part{
		{"routed", "Routed experts", 0, float64(p.RoutedExperts)},
		{"shared", "Shared experts", 0, float64(p.SharedExperts)},
		{"dense", "Dense layers", 0, float64(p.Dense)},
		{"attention", "Attention", 0, float64(p.Attention)},
		{"embedding", "Embedding and head", 0, float64(p.Embedding)},
		{"router", "Router", 0, float64(p.Router)},
		{"routed", "Kernels’ padding", 0, float64(p.Padding)},
		{"routed", "Drafting modules", 0, float64(p.MTP)},
		{"dense", "Vision", 0, float64(p.Vision)},
		{"kv", "KV cache", 1, float64(p.KV)},
		{"activations", "Activations", 1, float64(p.Activation)},
		{"comm", "Communication", 2, float64(p.Comm)},
		{"runtime", "Runtime", 2, float64(p.Runtime)},
		{"free", "Free", 3, float64(p.Free)},
	} {
		if q.bytes > 0 {
			out = append(out, q)
		}
	}
	return out
}

// The bar's place in its box.
const (
	barTop    = 46.0
	barHeight = 60.0
)

// ledger is one GPU as a stacked bar against the card's capacity.
func ledger(r *report.Report, box Box, t Theme) Option {
	u := r.Units()
	capacity := float64(r.Memory.GPUBytes)
	used := capacity - math.Min(float64(r.Memory.PerGPU.Free), 0)
	scale := quantity.Bytes.Scale(u, used)
	top := barTop
	if box.narrow() {
		top = 26
	}
	o := base(t, top, 1, 0, 0)
	o.Grid.Height, o.Grid.Bottom = "60", ""
	o.XAxis = hidden("value", 0, used/scale.Factor)
	o.YAxis = hidden("category", 0, 0)
	segments := parts(r)
	for _, p := range segments {
		o.Series = append(o.Series, segment(p, t, scale, u, capacity))
	}
	l := ledgerLayout{scale: scale, r: r, t: t, u: u, box: box, top: top, perByte: (box.Width - 1) / used}
	l.write(segments)
	o.Graphic = append(l.out, l.capacity()...)
	return o
}

func segment(p part, t Theme, scale quantity.Scale, u quantity.Units, capacity float64) Series {
	style := fill(t.Colour(p.token), t.Paper)
	switch p.token {
	case "free":
		style = &ItemStyle{ItemStyle: opts.ItemStyle{Color: "transparent", BorderColor: t.Edge, BorderWidth: 1}, BorderType: "dashed"}
	case "activations", "shared", "embedding":
		style.BorderColor = t.outline(p.token)
	}
	return Series{
		Name: p.name, Type: "bar", Stack: "gpu", BarWidth: barHeight, ItemStyle: style,
		Emphasis: &Emphasis{Disabled: true},
		Data: []Datum{{
			Name: p.name, Value: []float64{p.bytes / scale.Factor, 0},
			Tip: []TipRow{
				{p.name, ""},
				{"On one GPU", quantity.Bytes.Text(u, p.bytes)},
				{"Of its memory", quantity.Share.Text(u, p.bytes/capacity)},
			},
		}},
	}
}

// ledgerLayout places the words of the bar, in pixels.
type ledgerLayout struct {
	r       *report.Report
	t       Theme
	u       quantity.Units
	scale   quantity.Scale // of every line, as the unit line of the frame names it
	box     Box
	top     float64
	perByte float64 // pixels
	out     []Graphic
	taken   []rect // places of the words below the bar
}

// write labels what has room inside, the rest by leaders, and puts the braces.
func (l *ledgerLayout) write(segments []part) {
	type placed struct {
		part
		left, width float64
	}
	var small []placed
	x := 0.0
	ends := map[int][2]float64{}
	sums := map[int]float64{}
	for _, p := range segments {
		w := p.bytes * l.perByte
		if e, ok := ends[p.group]; ok {
			ends[p.group] = [2]float64{e[0], x + w}
		} else {
			ends[p.group] = [2]float64{x, x + w}
		}
		sums[p.group] += p.bytes
		if !l.inside(p, x, w) {
			small = append(small, placed{p, x, w})
		}
		x += w
	}
	if l.box.narrow() {
		return
	}
	l.braces(ends, sums)
	// Leaders of weights run left, the leftmost on top, and those of state and
	// reserves are mirrored, so that no two cross. One whose words would leave
	// the box runs left after all, below the others.
	weights := 0
	for _, p := range small {
		if p.group == 0 {
			weights++
		}
	}
	first, between := l.top+barHeight+18, 20.0
	if n := float64(max(weights, len(small)-weights) - 1); n > 0 {
		between = math.Min(between, (l.box.Height-nameHalf-first)/n)
	}
	row := func(i int) float64 { return first + between*float64(i) }
	lefts, rights, far := 0, 0, []placed(nil)
	for _, p := range small {
		if p.group == 0 {
			l.leader(p.part, p.left+p.width/2, row(lefts), -1)
			lefts++
		}
	}
	for i := len(small) - 1; i >= 0; i-- {
		p := small[i]
		switch middle := p.left + p.width/2; {
		case p.group == 0:
		case middle+18+l.leaderWidth(p.part) > l.box.Width:
			far = append(far, p)
		default:
			l.leader(p.part, middle, row(rights), +1)
			rights++
		}
	}
	for i := len(far) - 1; i >= 0; i-- {
		l.leader(far[i].part, far[i].left+far[i].width/2, row(rights), -1)
		rights++
	}
}

// leaderWidth is the length of the words at the end of a leader.
func (l *ledgerLayout) leaderWidth(p part) float64 {
	return textWidth(p.name, fontSize, false) + 5 + textWidth(l.scale.Ledger(p.bytes), fontSize, true)
}

// inside writes name and value into a segment that is wide enough.
func (l *ledgerLayout) inside(p part, x, w float64) bool {
	const pad = 12
	value := quantity.Bytes.Text(l.u, p.bytes)
	room := 2*pad + math.Max(textWidth(p.name, fontSize, true), textWidth(value, fontSize, false))
	if line := l.capacityLine(); !l.r.Memory.Fits && x < line && line < x+room {
		x, w = line, x+w-line // behind the line that runs through the words
	}
	if w < room {
		return false
	}
	colour, quiet := onLightText, onLightText
	switch {
	case p.token == "free":
		colour, quiet = l.t.Ink, l.t.Ink2
	case l.t.onDark(p.token):
		colour, quiet = onDarkText, onDarkText
	}
	l.out = append(l.out,
		text(x+pad, l.top+21, p.name, colour, "left", 600),
		text(x+pad, l.top+40, l.fit(p, value, w-2*pad), quiet, "left", 400))
	return true
}

// fit adds to a value what it means, if there is room.
func (l *ledgerLayout) fit(p part, value string, room float64) string {
	long := value
	switch s := l.r.Scenario; p.token {
	case "routed":
		if s.EP > 1 && p.name == "Routed experts" {
			each := (l.r.Model.RoutedExperts + int64(s.EP) - 1) / int64(s.EP)
			long = value + ": " + quantity.Integer(each) + " of " + quantity.Integer(l.r.Model.RoutedExperts) + " in each of " + quantity.Integer(l.r.Model.MoELayers) + " layers"
		}
	case "free":
		if l.r.Memory.Fits {
			long = value + ": room for " + quantity.Integer(l.r.Memory.MaxBatch) + " sequences in all"
		}
	}
	if textWidth(long, fontSize, false) <= room {
		return long
	}
	return value
}

// leader writes name and value of a small segment at the end of an elbow. If
// the words would leave the box or touch others, they go without: the account
// beside the bar has every line.
func (l *ledgerLayout) leader(p part, x, y, side float64) {
	value, w := l.scale.Ledger(p.bytes), l.leaderWidth(p)
	at := rect{x + 13, y - nameHalf, x + 13 + w, y + nameHalf}
	if side < 0 {
		at = rect{x - 13 - w, y - nameHalf, x - 13, y + nameHalf}
	}
	if at.x0 < 0 || at.x1 > l.box.Width || l.touches(at) {
		return
	}
	l.taken = append(l.taken, at)
	foot := l.top + barHeight + 2
	l.out = append(l.out,
		polyline(l.t.Edge, 1, [2]float64{x, foot}, [2]float64{x, y}, [2]float64{x + 8*side, y}),
		text(at.x0, y, p.name, l.t.Ink2, "left", 400),
		text(at.x1, y, value, l.t.Ink, "right", 600))
}

func (l *ledgerLayout) touches(r rect) bool {
	for _, other := range l.taken {
		if r.touches(other) {
			return true
		}
	}
	return false
}

// braces name the groups over the bar; one whose words would touch its
// neighbour's or the capacity's goes without.
func (l *ledgerLayout) braces(ends map[int][2]float64, sums map[int]float64) {
	free := -1.0
	from, _, _ := l.capacityPlace()
	for g, name := range groups {
		e, ok := ends[g]
		if !ok || name == "" {
			continue
		}
		value := quantity.Bytes.Text(l.u, sums[g])
		words := textWidth(name+" ", fontSize, false) + textWidth(value, fontSize, true)
		x := math.Round(e[0]) + 0.5
		if x < free || x+words > from-12 {
			continue
		}
		right := math.Max(e[1]-1, x+6)
		l.out = append(l.out,
			polyline(l.t.Edge, 1, [2]float64{x, l.top - 6}, [2]float64{x, l.top - 12}, [2]float64{right, l.top - 12}, [2]float64{right, l.top - 6}),
			text(x, l.top-25, name, l.t.Ink2, "left", 400),
			text(x+textWidth(name+" ", fontSize, false), l.top-25, value, l.t.Ink, "left", 600))
		free = x + words + 14
	}
}

// capacityPlace is where the words of the capacity begin, how they are aligned
// and what they are. They stand before the line, or behind it if the bar goes on.
func (l *ledgerLayout) capacityPlace() (from float64, align, words string) {
	words = capacityName(l.r, l.u)
	if sold := l.r.GPU().MemorySold; sold != "" && l.box.Width > 800 {
		words += ", sold as " + sold
	}
	x, w := l.capacityLine(), textWidth(words, fontSize, false)
	if !l.r.Memory.Fits && x+7+w < l.box.Width {
		return x + 7, "left", words
	}
	return x - 7 - w, "right", words
}

func (l *ledgerLayout) capacityLine() float64 {
	return math.Min(float64(l.r.Memory.GPUBytes)*l.perByte, l.box.Width-1)
}

// capacity is the end of the card: a line of ink taller than the bar.
func (l *ledgerLayout) capacity() []Graphic {
	x := l.capacityLine()
	up := 30.0
	if l.box.narrow() {
		up = 8
	}
	from, align, words := l.capacityPlace()
	if align == "right" {
		from = x - 7
	}
	return []Graphic{
		polyline(l.t.Paper, 6, [2]float64{x, l.top}, [2]float64{x, l.top + barHeight}),
		polyline(l.t.Ink, 2, [2]float64{x, l.top - up}, [2]float64{x, l.top + barHeight + 12}),
		text(from, math.Max(l.top-25, 8), words, l.t.Ink2, align, 400),
	}
}

// outline is a light fill mixed with 45 % ink, for the edge where it meets paper.
func (t Theme) outline(token string) string { return mix(t.Colour(token), t.Ink, 0.45) }

// capacityName is what the card really has.
func capacityName(r *report.Report, u quantity.Units) string {
	return r.Scenario.GPUName + ": " + quantity.Bytes.Text(u, float64(r.Memory.GPUBytes))
}
