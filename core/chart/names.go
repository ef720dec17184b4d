package chart

import (
	"moecost/core/quantity"
	"moecost/core/report"
)

// namer chooses which points of the map carry a name, and on which side, so
// that no name touches another, a point or the edge of the plot.
type namer struct {
	scale mapScale
	t     Theme
	most  int
	taken []rect

	ownPlace rect // of the reader's own name
}

type rect struct{ x0, y0, x1, y1 float64 }

func (a rect) touches(b rect) bool {
	return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1
}

const (
	nameGap    = 7.0 // from the middle of a point to its name
	nameHalf   = 8.0 // half the height of a line of text
	pointHalf  = 4.0
	ownHalf    = 10.0
	ownLeading = 18.0
)

// keepClear reserves the place of a point.
func (n *namer) keepClear(p report.Published) {
	x, y := n.scale.x(p.Active), n.scale.y(p.Total)
	n.taken = append(n.taken, rect{x - pointHalf, y - pointHalf, x + pointHalf, y + pointHalf})
}

// block reserves the place of the reader's own point and of its two lines of text.
func (n *namer) block(me report.Published) {
	x, y := n.scale.x(me.Active), n.scale.y(me.Total)
	n.ownPlace = n.emptiest(me)
	n.taken = append(n.taken, rect{x - ownHalf, y - ownHalf, x + ownHalf, y + ownHalf}, n.ownPlace)
}

// emptiest is the place beside the reader's own point that hides the fewest
// models: up and to the left if it is as good as any.
func (n *namer) emptiest(me report.Published) rect {
	x, y := n.scale.x(me.Active), n.scale.y(me.Total)
	w := max(textWidth(me.Name, fontSize, true), textWidth(ownRatio(me), fontSize, false)) + 4
	h := 2 * ownLeading
	best, fewest := rect{}, len(n.taken)+1
	for _, at := range [][2]float64{
		{x - 34 - w, y - 52}, {x + 30, y - 52}, {x - 34 - w, y + 20}, {x + 30, y + 20},
		{x - 34 - w, y - 92}, {x + 30, y - 92}, {x - 34 - w, y + 60}, {x + 30, y + 60},
	} {
		r := rect{at[0], at[1], at[0] + w, at[1] + h}
		if r.x0 < n.scale.left || r.x1 > n.scale.box.Width-4 || r.y0 < plotTop-8 || r.y1 > n.scale.box.Height-plotBottom {
			continue
		}
		hidden := 0
		for _, other := range n.taken {
			if r.touches(other) {
				hidden++
			}
		}
		if hidden < fewest {
			best, fewest = r, hidden
		}
	}
	return best
}

func ownRatio(me report.Published) string {
	return quantity.Significant(billions(me.Total), 3) + " / " + quantity.Significant(billions(me.Active), 4) + " = " + quantity.Ratio.Text(quantity.Decimal, me.Ratio())
}

// own is the reader's own name with a leader to the point.
func (n *namer) own(me report.Published) []Graphic {
	x, y := n.scale.x(me.Active), n.scale.y(me.Total)
	r := n.ownPlace
	if r == (rect{}) {
		return nil // no room beside the point: its tooltip and the title name it
	}
	align, at, elbow := "right", r.x1, x-9
	if r.x0 > x {
		align, at, elbow = "left", r.x0, x+9
	}
	middle := (r.y0 + r.y1) / 2
	from := at + 5
	if align == "left" {
		from = at - 5
	}
	return []Graphic{
		polyline(n.t.Edge, 1, [2]float64{from, middle}, [2]float64{elbow, y - 4}),
		text(at, r.y0+8, me.Name, n.t.Ink, align, 600),
		text(at, r.y0+8+ownLeading, ownRatio(me), n.t.Ink, align, 400),
	}
}

// pick gives labels to the landmarks that have room, up to the limit.
func (n *namer) pick(points []report.Published, me report.Published) map[string]*Label {
	byID := map[string]report.Published{}
	for _, p := range points {
		byID[p.ID] = p
	}
	out := map[string]*Label{}
	for _, id := range landmarks {
		p, ok := byID[id]
		if !ok || id == me.ID || len(out) >= n.most-1 {
			continue
		}
		if side := n.place(p); side != "" {
			out[id] = &Label{
				Show: true, Formatter: "{b}", Position: side, Distance: nameGap - pointHalf + 1, Color: n.t.Ink2, FontSize: fontSize,
				TextBorderColor: n.t.Paper, TextBorderWidth: 4,
			}
		}
	}
	return out
}

// place finds a free side for a name and takes it; "" if there is none.
func (n *namer) place(p report.Published) string {
	x, y := n.scale.x(p.Active), n.scale.y(p.Total)
	w := textWidth(p.Name, fontSize, false)
	for _, c := range []struct {
		side string
		at   rect
	}{
		{"right", rect{x + nameGap, y - nameHalf, x + nameGap + w, y + nameHalf}},
		{"left", rect{x - nameGap - w, y - nameHalf, x - nameGap, y + nameHalf}},
		{"top", rect{x - w/2, y - nameGap - 2*nameHalf, x + w/2, y - nameGap}},
		{"bottom", rect{x - w/2, y + nameGap, x + w/2, y + nameGap + 2*nameHalf}},
	} {
		if n.free(c.at) {
			n.taken = append(n.taken, c.at)
			return c.side
		}
	}
	return ""
}

func (n *namer) free(r rect) bool {
	if r.x0 < n.scale.left || r.x1 > n.scale.box.Width-4 || r.y0 < plotTop-6 || r.y1 > n.scale.box.Height-plotBottom {
		return false
	}
	for _, other := range n.taken {
		if r.touches(other) {
			return false
		}
	}
	return true
}
