package card

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"slices"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/vector"
)

// PNG rasterises the picture at its own size. It has at most 256 colours, one byte a
// pixel: a card has few hues, and compressing what it has takes a quarter of the time of full colour.
func (p *Picture) PNG() ([]byte, error) {
	c := newCanvas(p.Width, p.Height, p.theme.Paper)
	for i := range p.marks {
		c.colour(p.marks[i].colour)
	}
	for i := range p.marks {
		c.mark(&p.marks[i])
	}
	palette := make(color.Palette, len(c.palette))
	for i, k := range c.palette {
		r, g, b := k.channels()
		palette[i] = color.NRGBA{r, g, b, 255}
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	err := encoder.Encode(&out, &image.Paletted{Pix: c.pix, Stride: p.Width, Rect: image.Rect(0, 0, p.Width, p.Height), Palette: palette})
	return out.Bytes(), err
}

// levels of coverage at an edge: how many shades lie between two colours.
const levels = 15

// canvas is an image of palette indices. Index 0 is the ground.
type canvas struct {
	width, height int
	pix           []uint8
	palette       []Colour
	index         map[Colour]uint8
	blends        map[uint8]*blend // by the colour on top

	rasterizer vector.Rasterizer
	mask       image.Alpha
	outlines   map[glyphKey]sfnt.Segments
	buffer     sfnt.Buffer
}

// blend remembers what a colour over others gives, by coverage and what is below; -1 is not known yet.
type blend [levels + 1][256]int16

func newCanvas(width, height int, ground Colour) *canvas {
	return &canvas{
		width: width, height: height, pix: make([]uint8, width*height), palette: []Colour{ground},
		index: map[Colour]uint8{ground: 0}, blends: map[uint8]*blend{}, outlines: map[glyphKey]sfnt.Segments{},
	}
}

// colour is the index of a colour of a mark. Marks' own colours come first, so that there is room.
func (c *canvas) colour(k Colour) uint8 {
	if i, ok := c.index[k]; ok {
		return i
	}
	if len(c.palette) == 256 {
		i, _ := c.nearest(k)
		return i
	}
	i := uint8(len(c.palette))
	c.palette = append(c.palette, k)
	c.index[k] = i
	return i
}

// shade is the index of a colour between two others: one that is there already if nobody could
// tell it apart, so that edges upon edges do not fill the palette.
func (c *canvas) shade(k Colour) uint8 {
	if i, far := c.nearest(k); far <= 4 {
		return i
	}
	return c.colour(k)
}

// nearest is the most similar colour there is, and by how much its channels differ at most.
func (c *canvas) nearest(k Colour) (at uint8, far int) {
	r, g, b := k.channels()
	apart := func(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }
	far = 256
	for i, other := range c.palette {
		x, y, z := other.channels()
		if d := max(apart(r, x), apart(g, y), apart(b, z)); d < far {
			at, far = uint8(i), d
		}
	}
	return at, far
}

// brush gives the table of a colour over others.
func (c *canvas) brush(k Colour) (uint8, *blend) {
	top := c.colour(k)
	b := c.blends[top]
	if b == nil {
		b = &blend{}
		for i := range b {
			for j := range b[i] {
				b[i][j] = -1
			}
		}
		c.blends[top] = b
	}
	return top, b
}

// over paints one pixel with a coverage from 0 to levels.
func (c *canvas) over(at int, top uint8, b *blend, level int) {
	below := c.pix[at]
	known := b[level][below]
	if known < 0 {
		known = int16(c.shade(mix(c.palette[below], c.palette[top], float64(level)/levels)))
		b[level][below] = known
	}
	c.pix[at] = uint8(known)
}

func (c *canvas) mark(m *mark) {
	switch m.kind {
	case boxes:
		for _, r := range m.rects {
			c.box(m.colour, r)
		}
	case polygon:
		c.shapes(m.colour, m.points)
	case stroke:
		c.shapes(m.colour, strokes(m.points, m.width, m.dash)...)
	case disc:
		c.shapes(m.colour, circle(m.points[0], m.width))
	case words:
		c.words(m)
	}
}

// box covers each pixel by the area of the box in it.
func (c *canvas) box(k Colour, r rect) {
	top, b := c.brush(k)
	for y := max(int(r.y), 0); y < min(int(math.Ceil(r.y+r.h)), c.height); y++ {
		part := math.Min(r.y+r.h, float64(y+1)) - math.Max(r.y, float64(y))
		for x := max(int(r.x), 0); x < min(int(math.Ceil(r.x+r.w)), c.width); x++ {
			share := part * (math.Min(r.x+r.w, float64(x+1)) - math.Max(r.x, float64(x)))
			if level := int(share*levels + 0.5); level > 0 {
				c.over(y*c.width+x, top, b, level)
			}
		}
	}
}

// shapes fills polygons of the same turn together, so that where they overlap they cover once.
func (c *canvas) shapes(k Colour, all ...[]point) {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, shape := range all {
		for _, p := range shape {
			x0, y0, x1, y1 = math.Min(x0, p.x), math.Min(y0, p.y), math.Max(x1, p.x), math.Max(y1, p.y)
		}
	}
	at, ok := c.begin(x0, y0, x1, y1)
	if !ok {
		return
	}
	for _, shape := range all {
		for i, p := range shape {
			x, y := float32(p.x-float64(at.X)), float32(p.y-float64(at.Y))
			if i == 0 {
				c.rasterizer.MoveTo(x, y)
			} else {
				c.rasterizer.LineTo(x, y)
			}
		}
		c.rasterizer.ClosePath()
	}
	c.end(k, at)
}

// words paints outlines one at a time: their boxes are small.
func (c *canvas) words(m *mark) {
	scale := m.size / em
	m.face.set(m.text, func(f form, x int) {
		key := glyphKey{m.face, f.glyph}
		segments, ok := c.outlines[key]
		if !ok {
			segments = slices.Clone(m.face.outline(&c.buffer, f.glyph))
			c.outlines[key] = segments
		}
		if len(segments) == 0 {
			return
		}
		left, base := m.points[0].x+float64(x)*scale, m.points[0].y
		b := segments.Bounds()
		unit := scale / 64
		at, ok := c.begin(left+float64(b.Min.X)*unit, base+float64(b.Min.Y)*unit, left+float64(b.Max.X)*unit, base+float64(b.Max.Y)*unit)
		if !ok {
			return
		}
		ox, oy := left-float64(at.X), base-float64(at.Y)
		place := func(s *sfnt.Segment, i int) (float32, float32) {
			return float32(ox + float64(s.Args[i].X)*unit), float32(oy + float64(s.Args[i].Y)*unit)
		}
		for i := range segments {
			s := &segments[i]
			x0, y0 := place(s, 0)
			switch s.Op {
			case sfnt.SegmentOpMoveTo:
				c.rasterizer.ClosePath()
				c.rasterizer.MoveTo(x0, y0)
			case sfnt.SegmentOpLineTo:
				c.rasterizer.LineTo(x0, y0)
			case sfnt.SegmentOpQuadTo:
				x1, y1 := place(s, 1)
				c.rasterizer.QuadTo(x0, y0, x1, y1)
			case sfnt.SegmentOpCubeTo:
				x1, y1 := place(s, 1)
				x2, y2 := place(s, 2)
				c.rasterizer.CubeTo(x0, y0, x1, y1, x2, y2)
			}
		}
		c.rasterizer.ClosePath()
		c.end(m.colour, at)
	})
}

// begin makes the rasterizer ready for a shape within a box, and says where its pixels begin.
// It fails for a box that is empty or reaches out of the canvas: nothing may be drawn there.
func (c *canvas) begin(x0, y0, x1, y1 float64) (image.Point, bool) {
	if !(x0 >= 0 && y0 >= 0 && x1 <= float64(c.width) && y1 <= float64(c.height) && x1 > x0 && y1 > y0) {
		return image.Point{}, false
	}
	left, top := int(x0), int(y0)
	c.rasterizer.Reset(int(math.Ceil(x1))-left, int(math.Ceil(y1))-top)
	c.rasterizer.DrawOp = draw.Src
	return image.Pt(left, top), true
}

// end paints what the rasterizer has been given.
func (c *canvas) end(k Colour, at image.Point) {
	size := c.rasterizer.Size()
	if n := size.X * size.Y; cap(c.mask.Pix) < n {
		c.mask.Pix = make([]uint8, n)
	}
	c.mask.Pix, c.mask.Stride, c.mask.Rect = c.mask.Pix[:size.X*size.Y], size.X, image.Rectangle{Max: size}
	c.rasterizer.Draw(&c.mask, c.mask.Rect, image.Opaque, image.Point{})
	top, b := c.brush(k)
	for y := range size.Y {
		row := (at.Y+y)*c.width + at.X
		for x, alpha := range c.mask.Pix[y*size.X : (y+1)*size.X] {
			if level := (int(alpha)*levels + 127) / 255; level > 0 {
				c.over(row+x, top, b, level)
			}
		}
	}
}
