package main

import (
	"bytes"
	"fmt"
	"html/template"

	"moecost/core/chart"
	"moecost/core/report"
	"moecost/core/scenario"
	"moecost/core/story"
)

// comparePath is the page of scenarios side by side.
const comparePath = "/compare/"

// compareExample is what it shows until somebody asks for others: one model on three deployments that hold it.
const compareExample = "gpus=16&b.gpu=h200&b.gpus=8&c.gpu=b200&c.gpus=8"

// compareView is what its template sees.
type compareView struct {
	Origin, Query string
	Said          story.Comparison
	Frames        []frameView
	Lists         []compareList
}

type compareList struct {
	Key     string
	Choices []scenario.Choice
}

// compare writes the page, its styles and its script.
func (o *output) compare(d *drawers) error {
	css, err := esbuild("css/compare.css")
	if err != nil {
		return err
	}
	if err := o.asset("compare.css", css); err != nil {
		return err
	}
	exec, err := wasmExec()
	if err != nil {
		return err
	}
	files, err := o.fetchedFlag()
	if err != nil {
		return err
	}
	script, err := esbuild("js/compare.mjs", "--format=esm", "--alias:wasm_exec="+exec, "--external:util", "--log-level=error", files)
	if err != nil {
		return err
	}
	if err := o.asset("compare.js", bytes.TrimSpace(script)); err != nil {
		return err
	}
	v, err := newCompareView(d)
	if err != nil {
		return err
	}
	templates, err := o.templates()
	if err != nil {
		return err
	}
	html, err := render(templates, "compare", v)
	if err != nil {
		return err
	}
	return o.publish(comparePath+"index.html", html)
}

func newCompareView(d *drawers) (*compareView, error) {
	catalogue := report.Catalogue()
	asks, problems := catalogue.DecodeColumns(compareExample)
	if len(problems) > 0 {
		return nil, fmt.Errorf("compare: %v", problems)
	}
	reports, faults := make([]*report.Report, len(asks)), make([]error, len(asks))
	for i, ask := range asks {
		if reports[i], faults[i] = report.Build(report.Question{Scenario: ask}); faults[i] != nil {
			return nil, faults[i]
		}
	}
	v := &compareView{Origin: origin(), Query: compareExample, Said: story.Compare(asks, reports, faults)}
	for _, f := range v.Said.Frames {
		frame := frameView{Frame: f}
		for _, b := range boxes(f.Chart) {
			option, err := chart.DrawOverlay(f.Chart, reports, story.Letters, chart.Box{Width: float64(b.Width), Height: float64(b.Height)}, chart.Light)
			if err != nil {
				return nil, err
			}
			text, err := option.JSON()
			if err != nil {
				return nil, err
			}
			svg, err := d.draw(drawing{Name: f.Chart, Width: b.Width, Height: b.Height, Option: text})
			if err != nil {
				return nil, err
			}
			frame.Stills = append(frame.Stills, still{b.Class, template.HTML(svg)})
		}
		v.Frames = append(v.Frames, frame)
	}
	v.Lists = []compareList{{"model", catalogue.Models}, {"gpu", catalogue.GPUs}, {"engine", catalogue.Engines}}
	return v, nil
}
