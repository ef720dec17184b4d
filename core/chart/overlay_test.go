package chart

import (
	"math"
	"strings"
	"testing"

	"moecost/core/compare"
	"moecost/core/report"
)

// Every scenario of a comparison has its line and its own point on it, inside the axes; one without a
// model to time, or none at all, has no line and takes none away.
func TestOverlays(t *testing.T) {
	all := []*report.Report{build(t, "gpus=16"), build(t, "gpu=b200&gpus=8&batch=512"), nil, build(t, "model=llama-3.1-70b&gpus=1&units=gib&eplb=static")}
	letters := []string{"A", "B", "C", "D"}
	for _, c := range compare.Curves {
		for _, box := range boxes[3:] {
			o, err := DrawOverlay(c.Name, all, letters, box, Light)
			if err != nil {
				t.Fatal(err)
			}
			lines, marks := 0, 0
			for _, s := range o.Series {
				if s.Type == "line" {
					lines++
				} else if s.Data[0].Tip != nil {
					marks++
				}
				for _, d := range s.Data {
					x, y := d.Value[0], d.Value[1]
					if x < o.XAxis.Min.(float64)*(1-1e-9) || x > o.XAxis.Max.(float64)*(1+1e-9) || y < o.YAxis.Min.(float64)*(1-1e-9) || y > o.YAxis.Max.(float64)*(1+1e-9) {
						t.Errorf("%s: %s: %v lies outside of the axes", c.Name, s.Name, d.Value)
					}
				}
			}
			want := 2 // the third does not fit, and a dense model has no experts
			if c.Name == "gpus" || c.Name == "kv" {
				want = 3
			}
			if lines != want {
				t.Errorf("%s: %d lines, want %d", c.Name, lines, want)
			}
			if marks > lines || marks == 0 {
				t.Errorf("%s: %d marks on %d lines", c.Name, marks, lines)
			}
			for _, g := range o.Graphic {
				if w := textWidth(g.Style.Text, fontSize, false); w > box.Width {
					t.Errorf("%s at %g: %q is %g wide", c.Name, box.Width, g.Style.Text, w)
				}
			}
		}
	}
	if _, err := DrawOverlay("pie", all, letters, boxes[3], Light); err == nil || !strings.Contains(err.Error(), "tpot") {
		t.Errorf("got %v, want an error that lists the charts", err)
	}
	if o, err := DrawOverlay("tpot", []*report.Report{nil, nil}, letters, boxes[3], Light); err != nil || len(o.Series) != 0 {
		t.Errorf("of nothing: %v, %v", o.Series, err)
	}
}

// A point of the scenario's own lies on its line where the line has that x.
func TestOverlayMarksLieOnTheirLines(t *testing.T) {
	for _, query := range append(queries, "gpus=32&ep=32&eplb=static&spare=32") {
		r := build(t, query)
		for _, c := range compare.Curves {
			x, y := c.Own(r)
			for _, p := range c.Line(r) {
				if p[0] == x && math.Abs(p[1]/y-1) > 1e-6 {
					t.Errorf("%s for %q: the mark is at %g, the line at %g, for %g", c.Name, query, y, p[1], x)
				}
			}
		}
	}
}
