package main

import (
	"math"
	"testing"
)

func draftCases(t *testing.T) []*draftCase {
	t.Helper()
	f, err := readFacts(data)
	if err != nil {
		t.Fatal(err)
	}
	f.skew = 1
	cases, err := readDraftCases(f)
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// Every row of specdec.csv is predicted or says why not.
func TestEveryDraftAccountedFor(t *testing.T) {
	cases := draftCases(t)
	if len(cases) < 21 {
		t.Fatalf("%d rows, want the whole table", len(cases))
	}
	for _, c := range cases {
		if c.skipped == "" && (c.note == "" || c.gain <= 0 || c.plan.Tokens < 1 || len(c.timings) == 0) {
			t.Errorf("%s: neither predicted nor explained: %+v", c.id, c)
		}
	}
}

// No constant knows these rows, so the limits are those that docs/accuracy.md reports,
// with a margin for a change of the step model.
func TestMeasuredGains(t *testing.T) {
	var errs []float64
	for _, c := range draftCases(t) {
		if c.skipped != "" || !c.stated || c.guessed {
			continue
		}
		e := c.predict(c.plan.Accept)
		miss := math.Abs(e.Speedup/c.gain - 1)
		if errs = append(errs, miss); miss > 0.2 {
			t.Errorf("%s: %.2f times as fast, measured %.2f", c.id, e.Speedup, c.gain)
		}
		if (e.Speedup < 1) != (c.gain < 1) {
			t.Errorf("%s: gain and loss are confused: %.2f, measured %.2f", c.id, e.Speedup, c.gain)
		}
	}
	if m := quantile(errs, 0.5); !(m <= 0.11) || len(errs) < 7 {
		t.Errorf("a median error of %.1f %% over %d gains, want 11 %% over 7", 100*m, len(errs))
	}
}

// Where the source does not say what was accepted, the gain must be possible: DeepSeek's
// report says 85 to 90 % for the first drafted token, fewer for later ones; dense verification costs 3 % at most.
func TestImpliedAcceptance(t *testing.T) {
	for _, c := range draftCases(t) {
		if c.skipped != "" || c.stated {
			continue
		}
		accept, possible := c.implied(c.gain)
		if !possible || accept < 0.25 || accept > 0.92 {
			t.Errorf("%s: the gain implies an acceptance of %.2f", c.id, accept)
		}
		if e := c.predict(0); c.penalty > 0 && e.Penalty > c.penalty {
			t.Errorf("%s: verification takes %.3f steps, measured %.3f at most", c.id, e.Penalty, c.penalty)
		}
	}
}
