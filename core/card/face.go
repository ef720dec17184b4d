package card

import (
	"sync"

	"moecost/assets/fonts"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// face is one weight of one family.
type face uint8

const (
	sans face = iota
	sansBold
	serif
	serifBold
)

// em is the units of the fonts' own design grid in one font size.
const em = 1000

var gridSize = fixed.I(em)

// typeface is a parsed font: what stands for each character that it has, and how wide that is.
type typeface struct {
	font   *sfnt.Font
	glyphs map[rune]form
}

// form is a character of a font. That of a character which the font lacks is 0, a box.
type form struct {
	glyph   sfnt.GlyphIndex
	advance int // in units of the design grid
}

var typefaces = [...]func() *typeface{
	sans:      parsed(fonts.Sans),
	sansBold:  parsed(fonts.SansSemibold),
	serif:     parsed(fonts.Serif),
	serifBold: parsed(fonts.SerifSemibold),
}

// blocks are where the characters of the subset lie: Latin, Greek, phonetic superscripts, and
// punctuation to mathematical operators.
var blocks = [][2]rune{{0x20, 0xFF}, {0x391, 0x3C9}, {0x1D2E, 0x1D2E}, {0x2009, 0x2265}}

func parsed(file func() []byte) func() *typeface {
	return sync.OnceValue(func() *typeface {
		f, err := sfnt.Parse(file())
		if err != nil {
			panic("card: a font of the site cannot be read: " + err.Error()) // it is embedded: a test sees it first
		}
		t := &typeface{font: f, glyphs: map[rune]form{}}
		var b sfnt.Buffer
		for _, block := range blocks {
			for r := block[0]; r <= block[1]; r++ {
				if i, err := f.GlyphIndex(&b, r); err == nil && i != 0 {
					t.glyphs[r] = form{i, t.advance(&b, i)}
				}
			}
		}
		t.glyphs[0] = form{0, t.advance(&b, 0)}
		return t
	})
}

func (t *typeface) advance(b *sfnt.Buffer, i sfnt.GlyphIndex) int {
	a, err := t.font.GlyphAdvance(b, i, gridSize, font.HintingNone)
	if err != nil {
		return em / 2
	}
	return a.Round()
}

// set gives each character of a line its form and its place, in units of the design grid, and
// the width of the whole.
func (f face) set(text string, each func(form, int)) int {
	t := typefaces[f]()
	var b sfnt.Buffer
	x, before := 0, sfnt.GlyphIndex(0)
	for _, r := range text {
		g, ok := t.glyphs[r]
		if !ok {
			g = t.glyphs[0]
		}
		if before != 0 && g.glyph != 0 {
			if k, err := t.font.Kern(&b, before, g.glyph, gridSize, font.HintingNone); err == nil {
				x += k.Round()
			}
		}
		if each != nil {
			each(g, x)
		}
		x += g.advance
		before = g.glyph
	}
	return x
}

// lacks gives the first character of a text that the font has no outline for, 0 if it has all.
func (f face) lacks(text string) rune {
	t := typefaces[f]()
	for _, r := range text {
		if _, ok := t.glyphs[r]; !ok {
			return r
		}
	}
	return 0
}

// width of a line of text in pixels.
func (f face) width(text string, size float64) float64 {
	return float64(f.set(text, nil)) * size / em
}

// outline is the contours of a glyph on the design grid, y downwards from the baseline, in 64ths. They
// are the buffer's until its next use.
func (f face) outline(b *sfnt.Buffer, g sfnt.GlyphIndex) sfnt.Segments {
	segments, err := typefaces[f]().font.LoadGlyph(b, g, gridSize, nil)
	if err != nil {
		return nil
	}
	return segments
}
