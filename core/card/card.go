// Package card draws pictures of a Report without a browser: the social card that
// stands beside a link, and charts for places that take an image and no script. A
// Picture is a list of marks in a fixed order, written as SVG or rasterised to PNG; both come from
// the same marks, and text is drawn as the outlines of the site's own fonts, so that it
// looks alike everywhere and nothing in a picture is markup that somebody else wrote.
//
// It is kept apart from package chart, whose options need a chart library to become a
// picture: this one runs at the edge, in milliseconds.
package card

// Picture is a drawing of a fixed size, in pixels.
type Picture struct {
	Width, Height int
	Title         string // what it says, for those who cannot see it
	Description   string

	theme Theme
	marks []mark
	plot  rect // where a drawn chart stands; zero without one
}

func newPicture(width, height int, t Theme) *Picture {
	return &Picture{Width: width, Height: height, theme: t}
}

// point is a place in a picture, from its top left corner.
type point struct{ x, y float64 }

// rect is a box with its top left corner.
type rect struct{ x, y, w, h float64 }

// kind says what a mark's fields mean.
type kind uint8

const (
	boxes   kind = iota // rects filled with the colour
	polygon             // points joined and filled
	stroke              // points joined by a line of width, with dashes if dash is not 0
	disc                // circle around the first point with radius width
	words               // text with its left end on the baseline at the first point
	drawn               // a drawing with its top left corner at the first point; only SVG has it
)

// mark is one element of a picture.
type mark struct {
	kind   kind
	colour Colour
	rects  []rect
	points []point
	width  float64
	dash   float64 // length of a dash; what is left out after it is as long
	face   face
	size   float64
	text   string
	parts  []part
}

func (p *Picture) add(m mark) { p.marks = append(p.marks, m) }

func (p *Picture) fill(c Colour, r ...rect) { p.add(mark{kind: boxes, colour: c, rects: r}) }

func (p *Picture) dashed(c Colour, width, dash float64, at ...point) {
	p.add(mark{kind: stroke, colour: c, width: width, dash: dash, points: at})
}

func (p *Picture) area(c Colour, at ...point) { p.add(mark{kind: polygon, colour: c, points: at}) }

func (p *Picture) disc(c Colour, x, y, radius float64) {
	p.add(mark{kind: disc, colour: c, width: radius, points: []point{{x, y}}})
}

// align says which end of a line of text stands at its place.
type align uint8

const (
	left align = iota
	middle
	right
)

// style is how text is set.
type style struct {
	face   face
	size   float64
	colour Colour
}

// text writes a line with its baseline at y and gives its width.
func (p *Picture) text(s style, x, y float64, a align, text string) float64 {
	w := s.face.width(text, s.size)
	switch a {
	case middle:
		x -= w / 2
	case right:
		x -= w
	}
	if text != "" {
		p.add(mark{kind: words, colour: s.colour, points: []point{{x, y}}, face: s.face, size: s.size, text: text})
	}
	return w
}
