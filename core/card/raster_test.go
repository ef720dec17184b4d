package card

import (
	"math"
	"testing"
)

// area sums the ink on a canvas in pixels: black on white, by the shade of each.
func area(c *canvas) float64 {
	sum := 0.0
	for _, i := range c.pix {
		r, _, _ := c.palette[i].channels()
		sum += 1 - float64(r)/255
	}
	return sum
}

// What is painted has the area of what was asked for: 16 shades leave at most a few percent of an edge's pixels.
func TestPaintedAreas(t *testing.T) {
	for _, c := range []struct {
		name string
		mark mark
		want float64
	}{
		{"box on whole pixels", mark{kind: boxes, rects: []rect{{3, 4, 20, 10}}}, 200},
		{"box between pixels", mark{kind: boxes, rects: []rect{{3.5, 4.25, 20, 10}}}, 200},
		{"triangle", mark{kind: polygon, points: []point{{10, 10}, {90, 10}, {10, 70}}}, 2400},
		{"disc", mark{kind: disc, points: []point{{50, 50}}, width: 20}, math.Pi * 400},
		{"line", mark{kind: stroke, points: []point{{10, 10}, {90, 70}}, width: 4}, 400},
		{"line with a gentle corner", mark{kind: stroke, points: []point{{10, 50}, {50, 52}, {90, 50}}, width: 3}, 3 * 2 * math.Hypot(40, 2)},
		{"dashes, half of them left out", mark{kind: stroke, points: []point{{5, 50}, {85, 50}}, width: 2, dash: 4}, 80},
		{"nothing", mark{kind: stroke, points: []point{{5, 50}, {5, 50}}, width: 2}, 0},
		{"outside", mark{kind: polygon, points: []point{{-10, 10}, {90, 10}, {10, 70}}}, 0},
		{"box over the edge", mark{kind: boxes, rects: []rect{{95, 95, 20, 20}}}, 25},
	} {
		canvas := newCanvas(100, 100, 0xFFFFFF)
		canvas.mark(&c.mark)
		if got := area(canvas); math.Abs(got-c.want) > 0.02*c.want+0.01 {
			t.Errorf("%s: got %.1f pixels of ink, want %.1f", c.name, got, c.want)
		}
	}
}

func TestColoursOfMarksAreKeptWhenThePaletteIsFull(t *testing.T) {
	p := newPicture(200, 200, Light)
	for i := range 300 {
		p.disc(Colour(uint32(i)*0x010407), 100, 100, float64(3+i%90))
	}
	p.fill(0x1D4482, rect{0, 0, 10, 10})
	c := newCanvas(p.Width, p.Height, 0xFFFFFF)
	c.colour(0x1D4482)
	for i := range p.marks {
		c.mark(&p.marks[i])
	}
	if got := c.palette[c.pix[5*200+5]]; got != 0x1D4482 {
		t.Errorf("got %v, want #1D4482", got)
	}
	if len(c.palette) > 256 {
		t.Errorf("the palette has %d colours", len(c.palette))
	}
}
