package report_test

import (
	"encoding/csv"
	"math"
	"os"
	"sort"
	"strings"
	"testing"

	"moecost/core/report"
	"moecost/core/serving"
)

// TestAccuracyRows compares what the page embeds with the table that it was made
// from: every row, and its errors by class counted again.
func TestAccuracyRows(t *testing.T) {
	rows, classes := report.Accuracy()
	text, err := os.ReadFile("../../assets/measurements/predicted.csv")
	if err != nil {
		t.Fatal(err)
	}
	long, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(long)-1 {
		t.Errorf("%d rows, the table has %d", len(rows), len(long)-1)
	}
	sources := map[string]int{}
	for _, r := range long[1:] {
		sources[r[13]]++
	}
	errors := map[string][]float64{}
	for i, r := range rows {
		sources[r.Source]--
		if r.Class == "" || r.Model == "" || r.GPU == "" || r.Engine == "" || r.GPUs < 1 || !(r.Measured > 0) || !(r.Predicted > 0) {
			t.Errorf("row %d is incomplete: %+v", i+1, r)
		}
		if !r.LeftOut {
			errors[r.Class] = append(errors[r.Class], math.Abs(r.Predicted/r.Measured-1))
		}
	}
	for source, n := range sources {
		if n != 0 {
			t.Errorf("%s: %d rows too few", source, n)
		}
	}
	for _, c := range classes {
		e := errors[c.Name]
		sort.Float64s(e)
		if len(e) != c.Rows && !strings.HasPrefix(c.Name, "burst") && !strings.HasPrefix(c.Name, "experts") {
			t.Errorf("%s: %d rows counted, %d listed", c.Name, c.Rows, len(e))
			continue
		}
		// Rows keep three digits of both figures: their ratio is 1 % off at most.
		if len(e) > 0 && math.Abs(e[len(e)/2]-c.Median) > 0.02 {
			t.Errorf("%s: median error %.3f, counted again %.3f", c.Name, c.Median, e[len(e)/2])
		}
		if c.Low > 0 && (c.NearbyHigh/c.NearbyLow > c.High/c.Low || c.Low > 1 || c.High < 1) {
			t.Errorf("%s: ranges %g to %g, %g to %g after one measurement", c.Name, c.Low, c.High, c.NearbyLow, c.NearbyHigh)
		}
	}
	for k := range serving.ClassCount {
		found := k == serving.Unmeasured
		for _, c := range classes {
			found = found || c.Name == k.String()
		}
		if !found {
			t.Errorf("class %s has no errors", k)
		}
	}
}
