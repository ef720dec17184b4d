package story

import (
	"math"
	"strings"

	"moecost/core/compare"
	"moecost/core/quantity"
	"moecost/core/report"
	"moecost/core/scenario"
)

// Comparison is what the page of a comparison says: a few scenarios, a column each.
type Comparison struct {
	_ [0]func() // no == for it: docs/size.md

	Title   string // of the document
	Finding Text
	Second  Text
	Columns []Compared
	Asked   []ComparedRow // what was asked, where they differ
	Numbers []ComparedRow
	Frames  []Frame
}

// Compared heads the column of one scenario.
type Compared struct {
	Letter  string // "A"
	Name    string // "DeepSeek-V3"
	On      string // "16 × H100 SXM, vLLM"
	Query   string // of the scenario alone
	Without string // of the comparison without it; empty if nothing would be left
	Answer  Text   // its own sentence, or why it has no answer
}

// ComparedRow is one key or number of all scenarios.
type ComparedRow struct {
	Head  string
	Key   string // of the link, for what was asked
	Cells []ComparedCell
}

// ComparedCell is one value. Times is what it is of the first: "1.4×".
type ComparedCell struct {
	Text, Range, Times string
	Best               bool
	Close              bool // the range of the difference includes none
	Differs            bool // from the first
}

// Letters name the columns.
var Letters = []string{"A", "B", "C", "D"}

// Compare says scenarios side by side. reports are their answers, nil with the reason in faults for one that has none.
func Compare(asks []scenario.Scenario, reports []*report.Report, faults []error) Comparison {
	c := Comparison{Title: "Compare · moecost"}
	var names []string
	for i, ask := range asks {
		column := Compared{Letter: Letters[i], Query: scenario.Encode(ask)}
		if len(asks) > 1 {
			rest := append(append([]scenario.Scenario{}, asks[:i]...), asks[i+1:]...)
			column.Without = scenario.EncodeColumns(rest)
		}
		if r := reports[i]; r == nil {
			column.Name, column.Answer = ask.Model, marked(faults[i].Error())
		} else {
			s := &r.Scenario
			column.Name = s.ModelName
			column.On = quantity.Integer(int64(s.GPUs)) + " × " + s.GPUName + ", " + s.EngineName
			column.Answer = newVoice(ask, r).answer()
		}
		names = append(names, column.Name)
		c.Columns = append(c.Columns, column)
	}
	if len(names) > 1 {
		c.Title = strings.Join(names, ", ") + ": compared · moecost"
	}
	c.Asked = askedRows(asks, reports)
	rows := compare.Rows(reports)
	for _, row := range rows {
		c.Numbers = append(c.Numbers, numberRow(row, reports))
	}
	c.Finding = comparedFinding(rows, reports)
	c.Second = comparedSecond(rows, reports)
	for i := range compare.Curves {
		c.Frames = append(c.Frames, curveFrame(&compare.Curves[i], reports))
	}
	return c
}

// askedRows are the keys in which the scenarios differ. What one has left open shows what was chosen for it.
func askedRows(asks []scenario.Scenario, reports []*report.Report) []ComparedRow {
	var rows []ComparedRow
	labels := map[string]scenario.Field{}
	for _, f := range scenario.Fields() {
		labels[f.Key] = f
	}
	for _, key := range scenario.Differ(asks) {
		f := labels[key]
		row := ComparedRow{Head: f.Label, Key: key}
		for i, ask := range asks {
			row.Cells = append(row.Cells, ComparedCell{
				Text:    askedText(f, ask, reports[i]),
				Differs: scenario.Text(ask, key) != scenario.Text(asks[0], key),
			})
		}
		rows = append(rows, row)
	}
	return rows
}

func askedText(f scenario.Field, ask scenario.Scenario, r *report.Report) string {
	text := scenario.Text(ask, f.Key)
	if r != nil {
		s := &r.Scenario
		chosen := map[string]int{"gpus": s.GPUs, "tp": s.TP, "pp": s.PP, "ep": s.EP, "dp": s.DP}
		switch f.Key {
		case "model":
			return s.ModelName
		case "gpu":
			return s.GPUName
		case "engine":
			return s.EngineName
		case "weights":
			return s.WeightsName
		}
		if n := chosen[f.Key]; text == "" && n > 0 {
			return quantity.Integer(int64(n)) + ", chosen"
		}
	}
	switch {
	case text == "":
		return f.Absent
	case f.Kind == scenario.KindFlag:
		return map[string]string{"0": "no", "1": "yes"}[text]
	case f.Unit != "":
		return text + " " + f.Unit
	}
	return text
}

func numberRow(row compare.Row, reports []*report.Report) ComparedRow {
	out := ComparedRow{Head: row.Name}
	for i, c := range row.Cells {
		cell := ComparedCell{Text: quantity.Unknown, Best: c.Best, Close: c.Close, Differs: c.Value != row.Cells[0].Value}
		if c.Known {
			units, w := reports[i].Units(), wordings[c.Unit]
			cell.Text = w.kind.Text(units, c.Value)
			if c.High > c.Low {
				p := w.kind.Predicted(units, c.Value, c.Low, c.High)
				cell.Text, cell.Range = p.Value(), p.Range
			}
			if c.Unit == report.PerSecond || c.Unit == report.TokensPerSecond {
				cell.Text += " tok/s"
			}
		}
		if c.Times > 0 && i > 0 && cell.Differs {
			cell.Times = quantity.Ratio.Text(quantity.Decimal, c.Times)
		}
		out.Cells = append(out.Cells, cell)
	}
	return out
}

// rowOf finds a number among those compared.
func rowOf(rows []compare.Row, id string) *compare.Row {
	for i := range rows {
		if rows[i].ID == id {
			return &rows[i]
		}
	}
	return nil
}

// comparedFinding is the sentence that tells the scenarios apart: who does not fit, who is cheapest, who is fastest.
func comparedFinding(rows []compare.Row, reports []*report.Report) Text {
	if len(reports) == 1 {
		return say("One scenario is nothing to compare with.")
	}
	var silent, out []string
	for i, r := range reports {
		switch {
		case r == nil:
			silent = append(silent, Letters[i])
		case !r.Memory.Fits:
			out = append(out, Letters[i])
		}
	}
	if len(out) == len(reports) {
		return say("None of them fits.")
	}
	said := ""
	if len(out) > 0 {
		said = listed(out) + map[bool]string{true: " does", false: " do"}[len(out) == 1] + " not fit."
	}
	if len(silent) > 0 {
		said += " " + listed(silent) + map[bool]string{true: " has", false: " have"}[len(silent) == 1] + " no answer."
	}
	if said != "" {
		return say(strings.TrimSpace(said))
	}
	price, speed := rowOf(rows, "cost.usd_per_m_output"), rowOf(rows, "decode.tpot_s")
	cheap, fast := bestOf(price), bestOf(speed)
	switch {
	case fast == "" && cheap == "":
		if price == nil || speed == nil {
			return say("Speed and price of them are not known.")
		}
		if price.Differs() || speed.Differs() {
			return say("None of them alone is the fastest or the cheapest.")
		}
		return say("They cost and do the same.")
	case cheap == "":
		return say(fast + " is the fastest for each user.")
	case fast == "":
		return say(cheap + " is the cheapest per million tokens.")
	case fast == cheap:
		return say(fast + " is both the fastest for each user and the cheapest per million tokens.")
	}
	return say(fast + " is the fastest for each user, " + cheap + " the cheapest per million tokens.")
}

// bestOf is the letter of the only best column; empty if there is none.
func bestOf(row *compare.Row) string {
	letter := ""
	if row == nil {
		return ""
	}
	for i, c := range row.Cells {
		if c.Best && letter != "" {
			return ""
		}
		if c.Best {
			letter = Letters[i]
		}
	}
	return letter
}

// comparedSecond gives the largest differences in numbers, and says where they are less than what is known.
func comparedSecond(rows []compare.Row, reports []*report.Report) Text {
	if len(reports) == 1 {
		return say("Change one thing in the calculator and add it here, or paste the link of another scenario.")
	}
	var parts []string
	unsure := false
	for _, d := range []struct{ id, verb, what string }{
		{"decode.tpot_s", " takes ", " as long as A for a token"},
		{"cost.usd_per_m_output", " costs ", " as much as A for a million output tokens"},
	} {
		row := rowOf(rows, d.id)
		if row == nil || !row.Cells[0].Known {
			continue
		}
		far, at := 1.0, 0
		for i, c := range row.Cells {
			if c.Times > 0 && math.Abs(math.Log(c.Times)) > math.Abs(math.Log(far)) {
				far, at = c.Times, i
			}
		}
		if at == 0 {
			continue
		}
		parts = append(parts, Letters[at]+d.verb+quantity.Significant(far, 2)+"\u00a0times"+d.what)
		unsure = unsure || row.Cells[at].Close
	}
	if len(parts) == 0 {
		return nil
	}
	text := strings.Join(parts, ", ") + "."
	if unsure {
		text += " The ranges meet: measured, it may be the other way round."
	}
	return say(text)
}

// listed joins letters as in "A, B and C".
func listed(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

// curveFrame is the figure of one curve: its caption, and the points of all scenarios as a table.
func curveFrame(c *compare.Curve, reports []*report.Report) Frame {
	f := Frame{Chart: c.Name, Title: c.Title, Unit: c.Unit, Name: c.Title + " of the scenarios compared"}
	f.Table.Columns = []Column{{Name: "Scenario"}, {Name: c.X, Numeric: true}, {Name: capital(c.Y), Numeric: true}}
	for i, r := range reports {
		if r == nil {
			continue
		}
		for _, p := range c.Line(r) {
			x := quantity.Integer(int64(math.Round(p[0])))
			if c.Rate {
				x = quantity.Significant(p[0], 3)
			}
			f.Table.Rows = append(f.Table.Rows, Row{Head: Letters[i], Cells: []string{x, c.Kind.Text(r.Units(), p[1])}})
		}
	}
	if len(f.Table.Rows) == 0 {
		f.Empty = say("None of these scenarios has such a curve.")
	}
	return f
}
