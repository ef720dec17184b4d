package card

import (
	"strings"

	"moecost/core/story"
)

// prose is how a sentence of the page is set: its words, its Figures and their ranges.
type prose struct {
	plain, figure, quiet style
	underline            Colour // dotted, under Figures; 0 for none
	leading              float64
}

// run is a stretch of text of one style on a line.
type run struct {
	text    string
	style   style
	marked  bool // a Figure
	x, wide float64
}

// set breaks a sentence into lines no wider than width.
func (p prose) set(t story.Text, width float64) [][]run {
	var lines [][]run
	var line []run
	x := 0.0
	for _, word := range p.words(t) {
		wide := 0.0
		for _, r := range word {
			wide += r.wide
		}
		if x > 0 && x+wide-trailing(word) > width {
			lines = append(lines, line)
			line, x = nil, 0
		}
		for _, r := range word {
			r.x = x
			x += r.wide
			line = append(line, r)
		}
	}
	if line != nil {
		lines = append(lines, line)
	}
	return lines
}

// words cuts a sentence where it may be broken: after a space. A word may be of several styles,
// as "(25–35)" with a comma after it.
func (p prose) words(t story.Text) [][]run {
	var words [][]run
	var word []run
	put := func(text string, s style, marked bool) {
		for text != "" {
			end := strings.IndexByte(text, ' ') + 1
			piece := text
			if end > 0 {
				piece = text[:end]
			}
			word = append(word, run{text: piece, style: s, marked: marked, wide: s.face.width(piece, s.size)})
			if end > 0 {
				words, word = append(words, word), nil
			}
			text = text[len(piece):]
		}
	}
	for _, span := range t {
		switch {
		case span.Figure != "" || span.Strong:
			put(span.Text, p.figure, span.Figure != "")
		default:
			put(span.Text, p.plain, false)
		}
		if span.Range != "" {
			put("\u00a0"+span.Range, p.quiet, false) // it stays with its Figure
		}
	}
	if word != nil {
		words = append(words, word)
	}
	return words
}

// trailing is the width of the space after a word, which may hang over the edge.
func trailing(word []run) float64 {
	last := word[len(word)-1]
	if !strings.HasSuffix(last.text, " ") {
		return 0
	}
	return last.style.face.width(" ", last.style.size)
}

// write draws lines with the first baseline at y and gives the last one's.
func (p prose) write(pic *Picture, lines [][]run, x, y float64) float64 {
	for i, line := range lines {
		if i > 0 {
			y += p.leading
		}
		for _, r := range joined(line) {
			pic.text(r.style, x+r.x, y, left, r.text)
			if r.marked && p.underline != 0 {
				under := y + r.style.size*0.22
				dot := r.style.size / 16
				pic.dashed(p.underline, dot, dot, point{x + r.x, under}, point{x + r.x + r.wide - trailing([]run{r}), under})
			}
		}
	}
	return y
}

// joined puts neighbours of one style together, so that they are kerned as one text.
func joined(line []run) []run {
	var out []run
	for _, r := range line {
		if n := len(out) - 1; n >= 0 && out[n].style == r.style && out[n].marked == r.marked {
			out[n].text += r.text
			out[n].wide += r.wide
			continue
		}
		out = append(out, r)
	}
	return out
}

// fitted is a line of text cut with an ellipsis if it is wider than width.
func (s style) fitted(text string, width float64) string {
	if s.face.width(text, s.size) <= width {
		return text
	}
	runes := []rune(text)
	low, high := 0, len(runes) // low fits
	for high-low > 1 {
		half := (low + high) / 2
		if s.face.width(string(runes[:half])+"…", s.size) <= width {
			low = half
		} else {
			high = half
		}
	}
	return strings.TrimRight(string(runes[:low]), " ,") + "…"
}
