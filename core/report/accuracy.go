package report

import (
	"strconv"
	"strings"
	"sync"

	"moecost/assets"
	"moecost/core/arch/preset"
	"moecost/core/hardware"
	"moecost/core/serving"
)

// AccuracyRow is one measurement and what is predicted for it by constants that
// were not fitted on its configuration.
type AccuracyRow struct {
	_ [0]func() // no == for it: docs/size.md

	Class, Model, GPU, Engine string // as AllPublished and the accelerators name them, where they do
	ModelID, GPUID            string // of a link; a model without a preset has the name that it was published under
	GPUs                      int
	Measured, Predicted       float64 // seconds, or tokens/s where Rate
	Rate                      bool
	LeftOut                   bool   // shown, and neither fitted on nor counted: docs/accuracy.md says why
	Source                    string // address
}

// AccuracyClass is the errors of one class of predictions.
type AccuracyClass struct {
	_ [0]func() // no == for it: docs/size.md

	Name                  string
	Rows, Configurations  int
	Median, P80           float64 // absolute error as a share
	Bias                  float64 // median of predicted over measured time
	Inside                float64 // share of rows in the 80 % range; 0 for a class without one
	Low, High             float64 // the range, measured over predicted time; 0 if there is none
	NearbyLow, NearbyHigh float64 // after one measurement of the same configuration
}

// Accuracy lists the measurements and the errors by class. The slices are shared.
func Accuracy() ([]AccuracyRow, []AccuracyClass) {
	a := compared()
	return a.rows, a.classes
}

// Compared are the measurements that the scenario asks to see: all, or those of
// its model, its accelerator or its engine.
func (r *Report) Compared() []AccuracyRow {
	rows, _ := Accuracy()
	var keep func(*AccuracyRow) bool
	switch r.Scenario.Points {
	case "model":
		keep = func(a *AccuracyRow) bool { return a.ModelID == r.Scenario.Model }
	case "gpu":
		keep = func(a *AccuracyRow) bool { return a.GPUID == r.Scenario.GPU }
	case "engine":
		keep = func(a *AccuracyRow) bool { return a.Engine == r.Scenario.EngineName }
	default:
		return rows
	}
	var out []AccuracyRow
	for i := range rows {
		if keep(&rows[i]) {
			out = append(out, rows[i])
		}
	}
	return out
}

type comparison struct {
	rows    []AccuracyRow
	classes []AccuracyClass
}

var compared = sync.OnceValue(func() comparison {
	rows, sources, errors := assets.Accuracy()
	classes := readClasses(errors)
	return comparison{readCompared(rows, tableLines(sources), classes), classes}
})

// tableLines are the lines of a table behind its header.
func tableLines(text string) []string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	return lines[1:]
}

func readClasses(text string) []AccuracyClass {
	var out []AccuracyClass
	for _, line := range tableLines(text) {
		name, rest, quoted := strings.Cut(strings.TrimPrefix(line, `"`), `",`)
		if !quoted {
			name, rest, _ = strings.Cut(line, ",")
		}
		cells := strings.Split(rest, ",")
		number := func(i int) float64 { x, _ := strconv.ParseFloat(cells[i], 64); return x }
		c := AccuracyClass{
			Name: name, Rows: int(number(0)), Configurations: int(number(1)),
			Median: number(2), P80: number(3), Bias: number(4), Inside: number(5),
		}
		for k := range serving.ClassCount {
			if k.String() == name {
				w := serving.RangeOf(k)
				c.Low, c.High, c.NearbyLow, c.NearbyHigh = w.Low, w.High, w.NearbyLow, w.NearbyHigh
			}
		}
		out = append(out, c)
	}
	return out
}

// readCompared reads accuracy.csv; an empty cell is the one above it.
func readCompared(text string, sources []string, classes []AccuracyClass) []AccuracyRow {
	lines := tableLines(text)
	out := make([]AccuracyRow, len(lines))
	var above []string
	for i, line := range lines {
		cells := strings.Split(line, ",")
		for j := range cells {
			if cells[j] == "" {
				cells[j] = above[j]
			}
		}
		above = cells
		number := func(j int) float64 { x, _ := strconv.ParseFloat(cells[j], 64); return x }
		r := AccuracyRow{
			Class: classes[int(number(0))-1].Name, Model: cells[1], ModelID: cells[1], GPU: cells[2], GPUID: cells[2], GPUs: int(number(3)),
			Engine: cells[4], Rate: cells[5] != "s", LeftOut: cells[6] == "1", Source: sources[int(number(7))-1],
			Measured: number(8), Predicted: number(9),
		}
		if p, ok := preset.ByID(r.ModelID); ok {
			r.Model = p.Name
		}
		if a, ok := hardware.ByID(r.GPUID); ok {
			r.GPU = a.Name
		}
		if e, ok := serving.EngineByID(r.Engine); ok {
			r.Engine = e.Name
		}
		out[i] = r
	}
	return out
}

// measuredIn is the errors of one class.
func measuredIn(class serving.Class) AccuracyClass {
	for _, c := range compared().classes {
		if c.Name == class.String() {
			return c
		}
	}
	return AccuracyClass{}
}
