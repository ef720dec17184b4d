package report_test

import (
	"math"
	"strings"
	"testing"

	"moecost/core/report"
	"moecost/core/routing"
)

// counted answers a query with counts, and evaluates every formula of the answer.
func counted(t *testing.T, query string, layers ...[]float64) *report.Report {
	t.Helper()
	s, _ := report.Catalogue().Decode(query)
	r, err := report.Build(report.Question{Scenario: s, Counts: &routing.Counts{Layers: layers}})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range r.Figures() {
		d, err := r.Explain(id)
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		if got, err := evaluate(d); err != nil || math.Abs(got-d.Figure.Value) > 1e-9*math.Abs(d.Figure.Value) {
			t.Errorf("%s: %s gives %v (%v), the report says %v", id, d.Formula, got, err, d.Figure.Value)
		}
	}
	return r
}

func ramp(n int, power float64) []float64 {
	row := make([]float64, n)
	for i := range row {
		row[i] = math.Pow(float64(i+1), power)
	}
	return row
}

// TestCounts: even counts are uniform routing, layers are averaged, and counts of
// another model change nothing but a warning.
func TestCounts(t *testing.T) {
	const query = "model=qwen3-30b-a3b&gpu=h100-sxm&gpus=8&tp=1&dp=8&ep=8&batch=16"
	even, uniform := counted(t, query, ramp(128, 0)), build(t, query+"&skew=0")
	if d := even.Decode.DistinctExperts/uniform.Decode.DistinctExperts - 1; math.Abs(d) > 1e-12 {
		t.Errorf("even counts touch %g experts, uniform routing %g", even.Decode.DistinctExperts, uniform.Decode.DistinctExperts)
	}
	// The busiest rank of counted layers is worked out at two points per octave: 1 %.
	if d := even.Decode.Step/uniform.Decode.Step - 1; math.Abs(d) > 0.01 {
		t.Errorf("even counts take %g s, uniform routing %g", even.Decode.Step, uniform.Decode.Step)
	}
	steep, both := counted(t, query, ramp(128, 2)), counted(t, query, ramp(128, 0), ramp(128, 2), make([]float64, 128))
	want := (even.Decode.DistinctExperts + steep.Decode.DistinctExperts) / 2
	if math.Abs(both.Decode.DistinctExperts/want-1) > 1e-12 || steep.Decode.DistinctExperts >= even.Decode.DistinctExperts {
		t.Errorf("two layers touch %g experts, each alone %g and %g", both.Decode.DistinctExperts, even.Decode.DistinctExperts, steep.Decode.DistinctExperts)
	}
	if w := warning(both, "counts"); !strings.Contains(w, "2 of the 48 MoE layers") {
		t.Errorf("for two layers counted, got the warning %q", w)
	}
	other, own := counted(t, query, ramp(64, 1)), build(t, query)
	if other.Decode.Step != own.Decode.Step || other.Decode.DistinctExperts != own.Decode.DistinctExperts {
		t.Errorf("counts of another model were used")
	}
	if w := warning(other, "counts"); !strings.Contains(w, "not used: they have 64 experts") {
		t.Errorf("for counts of another model, got the warning %q", w)
	}
}

func warning(r *report.Report, id string) string {
	for _, w := range r.Warnings {
		if w.ID == id {
			return w.Text
		}
	}
	return ""
}

// TestSameCounts: a subject answers for the counts that it was prepared with.
func TestSameCounts(t *testing.T) {
	s, _ := report.Catalogue().Decode("model=qwen3-30b-a3b")
	q := report.Question{Scenario: s, Counts: &routing.Counts{Layers: [][]float64{ramp(128, 1)}}}
	subject, err := report.Prepare(q)
	if err != nil {
		t.Fatal(err)
	}
	without := q
	without.Counts = nil
	if !subject.Same(q) || subject.Same(without) {
		t.Errorf("same with its counts: %t, without: %t", subject.Same(q), subject.Same(without))
	}
}
