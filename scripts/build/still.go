package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
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
	case "draft":
		return []box{{"medium", 1040, 380}, {"narrow", 358, 320}}
	case "boards":
		return []box{{"wide", 1040, 300}, {"medium narrow", 358, 460}}
	case "tail":
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

// drawing is one line of what prerender.mjs reads, and with SVG of what it writes.
type drawing struct {
	Name   string          `json:"name"`
	Width  int             `json:"width"`
	Height int             `json:"height"`
	Option json.RawMessage `json:"option,omitempty"`
	SVG    string          `json:"svg,omitempty"`
}

// draw draws charts in all their boxes, without a browser.
func draw(names []string, option func(name string, b box) (json.RawMessage, error)) (map[string][]still, error) {
	var input bytes.Buffer
	var classes []string
	for _, name := range names {
		for _, b := range boxes(name) {
			o, err := option(name, b)
			if err != nil {
				return nil, fmt.Errorf("chart %q at %d × %d: %w", name, b.Width, b.Height, err)
			}
			line, err := json.Marshal(drawing{Name: name, Width: b.Width, Height: b.Height, Option: o})
			if err != nil {
				return nil, err
			}
			input.Write(line)
			input.WriteByte('\n')
			classes = append(classes, b.Class)
		}
	}
	if input.Len() == 0 {
		return nil, nil
	}
	out, err := runWith("site", input.Bytes(), nil, "node", "js/prerender.mjs")
	if err != nil {
		return nil, err
	}
	stills := map[string][]still{}
	decoder := json.NewDecoder(bytes.NewReader(out))
	for _, class := range classes {
		var d drawing
		if err := decoder.Decode(&d); err != nil {
			return nil, fmt.Errorf("prerender: %w", err)
		}
		stills[d.Name] = append(stills[d.Name], still{class, template.HTML(d.SVG)})
	}
	return stills, nil
}
