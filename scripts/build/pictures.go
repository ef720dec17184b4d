package main

import (
	"moecost/core/card"
	"moecost/core/story"
)

// pictureBox is the size of a chart's drawing in its file. It is that of the still on a wide screen where that has
// half the page; the charts of the whole width get about the room that a column of text has.
func pictureBox(name string) box {
	switch name {
	case "ledger":
		return box{"", 720, 218} // narrower, leaders cross the names of others
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
	b := pictureBox(f.Chart)
	svg, err := p.answer.draw(d, f.Chart, b)
	if err != nil {
		return err
	}
	drawing := card.Drawing{SVG: svg, Width: float64(b.Width), Height: float64(b.Height)}
	for _, t := range themes {
		picture, err := card.Drawn(f, p.answer.page.Kicker, drawing, readable(p.Origin, p.Path()), t.theme)
		if err != nil {
			return err
		}
		if err := o.publish(p.Path()+f.Chart+t.suffix+".svg", picture.SVG()); err != nil {
			return err
		}
	}
	return nil
}
