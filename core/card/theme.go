package card

// Colour is 0xRRGGBB.
type Colour uint32

// Theme is one of the page's two palettes. The values stand in site/css/tokens.css
// too; a test compares them.
type Theme struct {
	Name string // "light" or "dark"

	Paper, Ink, Ink2, Ink3, Edge, Line, Rule Colour

	// Hue says what a thing is.
	Routed, Shared, Dense, Attention, Embedding, Router Colour
	KV, Activations, Comm, Runtime                      Colour

	// Fill says which count.
	Resident, ResidentEdge, Touched, Computed Colour
}

// Light and Dark are the palettes of the page.
var (
	Light = Theme{
		Name:  "light",
		Paper: 0xFFFFFF, Ink: 0x15181B, Ink2: 0x3F464E, Ink3: 0x505861, Edge: 0x7B838B, Line: 0x15181B, Rule: 0xDDE0DD,
		Routed: 0x1D4482, Shared: 0xA7CBEE, Dense: 0x3A724D, Attention: 0x40A9AA, Embedding: 0xCFD672, Router: 0x775FAB,
		KV: 0xE2882D, Activations: 0xF9E0C0, Comm: 0x78274B, Runtime: 0x747D7E,
		Resident: 0xE6EDF6, ResidentEdge: 0x7389A6, Touched: 0x6A96CE, Computed: 0x14386F,
	}
	Dark = Theme{
		Name:  "dark",
		Paper: 0x121517, Ink: 0xEDEFEC, Ink2: 0xC2C8CD, Ink3: 0xA9B1B8, Edge: 0x78818A, Line: 0x8E979E, Rule: 0x2D3337,
		Routed: 0x6AA5E5, Shared: 0x234D86, Dense: 0xA1DAC9, Attention: 0x408385, Embedding: 0xDFD99F, Router: 0x8766B9,
		KV: 0xF1AB35, Activations: 0x76591F, Comm: 0xEE6D70, Runtime: 0x485151,
		Resident: 0x18222D, ResidentEdge: 0x56708C, Touched: 0x3667A3, Computed: 0xD6E7FC,
	}
)

// ThemeByName finds a palette; light is what there is without one.
func ThemeByName(name string) Theme {
	if name == Dark.Name {
		return Dark
	}
	return Light
}

// onMark is the colour of text on a filled mark: paper on dark fills, ink on light ones. Fills
// darker than middle grey (L* 50, relative luminance 0.18) take light text.
func onMark(fill Colour) Colour {
	if luminance(fill) < 0.18 {
		return 0xFFFFFF
	}
	return 0x15181B
}

// luminance is approximately the relative luminance of WCAG 2, with a gamma of 2.
func luminance(c Colour) float64 {
	r, g, b := c.channels()
	square := func(v uint8) float64 { return float64(v) / 255 * float64(v) / 255 }
	return 0.2126*square(r) + 0.7152*square(g) + 0.0722*square(b)
}

func (c Colour) channels() (r, g, b uint8) { return uint8(c >> 16), uint8(c >> 8), uint8(c) }

// mix blends two colours; share is that of the second.
func mix(a, b Colour, share float64) Colour {
	var out Colour
	for shift := 16; shift >= 0; shift -= 8 {
		x, y := float64(a>>shift&255), float64(b>>shift&255)
		out |= Colour(x*(1-share)+y*share+0.5) << shift
	}
	return out
}

const hexDigits = "0123456789ABCDEF"

// String is "#1D4482".
func (c Colour) String() string {
	b := []byte("#000000")
	for i := range 6 {
		b[6-i] = hexDigits[c>>(4*i)&15]
	}
	return string(b)
}
