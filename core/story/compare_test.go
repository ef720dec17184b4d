package story

import (
	"errors"
	"math"
	"strings"
	"testing"

	"moecost/core/compare"
	"moecost/core/quantity"
	"moecost/core/report"
	"moecost/core/scenario"
)

func compared(t *testing.T, link string) (Comparison, []scenario.Scenario, []*report.Report) {
	t.Helper()
	asks, _ := report.Catalogue().DecodeColumns(link)
	reports, faults := make([]*report.Report, len(asks)), make([]error, len(asks))
	for i, ask := range asks {
		reports[i], faults[i] = report.Build(report.Question{Scenario: ask})
	}
	return Compare(asks, reports, faults), asks, reports
}

func TestCompare(t *testing.T) {
	for _, test := range []struct{ link, finding, second string }{
		{"gpus=16", "One scenario is nothing", "Change one thing"},
		{"gpus=16&b.gpus=8", "B does not fit.", ""},
		{"gpus=8&b.gpus=4&c.gpus=1", "None of them fits.", ""},
		{"gpus=16&b.model=deepseek-v3", "They cost and do the same.", ""},
		{"gpus=16&b.model=gemini-1.5", "B has no answer.", ""},
		{"gpus=8&b.gpus=16&c.model=gemini-1.5", "A does not fit. C has no answer.", ""},
		{"gpus=16&batch=256&b.batch=64&b.price=0.1&c.batch=64&c.price=0.1", "None of them alone is the fastest", "B takes"},
		{"gpus=16&b.batch=256", "A is the fastest for each user, B the cheapest", "B takes"},
		{"gpus=16&b.batch=65", "A is the fastest for each user, B the cheapest", "may be the other way round"},
		{"gpus=16&batch=256&b.batch=64&b.price=0.1", "B is both the fastest", "B takes"},
	} {
		c, _, _ := compared(t, test.link)
		if got := c.Finding.plain(); !strings.Contains(got, test.finding) {
			t.Errorf("?%s: %q, want %q", test.link, got, test.finding)
		}
		if got := c.Second.plain(); !strings.Contains(got, test.second) {
			t.Errorf("?%s: %q, want %q", test.link, got, test.second)
		}
	}
}

// Columns lead to their scenario and to the comparison without them, and rows have a cell for each.
func TestComparedColumns(t *testing.T) {
	c, asks, reports := compared(t, "gpus=16&b.gpu=h200&b.gpus=8&c.model=kimi-k2&c.gpus=&d.model=gemini-1.5")
	for i, column := range c.Columns {
		if s, problems := report.Catalogue().Decode(column.Query); s != asks[i] || len(problems) > 0 {
			t.Errorf("%s leads to ?%s: %v", column.Letter, column.Query, problems)
		}
		rest, _ := report.Catalogue().DecodeColumns(column.Without)
		if len(rest) != len(asks)-1 {
			t.Errorf("without %s there are %d: ?%s", column.Letter, len(rest), column.Without)
		}
		if (reports[i] == nil) != (column.On == "") || column.Answer.plain() == "" {
			t.Errorf("%s: %+v", column.Letter, column)
		}
	}
	keys := ""
	for _, row := range c.Asked {
		keys += row.Key + " "
		if len(row.Cells) != len(asks) || row.Cells[0].Differs {
			t.Errorf("%s: %+v", row.Key, row.Cells)
		}
	}
	if keys != "model gpu gpus " {
		t.Errorf("they differ in %s", keys)
	}
	for _, row := range c.Numbers {
		if len(row.Cells) != len(asks) || row.Cells[0].Times != "" {
			t.Errorf("%s: %+v", row.Head, row.Cells)
		}
	}
}

// What a column is of the first is the quotient of two reports, worked out here again.
func TestComparedTimes(t *testing.T) {
	c, _, reports := compared(t, "gpus=16&b.gpu=h200")
	quotient := reports[1].Decode.TPOT / reports[0].Decode.TPOT
	for _, row := range c.Numbers {
		if row.Head == "One token for each user" {
			if want := quantity.Ratio.Text(quantity.Decimal, quotient); row.Cells[1].Times != want || math.Abs(quotient-1) < 0.01 {
				t.Errorf("B takes %s, want %s", row.Cells[1].Times, want)
			}
			if row.Cells[1].Range == "" {
				t.Error("a prediction without a range")
			}
			return
		}
	}
	t.Error("the time of a token is not compared")
}

func TestComparedFrames(t *testing.T) {
	c, _, _ := compared(t, "gpus=16&b.model=llama-3.1-70b&b.gpus=1")
	if len(c.Frames) != len(compare.Curves) {
		t.Fatalf("%d figures", len(c.Frames))
	}
	for _, f := range c.Frames {
		heads := map[string]bool{}
		for _, row := range f.Table.Rows {
			heads[row.Head] = true
		}
		if !heads["A"] || len(heads) > 2 {
			t.Errorf("%s has rows of %v", f.Chart, heads)
		}
	}
	none := Compare([]scenario.Scenario{scenario.Default()}, []*report.Report{nil}, []error{errors.New("no `model` has it")})
	for _, f := range none.Frames {
		if f.Empty == nil {
			t.Errorf("%s of nothing is not empty", f.Chart)
		}
	}
	if got := none.Columns[0].Answer.plain(); got != "no model has it" {
		t.Errorf("a scenario without an answer says %q", got)
	}
}
