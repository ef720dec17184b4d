package story

import (
	"moecost/core/quantity"
	"moecost/core/report"
)

// accuracy is the section that says how far to trust the times.
func (v *voice) accuracy() Section {
	_, classes := report.Accuracy()
	s := Section{ID: "accuracy", Name: "How accurate is this?"}
	s.Finding = say("Bytes are counted; times are predicted, and the range says how well.")
	s.Prose = say("Weights, cache and experts are counted from the architecture. Times come from a model of a step whose few constants are fitted on " +
		"published measurements; each row here was predicted by constants that never saw its configuration. Comparisons inside one configuration are far more certain than the absolute figure: " +
		"the last column of the errors is what is left of the range after one measurement of your own.")
	s.Frames = []Frame{v.accuracyFrame(v.r.Compared()), v.errorsFrame(classes)}
	return s
}

func (v *voice) accuracyFrame(rows []report.AccuracyRow) Frame {
	f := Frame{
		Chart: "accuracy", Title: "Predicted against measured",
		Unit:   quantity.Integer(int64(len(rows))) + " measurements; filled: this model on this accelerator",
		Source: say("Benchmarks published by others; each point names its source"),
	}
	if len(rows) == 0 {
		f.Empty = Text{words("No measurement of this kind is known. "), {Text: "Show all", Apply: applied(v.ask, "points=all")}}
		return f
	}
	t := Table{Columns: []Column{{Name: "Model"}, {Name: "Measured", Numeric: true}, {Name: "Predicted", Numeric: true}, {Name: "On"}, {Name: "Class"}, {Name: "Source", Link: true}}}
	for i, a := range rows {
		if i == mostCompared {
			t.Rows = append(t.Rows, Row{Head: quantity.Integer(int64(len(rows)-i)) + " more", Cells: []string{"", "", "choose model, GPU or engine", "", ""}})
			break
		}
		kind := quantity.Seconds
		if a.Rate {
			kind = quantity.TokensPerSecond
		}
		row := Row{Head: a.Model, Cells: []string{
			kind.Text(v.units, a.Measured), kind.Text(v.units, a.Predicted), quantity.Integer(int64(a.GPUs)) + " × " + a.GPU + ", " + a.Engine, a.Class, a.Source}}
		if a.LeftOut {
			row.Cells[3] += ", left out"
		}
		t.Rows = append(t.Rows, row)
	}
	f.Table = t
	f.Name = "Predicted against measured times of " + quantity.Integer(int64(len(rows))) + " published measurements"
	return f
}

// mostCompared bounds the table of measurements: the rest is a choice away.
const mostCompared = 60

func (v *voice) errorsFrame(classes []report.AccuracyClass) Frame {
	t := Table{Columns: []Column{{Name: "Class"}, {Name: "Rows", Numeric: true}, {Name: "Median", Unit: "%", Numeric: true},
		{Name: "80\u202f% below", Unit: "%", Numeric: true}, {Name: "Inside", Unit: "%", Numeric: true}, {Name: "Range", Numeric: true}, {Name: "Measured once", Numeric: true}}}
	for _, c := range classes {
		row := Row{Head: c.Name, Cells: []string{
			quantity.Integer(int64(c.Rows)), quantity.Fixed(100*c.Median, 0), quantity.Fixed(100*c.P80, 0),
			inside(c), factor(c.Low, c.High), factor(c.NearbyLow, c.NearbyHigh)}}
		if v.r.Decode != nil && v.r.Decode.Class == c.Name {
			row.Kind = RowChosen
		}
		t.Rows = append(t.Rows, row)
	}
	return Frame{
		Chart: "errors", Title: "Errors by class", Unit: "Of rows that the constants were not fitted on; range and what one measurement leaves of it: measured over predicted", TableOnly: true,
		Source: say("Six-fold cross-validation over whole configurations"), Table: t, Name: "Errors by class of prediction",
	}
}

// inside is the share of rows in the range, where the class has one.
func inside(c report.AccuracyClass) string {
	if c.Low == 0 && c.High == 0 {
		return quantity.Unknown
	}
	return quantity.Fixed(100*c.Inside, 0)
}

// factor is a range of measured over predicted: "0.74–1.28×".
func factor(low, high float64) string {
	if low == 0 && high == 0 {
		return quantity.Unknown
	}
	return quantity.Fixed(low, 2) + "–" + quantity.Fixed(high, 2) + "×"
}
