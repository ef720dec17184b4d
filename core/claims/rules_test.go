package claims

import (
	"math"
	"testing"

	"moecost/core/report"
)

func TestVerdictRules(t *testing.T) {
	type cases map[Role][]Outcome
	for _, test := range []struct {
		name    string
		missing string
		cases   cases
		want    Verdict
	}{
		{"all agree", "", cases{RoleSaid: {Agrees, Agrees}, RoleOther: {Agrees}}, Holds},
		{"what it is about, and nothing else", "", cases{RoleSaid: {Agrees}, RoleOther: {Disagrees}}, Under},
		{"some of what it is about", "", cases{RoleSaid: {Agrees, Disagrees}}, Under},
		{"one is not published", "", cases{RoleSaid: {Agrees, Unknown}}, Under},
		{"one is too uncertain", "", cases{RoleSaid: {Agrees, Open}}, Under},
		{"right of something else", "", cases{RoleSaid: {Disagrees}, RoleOther: {Agrees}}, Not},
		{"our range is too wide", "", cases{RoleSaid: {Open, Disagrees}}, Unchecked},
		{"nothing is published", "", cases{RoleSaid: {Unknown}}, Unchecked},
		{"no setup, and some setup gives it", "GPU", cases{RoleSaid: {Agrees, Disagrees}}, Unchecked},
		{"no setup, and some setup might", "GPU", cases{RoleSaid: {Open}}, Unchecked},
		{"no setup, and none gives it", "GPU", cases{RoleSaid: {Disagrees}}, Not},
		{"what is shown does not judge", "", cases{RoleSaid: {Agrees}, RoleShown: {Disagrees, Open}}, Holds},
	} {
		c := Claim{Missing: test.missing}
		for role, outcomes := range test.cases {
			for _, o := range outcomes {
				c.Cases = append(c.Cases, Case{Role: role, Outcome: o})
			}
		}
		if got := c.verdict(); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestOutcomes(t *testing.T) {
	accept := Bounds{2, 3}
	for _, test := range []struct {
		d    Derivation
		want Outcome
	}{
		{Derivation{Value: 2}, Agrees},
		{Derivation{Value: 3}, Agrees},
		{Derivation{Value: math.Nextafter(3, 4)}, Disagrees},
		{Derivation{Value: 4, Low: 3, High: 5}, Open},
		{Derivation{Value: 4, Low: math.Nextafter(3, 4), High: 5}, Disagrees},
		{Derivation{Value: 1, Low: 0.5, High: 2}, Open},
		{Derivation{Value: 2.5, Low: 1, High: 9}, Agrees},
	} {
		if got := outcome(test.d, accept); got != test.want {
			t.Errorf("%v (%v to %v) against 2 to 3: got %q, want %q", test.d.Value, test.d.Low, test.d.High, got, test.want)
		}
	}
}

func TestOnePredictedTermCarriesItsRange(t *testing.T) {
	d := Derivation{Value: 0.2, Formula: "1-a/b", Terms: []Term{
		{Symbol: "a", Figure: report.Figure{Value: 8, Low: 6, High: 9}},
		{Symbol: "b", Figure: report.Figure{Value: 10}},
	}}
	if err := d.spread(nil, map[string]float64{"a": 8, "b": 10}); err != nil {
		t.Fatal(err)
	}
	if math.Abs(d.Low-0.1) > 1e-12 || math.Abs(d.High-0.4) > 1e-12 {
		t.Errorf("got %v to %v, want 0.1 to 0.4", d.Low, d.High)
	}
}

func TestEvaluate(t *testing.T) {
	symbols := map[string]float64{"a": 6, "b": 2, "N": 8}
	for formula, want := range map[string]float64{
		"a/b": 3, "a-b-1": 3, "a/b/3": 1, "a+b*2": 10, "(a+b)*2": 16, "N*(1-(1-b/N)^32)": 8 * (1 - math.Pow(0.75, 32)), "1-80/84": 1 - 80.0/84, "4910.18/4829.57": 4910.18 / 4829.57,
	} {
		if got, err := evaluate(formula, symbols); err != nil || math.Abs(got-want) > 1e-12*math.Abs(want) {
			t.Errorf("%s: got %v, %v, want %v", formula, got, err, want)
		}
	}
	for _, formula := range []string{"", "a/", "c", "a b", "(a", "a)", "1.2.3", "a//b", "((((((((((((((((((((((a))))))))))))))))))))))"} {
		if got, err := evaluate(formula, symbols); err == nil {
			t.Errorf("%q: got %v, want an error", formula, got)
		}
	}
}

func TestRowsThatCannotBeRead(t *testing.T) {
	good := []string{"id", "said", "case", "", "model=mixtral-8x7b", "", "ratio", "words", "a", "a=memory.weights_bytes", "1", "2", ""}
	if _, err := readCase(good); err != nil {
		t.Fatal(err)
	}
	for column, cell := range map[int]string{1: "sad", 4: "", 6: "furlongs", 9: "a", 10: "one", 11: "two", 12: "https://example.com"} {
		row := append([]string(nil), good...)
		row[column] = cell
		if _, err := readCase(row); err == nil {
			t.Errorf("column %d as %q: no error", column, cell)
		}
	}
}
