package card

import (
	"strings"

	"moecost/core/board"
	"moecost/core/story"
)

// The social card: the size that link previews take, and where its parts stand.
const (
	cardWidth, cardHeight = 1200, 630

	cardMargin   = 64.0
	answerWidth  = 740.0
	boardWidth   = 236.0
	boardLeft    = cardWidth - cardMargin - boardWidth
	stripTop     = 452.0
	stripColumns = 4
)

// Social is the card that a link to the page shows: what is priced, the answer, the board of one
// layer, and four Figures of the strip.
func Social(page story.Page, t Theme) *Picture {
	p := newPicture(cardWidth, cardHeight, t)
	p.Title = page.Title
	p.Description = page.Description

	kicker := style{sans, 23, t.Ink3}
	p.text(kicker, cardMargin, 86, left, kicker.fitted(plain(page.Kicker), cardWidth-2*cardMargin))

	width := answerWidth
	if page.Board.Resident == 0 {
		width = cardWidth - 2*cardMargin
	}
	p.second(page.Second, p.answer(page.Answer, width), width)
	if page.Board.Resident > 0 {
		p.board(page.Board, boardLeft, 122)
	}
	p.strip(page.Strip)
	p.logo(cardMargin, 570, 26)
	p.text(style{sansBold, 25, t.Ink}, cardMargin+38, 592, left, "moecost")
	p.text(style{sans, 21, t.Ink3}, cardWidth-cardMargin, 591, right, "what it costs to serve a mixture of experts")
	return p
}

// answerSizes are tried from the largest: the answer may take the room over the strip.
var answerSizes = []float64{50, 46, 42, 38, 34, 30, 26}

// answerEnd is the last baseline over the strip.
const answerEnd = stripTop - 32

// answer writes the sentence and gives its last baseline.
func (p *Picture) answer(answer story.Text, width float64) float64 {
	const first = 162.0
	for i, size := range answerSizes {
		s := prose{
			plain: style{serif, size, p.theme.Ink}, figure: style{serifBold, size, p.theme.Ink},
			quiet: style{serif, size * 0.74, p.theme.Ink3}, underline: p.theme.Edge, leading: size * 1.32,
		}
		lines := s.set(answer, width)
		if first+s.leading*float64(len(lines)-1) > answerEnd && i+1 < len(answerSizes) {
			continue
		}
		return s.write(p, lines, cardMargin, first)
	}
	return first
}

// second writes the reason below the answer, if there is room for all of it.
func (p *Picture) second(reason story.Text, after, width float64) {
	s := prose{
		plain: style{serif, 27, p.theme.Ink2}, figure: style{serifBold, 27, p.theme.Ink}, quiet: style{serif, 20, p.theme.Ink3},
		underline: p.theme.Edge, leading: 39,
	}
	lines := s.set(reason, width)
	if first := after + 58; first+s.leading*float64(len(lines)-1) <= answerEnd {
		s.write(p, lines, cardMargin, first)
	}
}

// board is the picture of one layer, with its three counts below.
func (p *Picture) board(b story.Board, x, y float64) {
	t := p.theme
	height := p.cells(board.New(b.Resident, b.Touched, b.Computed), x, y, boardWidth, 196)
	y += height + 30
	for _, count := range []struct {
		fill, edge Colour
		value      string
		words      string
	}{
		{t.Computed, t.Computed, b.Counts.Computed.Text, "computed for a token"},
		{t.Touched, t.Touched, b.Counts.Touched.Text, "touched by a step"},
		{t.Resident, t.ResidentEdge, b.Counts.Resident.Text, "experts resident"},
	} {
		p.fill(count.edge, rect{x, y - 14, 16, 16})
		p.fill(count.fill, rect{x + 1, y - 13, 14, 14})
		w := p.text(style{sansBold, 20, t.Ink}, x+26, y, left, count.value)
		p.text(style{sans, 20, t.Ink2}, x+26+w+7, y, left, count.words)
		y += 29
	}
}

// cells draws a grid as large as fits, on whole pixels, and gives its height.
func (p *Picture) cells(grid board.Board, x, y, width, height float64) float64 {
	t := p.theme
	pitch := min(width/(float64(grid.Columns)-board.Gap), height/(float64(grid.Rows)-board.Gap))
	if pitch > 4 {
		pitch = float64(int(pitch))
	}
	gap := max(float64(int(pitch*board.Gap+0.5)), min(1, pitch*board.Gap))
	side := pitch - gap
	var hollow, inside, mid, solid []rect
	for cell, count := range grid.Cells {
		r := rect{x + float64(cell%grid.Columns)*pitch, y + float64(cell/grid.Columns)*pitch, side, side}
		switch count {
		case board.Computed:
			solid = append(solid, r)
		case board.Touched:
			mid = append(mid, r)
		default:
			hollow = append(hollow, r)
			if side > 3 {
				inside = append(inside, rect{r.x + 1, r.y + 1, side - 2, side - 2})
			}
		}
	}
	p.fill(t.ResidentEdge, hollow...)
	p.fill(t.Resident, inside...)
	p.fill(t.Touched, mid...)
	p.fill(t.Computed, solid...)
	return float64(grid.Rows)*pitch - gap
}

// chosenCells are the Figures of the strip that a card has room for: the first of these there are.
var chosenCells = []string{"Per token", "Million tokens out", "All users", "Weights", "Free on each GPU", "Fewest GPUs", "KV cache", "Room for"}

func (p *Picture) strip(cells []story.Cell) {
	t := p.theme
	chosen := map[string]bool{}
	for _, label := range chosenCells {
		for _, c := range cells {
			if c.Label == label && len(chosen) < stripColumns {
				chosen[label] = true
			}
		}
	}
	p.fill(t.Line, rect{cardMargin, stripTop, cardWidth - 2*cardMargin, 1})
	p.fill(t.Rule, rect{cardMargin, stripTop + 92, cardWidth - 2*cardMargin, 1})
	const column = (cardWidth - 2*cardMargin) / stripColumns
	x := cardMargin
	for _, c := range cells {
		if !chosen[c.Label] {
			continue
		}
		label, value, unit := style{sans, 20, t.Ink3}, style{sansBold, 31, t.Ink}, style{sans, 21, t.Ink}
		p.text(label, x, stripTop+31, left, label.fitted(c.Label, column-16))
		w := p.text(value, x, stripTop+70, left, value.fitted(c.Value.Text, column-16))
		if c.Unit != "" {
			w += 7 + p.text(unit, x+w+7, stripTop+70, left, c.Unit)
		}
		if c.Context != "" {
			quiet := style{sans, 19, t.Ink3}
			if quiet.face.width(c.Context, quiet.size) <= column-w-36 {
				p.text(quiet, x+w+12, stripTop+70, left, c.Context)
			}
		}
		x += column
	}
}

// logo is the board of four by four that stands for the tool.
func (p *Picture) logo(x, y, side float64) {
	t := p.theme
	pitch := side / (4 - board.Gap)
	cell := pitch * (1 - board.Gap)
	// As in site/icons/favicon.svg: 2 computed, 5 touched, 9 resident.
	const picture = "c-t-" + "-t-t" + "t-c-" + "-t--"
	for i, kind := range picture {
		r := rect{x + float64(i%4)*pitch, y + float64(i/4)*pitch, cell, cell}
		switch kind {
		case 'c':
			p.fill(t.Computed, r)
		case 't':
			p.fill(t.Touched, r)
		default:
			p.fill(t.Edge, r)
			p.fill(t.Paper, rect{r.x + 1, r.y + 1, cell - 2, cell - 2})
		}
	}
}

// plain is a text without buttons. The fonts have no raised B, which stands for the batch in formulas.
func plain(t story.Text) string {
	text := ""
	for _, s := range t {
		text += s.Text
		if s.Range != "" {
			text += " " + s.Range
		}
	}
	return strings.ReplaceAll(text, "ᴮ", "^B")
}
