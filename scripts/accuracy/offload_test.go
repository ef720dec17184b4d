package main

import (
	"math"
	"os"
	"testing"
)

// TestOffloadRows holds the errors of rows that no constant was fitted on: a median of 20 % was aimed at.
func TestOffloadRows(t *testing.T) {
	const dir = "../../assets/measurements"
	rows, err := readOffload(dir)
	if err != nil {
		t.Fatal(err)
	}
	predicted, _ := offloadPredictions(rows)
	var errs []float64
	for i, r := range rows {
		if r.skipped == "" {
			errs = append(errs, math.Abs(predicted[i]/r.measured-1))
		}
	}
	if m := quantile(errs, 0.5); m > 0.2 || len(errs) < 70 {
		t.Errorf("a median error of %.1f %% on %d rows", 100*m, len(errs))
	}
	if testing.Verbose() {
		if err := offloadTables(os.Stdout, dir); err != nil {
			t.Fatal(err)
		}
	}
}

// TestOffloadClasses holds the lines of classes.csv to the rows; 0.03 leaves room for constants of the step
// that have moved since it was written.
func TestOffloadClasses(t *testing.T) {
	const dir = "../../assets/measurements"
	lines, err := offloadClasses(dir)
	if err != nil {
		t.Fatal(err)
	}
	written, err := readTable(dir, "classes.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		found := false
		for _, w := range written {
			if w["class"] != line[0] {
				continue
			}
			found = true
			if w["rows"] != line[1] || w["configurations"] != line[2] {
				t.Errorf("%v, written as %v", line, w)
			}
			for i, column := range []string{"median", "p80", "bias", "inside"} {
				if math.Abs(number(w[column], -1)-number(line[3+i], -2)) > 0.03 {
					t.Errorf("%v, written as %v", line, w)
				}
			}
		}
		if !found {
			t.Errorf("classes.csv lacks %v", line)
		}
	}
}
