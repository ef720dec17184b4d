package main

import (
	"moecost/core/card"
	"moecost/core/story"
)

// pictureBox is the size of a chart's drawing in its file. It is that of the still on a wide screen where that has
// half the page; the charts of the whole width get about the room that a column of text has.
func pictureBox(name string) box {
	switch name {
	case "boards":
		return box{"", 800, 230} // in a row
	case "draft", "chunk":
		return box{"", 720, 380}
	}
	all := boxes(name)
	return all[0]
}

// pictures writes a chart as files of their own, light and dark.
func (o *output) pictures(d *drawers, p *presetPage, f story.Frame) error {
	for _, t := range themes {
		picture, err := p.picture(d, f, t.theme)
		if err != nil {
			return err
		}
		if err := o.publish(p.Path()+f.Chart+t.suffix+".svg", picture.SVG()); err != nil {
			return err
		}
	}
	return nil
}

func (p *presetPage) picture(d *drawers, f story.Frame, theme card.Theme) (*card.Picture, error) {
	if f.Chart == "ledger" {
		// On the page the account beside it names every part of the bar; the card's drawing has the account in it.
		if picture, ok := card.Chart(f, p.answer.page.Kicker, p.answer.report, theme); ok {
			return picture, nil
		}
	}
	b := pictureBox(f.Chart)
	svg, err := p.answer.draw(d, f.Chart, b)
	if err != nil {
		return nil, err
	}
	drawing := card.Drawing{SVG: svg, Width: float64(b.Width), Height: float64(b.Height)}
	return card.Drawn(f, p.answer.page.Kicker, drawing, readable(p.Origin, p.Path()), theme)
}
