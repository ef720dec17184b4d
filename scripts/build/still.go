package main

import (
	"html/template"

	"moecost/core/story"
)

// still is a chart drawn at build time, laid out for one width of its box.
type still struct {
	Class string        // which boxes show it: "wide", "medium" or "narrow", as chart.css has them
	SVG   template.HTML // made by the chart library from our own options
}

// box is a size that a chart's box has, in CSS pixels.
type box struct {
	Class         string
	Width, Height int
}

// boxes are the sizes for which a chart is drawn at build time: the width it
// gets on a screen of 1440 and on a phone of 390, and for the first ones what
// they get on a tablet. The heights are those of site/css/chart.css.
func boxes(name string) []box {
	switch name {
	case "ledger":
		return []box{{"wide", 1040, 218}, {"medium", 600, 218}, {"narrow", 358, 88}}
	case "models":
		return []box{{"wide medium", 587, 470}, {"narrow", 358, 400}}
	case "draft", "chunk":
		return []box{{"medium", 1040, 380}, {"narrow", 358, 320}}
	case "boards":
		return []box{{"wide", 1040, 300}, {"medium narrow", 358, 460}}
	case "tornado":
		return []box{{"medium", 1040, 380}, {"narrow", 358, 320}}
	case "tail", "pareto":
		return []box{{"wide medium", 587, 380}, {"narrow", 358, 320}}
	case "accuracy": // over a thousand points: one drawing serves all widths
		return []box{{"wide medium narrow", 496, 380}}
	case "ranks", "placed", "imbalance", "spare":
		return []box{{"medium", 496, 280}, {"narrow", 358, 250}}
	case "traffic":
		return []box{{"medium", 496, 200}, {"narrow", 358, 200}}
	}
	return []box{{"medium", 496, 380}, {"narrow", 358, 320}}
}

// stills draws charts in all their boxes.
func (a *answer) stills(d *drawers, frames []story.Frame) (map[string][]still, error) {
	drawn := map[string][]still{}
	for _, f := range frames {
		for _, b := range boxes(f.Chart) {
			svg, err := a.draw(d, f.Chart, b)
			if err != nil {
				return nil, err
			}
			drawn[f.Chart] = append(drawn[f.Chart], still{b.Class, template.HTML(svg)})
		}
	}
	return drawn, nil
}
