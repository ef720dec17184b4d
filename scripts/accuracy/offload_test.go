package main

import (
	"math"
	"os"
	"strings"
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

// TestOffloadClasses holds the lines of classes.csv to the rows.
func TestOffloadClasses(t *testing.T) {
	const dir = "../../assets/measurements"
	lines, err := offloadClasses(dir)
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(dir + "/classes.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		if text := strings.Join(line, ","); !strings.Contains(string(content), text) {
			t.Errorf("classes.csv lacks %s", text)
		}
	}
}
