// Package compare puts the reports of a few scenarios side by side: the same numbers of each,
// how many times those of the first they are, which is the best, and whether a difference is
// larger than what the model does not know.
//
// Two predictions share most of their error when they are of one configuration (the same
// model in the same formats on the same accelerators and engine): there a comparison has the range that
// is left after a measurement of that configuration. Between configurations each has its whole range.
package compare

import "moecost/core/report"

// Better tells which of two values of a number one would choose.
type Better int8

// What is better: for most numbers of a cost, less.
const (
	Neither Better = iota // it describes
	Less
	More
)

// Cell is one number of one scenario.
type Cell struct {
	report.Figure
	Known bool    // the report has the number
	Times float64 // of the first scenario's; 0 where that is 0 or either is not known
	Best  bool    // no other is better, and some are worse
	Close bool    // the ranges of it and of the first overlap: the order may be the other way round
}

// Row is one number of all scenarios.
type Row struct {
	ID     string // of the Figure: "decode.tpot_s"
	Name   string
	Better Better
	Cells  []Cell
}

// Differs tells whether the scenarios disagree on the number.
func (r Row) Differs() bool {
	for _, c := range r.Cells {
		if c.Known != r.Cells[0].Known || c.Value != r.Cells[0].Value {
			return true
		}
	}
	return false
}

// numbers are what is compared, in the order of the page.
var numbers = []struct {
	id, name string
	better   Better
}{
	{"model.total_params", "Weights of the model", Neither},
	{"model.active_params", "Active for a token", Neither},
	{"memory.weights_bytes", "Weights, resident", Less},
	{"memory.per_gpu_used_bytes", "One GPU holds", Neither},
	{"memory.per_gpu.free_bytes", "Free on each GPU", More},
	{"memory.kv_bytes", "KV cache of the load", Neither},
	{"memory.kv_capacity_tokens", "Room for tokens in KV cache", More},
	{"decode.distinct_experts", "Distinct experts of a step", Neither},
	{"decode.touched_bytes", "Touched by a step", Less},
	{"decode.tpot_s", "One token for each user", Less},
	{"decode.tokens_per_s", "All users", More},
	{"decode.tokens_per_s_per_gpu", "For each GPU", More},
	{"prefill.ttft_s", "First token, unloaded", Less},
	{"prefill.tokens_per_s", "Prompt tokens", More},
	{"routing.share", "Routing, of a step", Less},
	{"balance.max_over_mean", "Busiest GPU over the mean", Less},
	{"cost.usd_per_hour", "Price per hour", Less},
	{"cost.usd_per_m_output", "A million output tokens", Less},
	{"cost.usd_per_m_input", "A million prompt tokens", Less},
}

// Rows compares the reports, one column for each, in their order; a number that none of them has is left out.
// A nil report is a scenario without an answer: its cells are not known.
func Rows(reports []*report.Report) []Row {
	var rows []Row
	for _, n := range numbers {
		row := Row{ID: n.id, Name: n.name, Better: n.better, Cells: make([]Cell, len(reports))}
		known := false
		for i, r := range reports {
			if r == nil {
				continue
			}
			c := &row.Cells[i]
			c.Figure, c.Known = r.Figure(n.id)
			known = known || c.Known
		}
		if !known {
			continue
		}
		row.relate(reports)
		row.rank()
		rows = append(rows, row)
	}
	return rows
}

// relate fills in what a cell is of the first one.
func (r *Row) relate(reports []*report.Report) {
	first := r.Cells[0]
	if !first.Known {
		return
	}
	for i := range r.Cells[1:] {
		c := &r.Cells[i+1]
		if !c.Known || first.Value <= 0 || c.Value <= 0 {
			continue
		}
		c.Times = c.Value / first.Value
		low, high := spread(first.Figure), spread(c.Figure)
		if near := reports[0].Nearby(); r.predicted() && near[1] > 0 && Alike(reports[0], reports[i+1]) {
			// One error, whatever it is, is common to both: as after a measurement of the first.
			low, high = [2]float64{1, 1}, near
		}
		c.Close = c.Value != first.Value && low[0]*first.Value <= high[1]*c.Value && high[0]*c.Value <= low[1]*first.Value
	}
}

// predicted tells whether the number is one of those with a range.
func (r *Row) predicted() bool { return r.Cells[0].High > r.Cells[0].Low }

// spread is the range of a figure over its value; 1 to 1 for what is counted.
func spread(f report.Figure) [2]float64 {
	if f.High <= f.Low || f.Value == 0 {
		return [2]float64{1, 1}
	}
	return [2]float64{f.Low / f.Value, f.High / f.Value}
}

// rank marks the best cells of a number that one would choose by.
func (r *Row) rank() {
	if r.Better == Neither {
		return
	}
	better := func(a, b float64) bool { return r.Better == Less && a < b || r.Better == More && a > b }
	best, worse := -1, false
	for i, c := range r.Cells {
		if !c.Known {
			continue
		}
		if best >= 0 && c.Value != r.Cells[best].Value {
			worse = true
		}
		if best < 0 || better(c.Value, r.Cells[best].Value) {
			best = i
		}
	}
	for i := range r.Cells {
		r.Cells[i].Best = worse && r.Cells[i].Known && r.Cells[i].Value == r.Cells[best].Value
	}
}

// Alike tells whether two reports are of one configuration, so that they share the error of the model of time. Experts in
// host memory, prefill on GPUs of its own and drafts have errors of their own.
func Alike(a, b *report.Report) bool {
	p, q := &a.Scenario, &b.Scenario
	return p.Model == q.Model && p.ModelName == q.ModelName && p.Weights == q.Weights && p.KV == q.KV &&
		p.GPU == q.GPU && p.GPUs == q.GPUs && p.TP == q.TP && p.PP == q.PP && p.EP == q.EP && p.DP == q.DP && p.Engine == q.Engine &&
		p.Host == q.Host && p.Split == q.Split && (p.Draft > 0) == (q.Draft > 0)
}
