package main

import (
	"io"
	"math"
	"testing"
)

func balanceCases(t *testing.T) ([]*balanceCase, *facts) {
	t.Helper()
	f, err := readFacts(data)
	if err != nil {
		t.Fatal(err)
	}
	f.skew = 1
	cases, err := readBalanceCases(f)
	if err != nil {
		t.Fatal(err)
	}
	return cases, f
}

// Every row of imbalance.csv is predicted or says why not.
func TestEveryImbalanceAccountedFor(t *testing.T) {
	cases, f := balanceCases(t)
	ids, predicted := map[string]bool{}, 0
	for _, c := range cases {
		ids[c.id] = true
		if c.skipped == "" {
			predicted++
			if c.measured == 0 {
				t.Errorf("%s: no figure to compare with", c.id)
			}
		}
	}
	if len(ids) < 58 || predicted < 30 {
		t.Errorf("%d rows, %d figures predicted: want 58 and 30", len(ids), predicted)
	}
	if err := balanceTable(io.Discard, f); err != nil {
		t.Error(err)
	}
}

// Limits are what docs/accuracy.md reports, with a margin. The gain of wide decode is the largest miss.
func TestMeasuredImbalance(t *testing.T) {
	cases, f := balanceCases(t)
	var errs []float64
	for _, c := range cases {
		if c.skipped != "" {
			continue
		}
		predicted, err := figures[c.figure].predict(c, f)
		if err != nil {
			t.Fatal(err)
		}
		miss := math.Abs(c.miss(predicted))
		limit := map[string]float64{"lmsys-decode": 0.35, "qwen3.5-35b": 0.45, "qwen3-235b-eplb": 0.25}[c.id]
		if limit == 0 {
			limit = 0.2
		}
		if miss > limit {
			t.Errorf("%s, %s: %.3g, measured %.3g", c.id, c.figure, predicted, c.measured)
		}
		if !c.seen {
			errs = append(errs, miss)
		}
	}
	if m := quantile(errs, 0.5); !(m <= 0.10) {
		t.Errorf("a median error of %.1f %% over %d figures, want 10 %%", 100*m, len(errs))
	}
}
