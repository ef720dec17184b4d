package story

import (
	"strconv"
	"strings"

	"moecost/core/quantity"
	"moecost/core/report"
)

// CSV is the numbers behind a figure for other programs: one head line, lines
// that end as RFC 4180 has them, no thousands separators. Counts of the memory figures
// are in SI units, all digits; other figures have the digits of their table, with its units in the head.
func CSV(r *report.Report, f Frame) string {
	if rows, ok := rawTables[f.Chart]; ok {
		return lines(rows(r))
	}
	return lines(plainTable(f.Table))
}

// rawTables are the figures whose numbers can be had unrounded.
var rawTables = map[string]func(*report.Report) [][]string{
	"ledger": rawAccount, "account": rawAccount, "models": rawModels, "gpus": rawSizes, "kv": rawCaches,
}

func rawAccount(r *report.Report) [][]string {
	p, m := r.Memory.PerGPU, r.Memory
	out := [][]string{{"component", "bytes_per_gpu"}}
	for _, line := range []struct {
		name  string
		bytes int64
	}{
		{"routed_experts", p.RoutedExperts}, {"shared_experts", p.SharedExperts}, {"dense", p.Dense}, {"attention", p.Attention},
		{"embedding", p.Embedding}, {"router", p.Router}, {"padding", p.Padding}, {"mtp", p.MTP}, {"vision", p.Vision}, {"kv", p.KV}, {"activation", p.Activation},
		{"comm", p.Comm}, {"runtime", p.Runtime}, {"free", p.Free}, {"capacity", m.GPUBytes},
	} {
		out = append(out, []string{line.name, strconv.FormatInt(line.bytes, 10)})
	}
	return out
}

func rawModels(r *report.Report) [][]string {
	out := [][]string{{"id", "name", "organisation", "dense", "resident_params", "active_params"}}
	row := func(p report.Published) {
		out = append(out, []string{p.ID, p.Name, p.Organisation, strconv.FormatBool(p.Dense),
			strconv.FormatInt(p.Total, 10), strconv.FormatInt(p.Active, 10)})
	}
	known := false
	points := publishedByTotal()
	for _, p := range points {
		known = known || p.ID == r.Scenario.Model
	}
	if !known {
		row(report.Published{ID: r.Scenario.Model, Name: r.Scenario.ModelName, Dense: r.Model.RoutedExperts == 0,
			Total: r.Model.TotalParams, Active: r.Model.ActiveParams})
	}
	for _, p := range points {
		row(p)
	}
	return out
}

func rawSizes(r *report.Report) [][]string {
	out := [][]string{{"gpus", "tp", "pp", "ep", "dp", "weights_bytes_per_gpu", "kv_bytes_per_gpu", "used_bytes_per_gpu", "fits"}}
	for _, p := range r.SizeCurve() {
		var row []string
		for _, n := range []int64{int64(p.GPUs), int64(p.Layout.TP), int64(p.Layout.PP), int64(p.Layout.EP), int64(p.Layout.DP),
			p.PerGPU.Weights(), p.PerGPU.KV, p.PerGPU.Used()} {
			row = append(row, strconv.FormatInt(n, 10))
		}
		out = append(out, append(row, strconv.FormatBool(p.Fits)))
	}
	return out
}

func rawCaches(r *report.Report) [][]string {
	references := r.References()
	head := []string{"tokens", r.Scenario.ModelName + " bytes"}
	for _, ref := range references {
		head = append(head, ref.Name+" bytes")
	}
	out := [][]string{head}
	for i, p := range r.CacheCurve() {
		row := []string{strconv.FormatInt(p.Tokens, 10), strconv.FormatInt(p.Bytes(), 10)}
		for _, ref := range references {
			cell := ""
			if i < len(ref.Points) {
				cell = strconv.FormatInt(ref.Points[i].Bytes(), 10)
			}
			row = append(row, cell)
		}
		out = append(out, row)
	}
	return out
}

// plainTable is a table of the page without what only people read: commas
// between thousands, signs that repeat the unit, a dash for nothing.
func plainTable(t Table) [][]string {
	var head []string
	for _, c := range t.Columns {
		name := c.Name
		if c.Unit != "" {
			name = strings.TrimSpace(name + " (" + c.Unit + ")")
		}
		head = append(head, name)
	}
	out := [][]string{head}
	for _, r := range t.Rows {
		row := []string{plainCell(r.Head, r.Head != quantity.Unknown)}
		for i, cell := range r.Cells {
			row = append(row, plainCell(cell, i+1 < len(t.Columns) && t.Columns[i+1].Numeric))
		}
		out = append(out, row)
	}
	return out
}

func plainCell(cell string, numeric bool) string {
	if !numeric {
		return cell
	}
	number := strings.NewReplacer(",", "", "−", "-", "\u00a0", "", "\u202f", "").Replace(cell)
	number = strings.TrimSuffix(number, "×")
	if _, err := strconv.ParseFloat(strings.TrimSuffix(number, "%"), 64); err == nil {
		return number
	}
	if cell == quantity.Unknown {
		return ""
	}
	return cell
}

// lines writes rows with the quotes that commas and quotes need. A text that a spreadsheet would take
// for a formula gets an apostrophe in front: names come from links and files.
func lines(rows [][]string) string {
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			if cell != "" && strings.IndexByte("=+-@\t\r", cell[0]) >= 0 {
				if _, err := strconv.ParseFloat(cell, 64); err != nil {
					cell = "'" + cell
				}
			}
			if strings.ContainsAny(cell, ",\"\r\n") {
				cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			b.WriteString(cell)
		}
		b.WriteString("\r\n")
	}
	return b.String()
}
