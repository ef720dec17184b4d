package compare

import (
	"math"
	"testing"

	"moecost/core/report"
)

// reports answers the scenarios of links.
func reports(t *testing.T, links ...string) []*report.Report {
	t.Helper()
	var all []*report.Report
	for _, link := range links {
		s, problems := report.Catalogue().Decode(link)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		r, err := report.Build(report.Question{Scenario: s})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

func row(t *testing.T, rows []Row, id string) Row {
	t.Helper()
	for _, r := range rows {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("%s is not compared", id)
	return Row{}
}

// Every number compared is the report's own, and names what a report has.
func TestRows(t *testing.T) {
	all := reports(t, "gpus=16", "gpu=h200&gpus=16", "model=llama-3.1-70b&gpus=16", "gpus=8")
	rows := Rows(all)
	if len(rows) != len(numbers) {
		t.Errorf("%d of %d numbers are compared: one is in no report", len(rows), len(numbers))
	}
	for _, r := range rows {
		for i, c := range r.Cells {
			f, known := all[i].Figure(r.ID)
			if c.Known != known || c.Figure != f {
				t.Errorf("%s of %d: %+v, want %+v", r.ID, i, c, f)
			}
			if first, _ := all[0].Figure(r.ID); i > 0 && c.Times != 0 && math.Abs(c.Times*first.Value-f.Value) > 1e-12*math.Abs(f.Value) {
				t.Errorf("%s: %g times %g is not %g", r.ID, c.Times, first.Value, f.Value)
			}
		}
	}
	// H200 has 1.43 times the bandwidth of H100 and more memory: it is faster and has more room; the deployment of 8 has no times.
	for _, id := range []string{"memory.per_gpu.free_bytes", "decode.tokens_per_s"} {
		for i, c := range row(t, rows[:], id).Cells[:2] {
			if c.Best && i == 0 {
				t.Errorf("%s: the H100 is best", id)
			}
		}
	}
	if c := row(t, rows, "decode.tpot_s").Cells[3]; c.Known || c.Best || c.Times != 0 {
		t.Errorf("a deployment that does not fit has a time: %+v", c)
	}
	if row(t, rows, "model.total_params").Cells[2].Best {
		t.Error("a number that describes has a best")
	}
}

// A difference is close when the ranges meet; inside one configuration the range is the one
// left after a measurement.
func TestClose(t *testing.T) {
	all := reports(t, "gpus=16&batch=64", "gpus=16&batch=65", "gpus=16&batch=4096&in=128&out=128", "gpu=h200&gpus=16&batch=64", "gpus=16&batch=64")
	cells := row(t, Rows(all), "decode.tpot_s").Cells
	near := all[0].Nearby()
	if !(near[0] < 1 && near[1] > 1) {
		t.Fatalf("the class has no nearby range: %v", near)
	}
	first := cells[0]
	for i, want := range []bool{
		1: near[0]*cells[1].Value <= first.Value && first.Value <= near[1]*cells[1].Value,
		2: false,
		3: first.Low <= cells[3].High && cells[3].Low <= first.High,
		4: false, // the same
	} {
		if cells[i].Close != want {
			t.Errorf("scenario %d: close %v, want %v: %+v", i, cells[i].Close, want, cells[i])
		}
	}
	if !Alike(all[0], all[1]) || Alike(all[0], all[3]) {
		t.Error("one configuration is its model, formats, accelerators and engine")
	}
	if draft := reports(t, "gpus=16&batch=64&draft=1")[0]; Alike(all[0], draft) {
		t.Error("a step that drafts is wrong by what a step without cannot tell")
	}
	counted := row(t, Rows(all), "memory.weights_bytes").Cells
	if counted[3].Close {
		t.Error("what is counted is never close")
	}
}

// A scenario without an answer is a column of unknowns, also as the first one.
func TestUnanswered(t *testing.T) {
	all := append([]*report.Report{nil}, reports(t, "gpus=16")...)
	for _, r := range Rows(all) {
		if c := r.Cells[0]; c.Known || c.Best || r.Cells[1].Times != 0 {
			t.Errorf("%s: %+v", r.ID, r.Cells)
		}
	}
	if rows := Rows([]*report.Report{nil, nil}); rows != nil {
		t.Errorf("of nothing: %v", rows)
	}
}
