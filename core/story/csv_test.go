package story

import (
	"encoding/csv"
	"strconv"
	"strings"
	"testing"

	"moecost/core/report"
	"moecost/core/scenario"
)

func readCSV(t *testing.T, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatalf("%v in %.200q", err, text)
	}
	return rows
}

// Every figure of the page gives a table that a program can read, with as many columns in each line.
func TestEveryFigureGivesCSV(t *testing.T) {
	for _, query := range []string{"", "model=llama-3.1-70b", "gpus=2"} {
		s, _ := report.Catalogue().Decode(query)
		r := reportFor(t, query)
		for _, section := range Build(s, r).Sections {
			for _, f := range section.Frames {
				rows := readCSV(t, CSV(r, f))
				if f.Empty == nil && len(rows) < 2 {
					t.Errorf("%s: %s: got %d lines", query, f.Chart, len(rows))
				}
			}
		}
	}
}

func TestTheAccountAsCSVAddsUp(t *testing.T) {
	r := reportFor(t, "gpus=16")
	rows := readCSV(t, CSV(r, Frame{Chart: "account"}))
	sum := int64(0)
	for _, row := range rows[1:] {
		n, err := strconv.ParseInt(row[1], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if row[0] != "capacity" {
			sum += n
		} else if n != sum {
			t.Errorf("the components add up to %d, the capacity is %d", sum, n)
		}
	}
}

func TestModelsAsCSVHaveAllDigits(t *testing.T) {
	text := CSV(reportFor(t, ""), Frame{Chart: "models"})
	// The published count of DeepSeek-V3 without its MTP module (its README, "671B", to the weight).
	if !strings.Contains(text, "\r\ndeepseek-v3,DeepSeek-V3,DeepSeek,false,671026419200,") {
		t.Errorf("got %.300q", text)
	}
}

func TestCellsForPrograms(t *testing.T) {
	got := lines(plainTable(Table{
		Columns: []Column{{Name: "Name"}, {Name: "Held", Unit: "GB", Numeric: true}, {Name: "Ratio", Numeric: true}, {Name: "Fits"}},
		Rows: []Row{
			{Head: `=cmd|"x"`, Cells: []string{"1,026.40", "17.9×", "yes"}},
			{Head: "a, b", Cells: []string{"−2.5", "–", "< 0.01"}},
			{Head: "c", Cells: []string{"< 0.01", "97\u202f%", "no"}},
			{Head: "1,024", Cells: []string{"1", "1", "1,024"}},
			{Head: "–", Cells: []string{"1", "1", "–"}},
		},
	}))
	want := "Name,Held (GB),Ratio,Fits\r\n" +
		"\"'=cmd|\"\"x\"\"\",1026.40,17.9,yes\r\n" +
		"\"a, b\",-2.5,,< 0.01\r\n" +
		"c,< 0.01,97%,no\r\n" +
		"1024,1,1,\"1,024\"\r\n" +
		"–,1,1,–\r\n"
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestACustomModelStandsInTheTableOfModels(t *testing.T) {
	r := *reportFor(t, "")
	r.Scenario.Model, r.Scenario.ModelName = scenario.ModelCustom, "Mine"
	if text := CSV(&r, Frame{Chart: "models"}); !strings.Contains(text, "\r\ncustom,Mine,,false,671026419200,") {
		t.Errorf("got %.200q", text)
	}
}
