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
	}
}

func (w *svg) path(points []point) {
	for i, p := range points {
		w.put([2]string{"M", "L"}[min(i, 1)])
		w.pair(p.x, p.y)
	}
}

// words draws each character's outline. The first use of one defines it.
func (w *svg) words(m *mark) {
	w.put(`<g fill="`, m.colour.String(), `" transform="translate(`)
	w.pair(m.points[0].x, m.points[0].y)
	w.put(") scale(")
	w.out = strconv.AppendFloat(w.out, m.size/em, 'g', 6, 64)
	w.put(`)">`)
	m.face.set(m.text, func(f form, x int) {
		key := glyphKey{m.face, f.glyph}
		if w.glyphs[key] {
			w.put(`<use href="#`, key.id(), `" x="`, strconv.Itoa(x), `"/>`)
			return
		}
		segments := m.face.outline(&w.buffer, f.glyph)
		if len(segments) == 0 {
			return // a space
		}
		// Defined inside a wrapper that moves it, so that later uses start from the origin.
		w.put(`<g transform="translate(`, strconv.Itoa(x), `)"><path id="`, key.id(), `" d="`)
		w.outline(segments)
		w.put(`"/></g>`)
		w.glyphs[key] = true
	})
	w.put("</g>")
}

func (w *svg) outline(segments sfnt.Segments) {
	for i, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				w.put("z")
			}
			w.put("M")
		case sfnt.SegmentOpLineTo:
			w.put("L")
		case sfnt.SegmentOpQuadTo:
			w.put("Q")
		case sfnt.SegmentOpCubeTo:
			w.put("C")
		}
		for j := range arguments(s.Op) {
			if j > 0 {
				w.put(" ")
			}
			w.grid(s.Args[j].X)
			w.put(" ")
			w.grid(s.Args[j].Y)
		}
	}
	w.put("z")
}

// grid writes a coordinate of an outline, which is whole or half.
func (w *svg) grid(v fixed.Int26_6) { w.hundredths(int64(v) * 100 / 64) }

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
