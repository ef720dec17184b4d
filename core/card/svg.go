package card

import (
	"math"
	"strconv"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// SVG writes the picture as a document of its own, for an <img> or a file. It needs no
// font and no style sheet, and holds no text that a browser would lay out but its
// title and description.
func (p *Picture) SVG() []byte {
	w := svg{glyphs: map[glyphKey]bool{}}
	width, height := strconv.Itoa(p.Width), strconv.Itoa(p.Height)
	w.put(`<svg xmlns="http://www.w3.org/2000/svg" width="`, width, `" height="`, height, `" viewBox="0 0 `, width, " ", height, `" role="img"><title>`)
	w.put(escape(p.Title), "</title>")
	if p.Description != "" {
		w.put("<desc>", escape(p.Description), "</desc>")
	}
	if p.plot.w > 0 {
		w.put(`<view id="plot" viewBox="`)
		w.pair(p.plot.x, p.plot.y)
		w.put(" ")
		w.pair(p.plot.w, p.plot.h)
		w.put(`" preserveAspectRatio="xMinYMid meet"/>`)
	}
	w.put(`<path fill="`, p.theme.Paper.String(), `" d="M0 0h`, width, "v", height, `H0z"/>`)
	for i := range p.marks {
		w.mark(&p.marks[i])
	}
	w.put("</svg>\n")
	return w.out
}

type svg struct {
	out    []byte
	glyphs map[glyphKey]bool // defined so far
	buffer sfnt.Buffer
}

type glyphKey struct {
	face  face
	glyph sfnt.GlyphIndex
}

func (k glyphKey) id() string {
	return string(rune('a'+k.face)) + strconv.Itoa(int(k.glyph))
}

func (w *svg) put(parts ...string) {
	for _, s := range parts {
		w.out = append(w.out, s...)
	}
}

// number writes a coordinate to a hundredth of a pixel.
func (w *svg) number(v float64) { w.hundredths(int64(math.Round(v * 100))) }

// hundredths is many times faster than formatting floats, and a board has thousands.
func (w *svg) hundredths(n int64) {
	if n < 0 {
		w.out = append(w.out, '-')
		n = -n
	}
	w.out = strconv.AppendInt(w.out, n/100, 10)
	switch rest := n % 100; {
	case rest == 0:
	case rest%10 == 0:
		w.out = append(w.out, '.', byte('0'+rest/10))
	default:
		w.out = append(w.out, '.', byte('0'+rest/10), byte('0'+rest%10))
	}
}

func (w *svg) pair(x, y float64) {
	w.number(x)
	w.put(" ")
	w.number(y)
}

func (w *svg) mark(m *mark) {
	switch m.kind {
	case boxes:
		w.put(`<path fill="`, m.colour.String(), `" d="`)
		for _, r := range m.rects {
			w.put("M")
			w.pair(r.x, r.y)
			w.put("h")
			w.number(r.w)
			w.put("v")
			w.number(r.h)
			w.put("h")
			w.number(-r.w)
			w.put("z")
		}
		w.put(`"/>`)
	case polygon:
		w.put(`<path fill="`, m.colour.String(), `" d="`)
		w.path(m.points)
		w.put(`z"/>`)
	case stroke:
		w.put(`<path fill="none" stroke="`, m.colour.String(), `" stroke-width="`)
		w.number(m.width)
		if m.dash > 0 {
			w.put(`" stroke-dasharray="`)
			w.number(m.dash)
		}
		w.put(`" stroke-linejoin="round" d="`)
		w.path(m.points)
		w.put(`"/>`)
	case disc:
		w.put(`<circle fill="`, m.colour.String(), `" r="`)
		w.number(m.width)
		w.put(`" cx="`)
		w.number(m.points[0].x)
		w.put(`" cy="`)
		w.number(m.points[0].y)
		w.put(`"/>`)
	case words:
		w.words(m)
	case drawn:
		w.drawing(m)
	}
}

func (w *svg) path(points []point) {
	for i, p := range points {
		w.put([2]string{"M", "L"}[min(i, 1)])
		w.pair(p.x, p.y)
	}
}

func (w *svg) words(m *mark) {
	w.put(`<g fill="`, m.colour.String(), `" transform="translate(`)
	w.pair(m.points[0].x, m.points[0].y)
	w.put(") scale(")
	w.out = strconv.AppendFloat(w.out, m.size/coarseEm, 'g', 6, 64)
	w.put(`)">`)
	w.glyphsOf(m.face, m.text)
	w.put("</g>")
}

// glyphsOf draws each character's outline. The first use of one defines it.
func (w *svg) glyphsOf(face face, text string) {
	face.set(text, func(f form, x int) {
		x = (x*coarseEm + em/2) / em
		key := glyphKey{face, f.glyph}
		if w.glyphs[key] {
			w.put(`<use href="#`, key.id(), `" x="`, strconv.Itoa(x), `"/>`)
			return
		}
		segments := face.outline(&w.buffer, f.glyph)
		if len(segments) == 0 {
			return // a space
		}
		// Defined inside a wrapper that moves it, so that later uses start from the origin.
		w.put(`<g transform="translate(`, strconv.Itoa(x), `)"><path id="`, key.id(), `" d="`)
		w.outline(segments)
		w.put(`"/></g>`)
		w.glyphs[key] = true
	})
}

// outline writes the contours of a glyph on the coarse grid: each point from the one before it, and a command only
// where it changes. It takes half of what absolute points of the design grid take.
func (w *svg) outline(segments sfnt.Segments) {
	var atX, atY int
	var before byte
	for i, s := range segments {
		n := arguments(s.Op)
		var v [6]int
		for j := range n {
			v[2*j], v[2*j+1] = coarse(s.Args[j].X)-atX, coarse(s.Args[j].Y)-atY
		}
		x, y := v[2*n-2], v[2*n-1]
		command, from, to := byte('l'), 0, 2*n
		switch {
		case s.Op == sfnt.SegmentOpMoveTo:
			if i > 0 {
				w.put("z")
			}
			command, before = 'M', 0
			v[0], v[1] = v[0]+atX, v[1]+atY
		case s.Op == sfnt.SegmentOpCubeTo:
			command = 'c'
		case s.Op == sfnt.SegmentOpQuadTo && v[0]*y != v[1]*x:
			command = 'q'
		case x == 0 && y == 0:
			continue
		case y == 0:
			command, from, to = 'h', 2*n-2, 2*n-1
		case x == 0:
			command, from, to = 'v', 2*n-1, 2*n
		default:
			from = 2*n - 2
		}
		for j, n := range v[from:to] {
			switch {
			case j == 0 && command != before:
				w.out = append(w.out, command)
			case n >= 0: // a minus separates as well as a space does
				w.out = append(w.out, ' ')
			}
			w.out = strconv.AppendInt(w.out, int64(n), 10)
		}
		before = command
		atX, atY = atX+x, atY+y
	}
	w.put("z")
}

// coarseEm is the units of the grid that outlines are written on. At the largest size of a picture's text a unit is a
// tenth of a pixel, and numbers take half the room that those of the design grid do.
const coarseEm = 250

// coarse rounds a coordinate of an outline, in 64ths of the design grid.
func coarse(v fixed.Int26_6) int { return int(math.Round(float64(v) / 64 * coarseEm / em)) }

// arguments is how many points a segment has.
func arguments(op sfnt.SegmentOp) int {
	switch op {
	case sfnt.SegmentOpQuadTo:
		return 2
	case sfnt.SegmentOpCubeTo:
		return 3
	}
	return 1
}

// escape makes text safe as content and inside quotes, and drops what XML cannot hold.
func escape(text string) string {
	var out []byte
	for _, r := range text {
		switch {
		case r == '&':
			out = append(out, "&amp;"...)
		case r == '<':
			out = append(out, "&lt;"...)
		case r == '>':
			out = append(out, "&gt;"...)
		case r == '"':
			out = append(out, "&#34;"...)
		case r == '\'':
			out = append(out, "&#39;"...)
		case r < ' ' || r == 0xFFFE || r == 0xFFFF || r == 0x7F:
			out = append(out, ' ')
		default:
			out = append(out, string(r)...)
		}
	}
	return string(out)
}
