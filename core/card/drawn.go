package card

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"moecost/core/story"
)

// Drawing is a chart as the page's library drew it at build time: SVG, in which colours are named by the tokens of the
// style sheet, "var(--ink-2)", and text is text.
type Drawing struct {
	SVG           string
	Width, Height float64
}

// Drawn is a figure of the page as a file of its own: a drawing under the figure's title, unit and what it is of,
// above its source, in the literal colours of a theme and with its text as outlines. Link says where more is, as people
// write an address; it may be empty. The fragment "#plot" of the file shows the drawing alone.
//
// The error says what of the drawing is not known here, or which character the fonts have not.
func Drawn(f story.Frame, of story.Text, d Drawing, link string, t Theme) (*Picture, error) {
	parts, err := d.parts(t)
	if err != nil {
		return nil, fmt.Errorf("chart %q: %w", f.Chart, err)
	}
	p := newPicture(int(math.Ceil(d.Width+2*chartMargin)), 0, t)
	p.Title, p.Description = f.Title, f.Name
	p.fill(t.Line, rect{chartMargin, 20, d.Width, 1})
	var lacking rune
	lines := func(size, leading float64, face face, c Colour, text string, y float64) float64 {
		lacking = max(lacking, face.lacks(text))
		s := style{face, size, c}
		set := prose{plain: s, figure: s, quiet: s, leading: leading}
		if text == "" {
			return y - leading
		}
		return set.write(p, set.set(story.Text{{Text: text}}, d.Width), chartMargin, y)
	}
	y := lines(22, 28, serif, t.Ink, f.Title, 50)
	y = lines(13.5, 19, sans, t.Ink3, plain(of), y+25)
	y = lines(13.5, 19, sans, t.Ink3, f.Unit, y+19)
	p.plot = rect{chartMargin, y + 20, d.Width, d.Height}
	p.add(mark{kind: drawn, points: []point{{p.plot.x, p.plot.y}}, parts: parts})
	y = p.plot.y + d.Height + 16
	p.fill(t.Rule, rect{chartMargin, y, d.Width, 1})
	y = lines(13, 18, sans, t.Ink3, plain(f.Source), y+22) + 26
	p.logo(chartMargin, y-12, 15)
	p.text(style{sansBold, 14.5, t.Ink}, chartMargin+22, y, left, "moecost")
	p.text(style{sans, 13, t.Ink3}, chartMargin+d.Width, y, right, link)
	p.Height = int(math.Ceil(y + 20))
	for i := range parts {
		lacking = max(lacking, parts[i].face.lacks(parts[i].text))
	}
	if lacking != 0 {
		return nil, fmt.Errorf("chart %q: the fonts have no %q (U+%04X): write it otherwise, or add it to assets/fonts", f.Chart, lacking, lacking)
	}
	return p, nil
}

// part is a piece of a drawing: markup as it stands, or a text.
type part struct {
	markup string

	text      string
	face      face
	size      float64
	place     string  // transform to the text's anchor
	x, y      float64 // of the left end of the baseline from there
	paint     string  // attributes of what is filled
	halo      string  // attributes of the line drawn around it first; empty for none
	haloWidth float64
}

// parts takes a drawing apart, in the colours of a theme.
func (d Drawing) parts(t Theme) ([]part, error) {
	svg := t.recolour(d.SVG)
	if at := strings.Index(svg, "var("); at >= 0 {
		return nil, fmt.Errorf("%.24q: a colour that no theme has", svg[at:])
	}
	start := strings.IndexByte(svg, '>')
	inner, closed := strings.CutSuffix(svg[start+1:], "</svg>")
	if !strings.HasPrefix(svg, "<svg ") || !closed {
		return nil, fmt.Errorf("%.24q…: this is no SVG", svg)
	}
	var parts []part
	for inner != "" {
		before, rest, found := strings.Cut(inner, "<text ")
		parts = append(parts, part{markup: before})
		if !found {
			break
		}
		attributes, rest, _ := strings.Cut(rest, ">")
		content, after, closed := strings.Cut(rest, "</text>")
		if !closed || strings.Contains(content, "<") {
			return nil, fmt.Errorf("%.40q: only plain text is known here", content)
		}
		p, err := textPart(attributes, unescape.Replace(content))
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
		inner = after
	}
	return parts, nil
}

var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#39;", "'", "&amp;", "&")

// central is how far the baseline lies below the middle of a line that dominant-baseline="central" speaks of, in
// em: half of ascent less descent, 1.024 and 0.4 in both families.
const central = (1.024 - 0.4) / 2

// textPart reads the attributes that prerendering leaves on a text.
func textPart(attributes, text string) (part, error) {
	p := part{text: text, face: sans, size: 13.5}
	anchor := "start"
	for attributes = strings.TrimSpace(attributes); attributes != ""; attributes = strings.TrimSpace(attributes) {
		name, rest, _ := strings.Cut(attributes, `="`)
		value, rest, closed := strings.Cut(rest, `"`)
		if !closed {
			return part{}, fmt.Errorf("text %.24q: its attributes cannot be read", text)
		}
		attributes = rest
		var err error
		switch name {
		case "dominant-baseline":
			if value != "central" {
				err = fmt.Errorf("%q is not known", value)
			}
			p.y += central
		case "text-anchor":
			anchor = value
		case "font-size":
			p.size, err = strconv.ParseFloat(strings.TrimSuffix(value, "px"), 64)
		case "font-weight":
			p.face = sansBold
		case "x", "y":
			// The offset of the middle from the anchor; the baseline is reckoned in em, once the size is known.
			var v float64
			v, err = strconv.ParseFloat(value, 64)
			if name == "x" {
				p.place += " translate(" + value + " 0)"
			} else if v != 0 {
				p.place += " translate(0 " + value + ")"
			}
		case "transform":
			p.place = value + p.place
		case "fill", "fill-opacity":
			p.paint += " " + name + `="` + value + `"`
		case "stroke", "stroke-opacity":
			p.halo += " " + name + `="` + value + `"`
		case "stroke-width":
			p.haloWidth, err = strconv.ParseFloat(value, 64)
		case "paint-order", "stroke-miterlimit", "stroke-linejoin":
		default:
			err = fmt.Errorf("is not known here")
		}
		if err != nil {
			return part{}, fmt.Errorf("text %.24q: %s: %w", text, name, err)
		}
	}
	p.y *= p.size
	width := p.face.width(text, p.size)
	switch anchor {
	case "middle":
		p.x = -width / 2
	case "end":
		p.x = -width
	}
	return p, nil
}

// drawing writes the parts at a place.
func (w *svg) drawing(m *mark) {
	w.put(`<g stroke-linejoin="bevel" transform="translate(`)
	w.pair(m.points[0].x, m.points[0].y)
	w.put(`)">`)
	for i := range m.parts {
		p := &m.parts[i]
		w.put(p.markup)
		if p.text == "" {
			continue
		}
		if p.halo != "" && p.haloWidth > 0 {
			// All of the line, and then all of the letters: that of one must not cover the one before.
			w.put(`<g fill="none"`, p.halo, ` stroke-linejoin="round" stroke-width="`)
			w.number(p.haloWidth * coarseEm / p.size)
			w.put(`"`)
			w.letters(p)
		}
		w.put(`<g`, p.paint)
		w.letters(p)
	}
	w.put("</g>")
}

// letters writes the rest of a group that holds a text.
func (w *svg) letters(p *part) {
	w.put(` transform="`, p.place, ` translate(`)
	w.pair(p.x, p.y)
	w.put(") scale(")
	w.out = strconv.AppendFloat(w.out, p.size/coarseEm, 'g', 5, 64)
	w.put(`)">`)
	w.glyphsOf(p.face, p.text)
	w.put("</g>")
}

// recolour puts a theme's colours for the tokens of the style sheet, and for the mixtures that charts make of the
// light ones.
func (t Theme) recolour(svg string) string {
	var pairs []string
	light, own := Light.tokens(), t.tokens()
	for i := range own {
		pairs = append(pairs, "var(--"+own[i].name+")", own[i].colour.String())
	}
	if t.Name != Light.Name {
		for i := range own {
			pairs = append(pairs,
				mix(light[i].colour, Light.Ink, 0.45).String(), mix(own[i].colour, t.Ink, 0.45).String(),
				mix(light[i].colour, Light.Paper, 0.45).String(), mix(own[i].colour, t.Paper, 0.45).String())
		}
	}
	return strings.NewReplacer(pairs...).Replace(svg)
}

type token struct {
	name   string
	colour Colour
}

// tokens are the colours under the names of the style sheet, those of text on filled marks among them.
func (t Theme) tokens() []token {
	onDark, onLight := Colour(0xFEFEFE), Colour(0x16191C)
	if t.Name == Dark.Name {
		onDark, onLight = 0x0D1113, 0x15181B
	}
	return []token{
		{"paper", t.Paper}, {"ink", t.Ink}, {"ink-2", t.Ink2}, {"ink-3", t.Ink3}, {"edge", t.Edge}, {"line", t.Line}, {"rule", t.Rule},
		{"routed", t.Routed}, {"shared", t.Shared}, {"dense", t.Dense}, {"attention", t.Attention}, {"embedding", t.Embedding}, {"router", t.Router},
		{"kv", t.KV}, {"activations", t.Activations}, {"comm", t.Comm}, {"runtime", t.Runtime},
		{"resident", t.Resident}, {"resident-edge", t.ResidentEdge}, {"touched", t.Touched}, {"computed", t.Computed},
		{"on-dark", onDark}, {"on-light", onLight},
	}
}
