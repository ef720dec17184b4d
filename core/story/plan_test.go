package story

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"moecost/core/plan"
	"moecost/core/quantity"
	"moecost/core/report"
	"moecost/core/scenario"
)

// planOf searches to the end, or so many steps far.
func planOf(t *testing.T, query string, steps int) (scenario.Scenario, *plan.Result) {
	t.Helper()
	ask, problems := report.Catalogue().Decode(query)
	if len(problems) > 0 {
		t.Fatalf("%s: %s", query, problems[0])
	}
	q, err := report.PlanQuestion(report.Question{Scenario: ask})
	if err != nil {
		t.Fatal(err)
	}
	search, err := plan.New(q)
	if err != nil {
		t.Fatal(err)
	}
	for ; steps > 0 && search.Phase() != "done"; steps-- {
		search.Advance(1)
	}
	r := search.Result()
	return ask, &r
}

const smallPlan = "model=gpt-oss-120b&gpu=h200&rate=2&in=1000&out=300&tpot=40&ttft=2000&pct=95"

// What is said of a plan are the numbers of the plan, and what it leads to is a scenario that the page can read.
func TestAPlanIsSaid(t *testing.T) {
	ask, r := planOf(t, smallPlan, 1e6)
	if r.Best == nil {
		t.Fatal("nothing was found")
	}
	s := Plan(ask, r)
	finding := s.Finding.plain()
	for _, want := range []string{"cheapest within", "40\u00a0ms", "2\u00a0s", "P95", quantity.Dollars.Text(quantity.Decimal, r.Best.PerHour) + " an hour"} {
		if !strings.Contains(finding, want) {
			t.Errorf("the finding is %q, want %q in it", finding, want)
		}
	}
	opened := 0
	for _, text := range []Text{s.Finding, s.Prose} {
		for _, span := range text {
			if span.Apply == "" {
				continue
			}
			opened++
			at, problems := report.Catalogue().Decode(span.Apply)
			if len(problems) > 0 {
				t.Errorf("%q leads to %s: %s", span.Text, span.Apply, problems[0])
			}
			if at.GPU != r.Best.GPU || at.GPUs != r.Best.Main.GPUs {
				t.Errorf("%q leads to %d × %s, the plan has copies of %d × %s", span.Text, at.GPUs, at.GPU, r.Best.Main.GPUs, r.Best.GPU)
			}
		}
	}
	if opened != 1 {
		t.Errorf("%d links lead to the plan, want 1", opened)
	}
	rows := map[string]string{}
	for _, f := range s.Frames {
		if f.Pending || f.Run == "" {
			t.Errorf("%s: pending %v, run %q after the search", f.Chart, f.Pending, f.Run)
		}
		for _, row := range f.Table.Rows {
			rows[row.Head] = strings.Join(row.Cells, " ")
			if len(row.Cells) != len(f.Table.Columns)-1 {
				t.Errorf("%s: row %q has %d cells for %d columns", f.Chart, row.Head, len(row.Cells), len(f.Table.Columns)-1)
			}
		}
	}
	if got, want := rows["An hour"], quantity.Dollars.Text(quantity.Decimal, r.Best.PerHour); got != want {
		t.Errorf("an hour costs %s in the table, %s in the plan", got, want)
	}
}

// The rows of the bill are those of the plan's day, and the API is compared with where there is one.
func TestABillIsSaid(t *testing.T) {
	ask, r := planOf(t, smallPlan+"&day=office&kwh=0.1&prefix=0.5&api_in=0.5&api_out=2", 1e6)
	var bill Frame
	for _, f := range Plan(ask, r).Frames {
		if f.Chart == "bill" {
			bill = f
		}
	}
	rows := map[string][]string{}
	for _, row := range bill.Table.Rows {
		rows[row.Head] = row.Cells
	}
	b := &r.Day.Bill
	usd := func(v float64) string { return quantity.Dollars.Text(quantity.Decimal, v) }
	for head, want := range map[string]string{
		"Cost": usd(b.PerDay), "A million input tokens": usd(b.PerInput), "A million output tokens": usd(b.PerOutput), "A million of them prefilled": usd(b.PerFresh),
		"The same tokens at the API": usd(b.API),
	} {
		if len(rows[head]) != 2 || rows[head][0] != want {
			t.Errorf("%s: got %q, the bill says %s", head, rows[head], want)
		}
	}
	if got := rows["Cost"][1]; !strings.Contains(got, " + "+usd(b.Power)) || b.Power <= 0 {
		t.Errorf("the cost is %q, want the electricity of %v in it", got, b.Power)
	}
	if _, cheaper := rows["GPUs are cheaper by"]; cheaper != (b.Saving >= 0) {
		t.Errorf("cheaper %v, the saving is %v", cheaper, b.Saving)
	}
}

// Every number of the plan that opens has its arithmetic, and the printed formula with its printed values gives the printed result.
func TestAPlansArithmeticIsTrue(t *testing.T) {
	ask, r := planOf(t, "model=deepseek-v3&among=h200&rate=10&in=4096&out=512&tpot=50&ttft=3000&pct=95&kwh=0.1&prefix=0.5&api_in=0.5&api_out=2", 1e6)
	said := SayPlan(ask, r)
	known := map[string]bool{}
	for _, d := range said.Derivations {
		known[d.ID] = true
		if planTitles[strings.TrimPrefix(d.ID, planKey)] == "" || !InPlan(d.ID) {
			t.Errorf("%s has no title", d.ID)
		}
		e := evaluation{text: d.Numbers}
		got := e.sum()
		if e.fault != "" || e.text[e.at:] != "" {
			t.Errorf("%s: cannot work out %q: %s at %q", d.ID, d.Numbers, e.fault, e.text[e.at:])
			continue
		}
		number, _, _ := strings.Cut(d.Result, "\u00a0")
		want, err := strconv.ParseFloat(strings.ReplaceAll(number, ",", ""), 64)
		if err != nil || math.Abs(got-want) > 1e-9*math.Abs(want) {
			t.Errorf("%s: %q makes %v, it prints %q", d.ID, d.Numbers, got, d.Result)
		}
	}
	opened := 0
	for _, span := range said.Section.Finding {
		if span.Figure != "" {
			opened++
			if !known[span.Figure] {
				t.Errorf("%s in the finding has no arithmetic", span.Figure)
			}
		}
	}
	for _, f := range said.Section.Frames {
		if f.Derivation != "" && !known[f.Derivation] {
			t.Errorf("%s: %s has no arithmetic", f.Chart, f.Derivation)
		}
	}
	for _, d := range said.Derivations {
		for _, term := range d.Terms {
			if term.Figure != "" && !known[term.Figure] {
				t.Errorf("%s: the term %s leads to %s, which has no arithmetic", d.ID, term.Name, term.Figure)
			}
		}
	}
	if opened != 2 || len(said.Derivations) < 8 {
		t.Errorf("%d numbers of the finding open, of %d derivations", opened, len(said.Derivations))
	}
}

// Before a search, part of the way through it and without a solution the section says so.
func TestAPlanThatIsNotThere(t *testing.T) {
	ask, _ := planOf(t, smallPlan, 0)
	s := Plan(ask, nil)
	for _, f := range s.Frames {
		if !f.Pending || !f.TableOnly && f.Empty == nil {
			t.Errorf("%s: pending %v, empty %q before any search", f.Chart, f.Pending, f.Empty.plain())
		}
	}
	if got := s.Finding.plain(); !strings.Contains(got, "once this is in sight") {
		t.Errorf("before any search the finding is %q", got)
	}
	ask, r := planOf(t, smallPlan, 1)
	if got := Plan(ask, r).Finding.plain(); r.Best == nil && !strings.Contains(got, "yet") {
		t.Errorf("after one step the finding is %q", got)
	}
	ask, r = planOf(t, smallPlan+"&budget=0.5", 1e6)
	got := Plan(ask, r).Finding.plain()
	if r.Best != nil || !strings.Contains(got, "Nothing that was tried") || !strings.Contains(got, "within 50") && !strings.Contains(got, "within $0.50") {
		t.Errorf("half a dollar an hour: best %v, finding %q", r.Best, got)
	}
}

// What is said of odd traffic is true of it, too.
func TestAPlanOfOddTraffic(t *testing.T) {
	const model = "model=gpt-oss-120b&gpu=h200&in=1000&"
	for query, want := range map[string]struct{ finding, prose string }{
		"rate=2&out=300&budget=0.5":             {"serves this traffic within", "2 requests a second"}, // no objective is set that anything could keep
		"rate=1000000&out=300&tpot=9&ttft=1000": {"up to 65,536 GPUs serves all of the traffic", "1,000,000 requests a second"},
		"rate=2&out=1&tpot=9&ttft=1000":         {"within 1 s to the first token", "no time per output token"},
		"batch=1&out=300":                       {"for this traffic", "one user, who asks again"},
	} {
		ask, r := planOf(t, model+query, 1e6)
		s := Plan(ask, r)
		if got := s.Finding.plain(); !strings.Contains(strings.ReplaceAll(got, "\u00a0", " "), want.finding) {
			t.Errorf("%s: finding %q, want %q in it", query, got, want.finding)
		}
		if got := s.Prose.plain(); !strings.Contains(got, want.prose) {
			t.Errorf("%s: prose %q, want %q in it", query, got, want.prose)
		}
	}
	for n, want := range map[float64]string{3.54e9: "3.54\u00a0billion", 864_000: "0.864\u00a0million", 86.4: "86"} {
		if got := tokensOfDay(n); got != want {
			t.Errorf("tokensOfDay(%g) = %q, want %q", n, got, want)
		}
	}
}

// Without an objective the section offers one that the page can read.
func TestAPlanAsksForObjectives(t *testing.T) {
	ask, r := planOf(t, "model=gpt-oss-120b&gpu=h200&rate=2&in=1000&out=300", 1e6)
	for _, span := range Plan(ask, r).Prose {
		if span.Apply == "" {
			continue
		}
		at, problems := report.Catalogue().Decode(span.Apply)
		if len(problems) > 0 || at.TPOT != 50 || at.TTFT != 2000 || at.Rate != 2 {
			t.Errorf("%q leads to %s", span.Text, span.Apply)
		}
		return
	}
	t.Error("no objective is offered")
}
