package main

import (
	"math"
	"strings"
	"testing"
)

// Every row of tails.csv is predicted or says why not.
func TestTails(t *testing.T) {
	f, err := readFacts("../../assets/measurements")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := readTailRows(f)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 113 {
		t.Errorf("%d rows", len(rows))
	}
	if err := predictTails(rows); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		what := r.cells["model"] + ", " + r.cells["input_len"] + " in, " + r.cells["concurrency"] + " users, " + r.cells["metric"]
		switch {
		case r.as["skipped"] != "":
		case r.as["kind"] == "step":
			if math.Abs(r.predicted/r.ratio-1) > 0.3 { // the layout's spare experts are not stated
				t.Errorf("for %s, got a P99 of %v ms, measured %v", what, r.predicted, r.ratio)
			}
		case r.predicted < 1 || r.ratio < 1:
			t.Errorf("for %s, got a P99 of %v times the middle, measured %v", what, r.predicted, r.ratio)
		case strings.HasPrefix(what, "DeepSeek-V3"): // the GPU is not stated, but the ratio hardly hangs on it
			if math.Abs(r.predicted/r.ratio-1) > 0.15 {
				t.Errorf("for %s, got %v, measured %v", what, r.predicted, r.ratio)
			}
		}
	}
}
