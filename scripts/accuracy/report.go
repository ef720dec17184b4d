package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"sort"

	"moecost/core/serving"
)

// classes in the order of the table.
var classes = func() []serving.Class {
	var all []serving.Class
	for c := range serving.ClassCount {
		all = append(all, c)
	}
	return append(all, wholeBatch, burst)
}()

// predictAll predicts every row by one set of constants.
func predictAll(rows []*row, c *serving.Constants) []float64 {
	out := make([]float64, len(rows))
	for i, r := range rows {
		if r.skipped == "" {
			r.timing.Use(c)
			out[i] = r.predict(r.timing)
		}
	}
	return out
}

// errorTable prints the errors by class. covered is nil or tells for each row
// whether the measurement lies in a range that was made without its configuration.
func errorTable(w io.Writer, rows []*row, predicted []float64, covered, nearby func(i int) bool) {
	fmt.Fprintf(w, "| class | rows | not fitted on | configurations | median | p80 | p90 | bias | in 80 %% range | grey rows | one-point: rows | median | p80 | in range |\n")
	fmt.Fprintf(w, "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, c := range classes {
		sum := summarise(rows, predicted, c, covered)
		errs := sum.errs
		if len(errs)+sum.grey == 0 {
			continue
		}
		var cal []float64
		calInside := 0
		for i := range rows {
			if e, ok := calibratedError(rows, predicted, i, c); ok {
				cal = append(cal, math.Abs(math.Exp(e)-1))
				if nearby(i) {
					calInside++
				}
			}
		}
		fmt.Fprintf(w, "| %s | %d | %d | %d | %s | %s | %s | %.2f | %s | %d | %d | %s | %s | %s |\n", className(c), len(errs), len(errs), sum.configurations,
			percent(quantile(errs, 0.5)), percent(quantile(errs, 0.8)), percent(quantile(errs, 0.9)), quantile(sum.ratios, 0.5),
			share(sum.inside, len(errs), c), sum.grey, len(cal), percent(quantile(cal, 0.5)), percent(quantile(cal, 0.8)), share(calInside, len(cal), c))
	}
}

// summary is the errors of one class.
type summary struct {
	errs, ratios                 []float64 // |predicted/measured - 1|; predicted over measured time
	configurations, grey, inside int
}

func summarise(rows []*row, predicted []float64, c serving.Class, covered func(i int) bool) summary {
	var s summary
	seen := map[string]bool{}
	for i, r := range rows {
		switch {
		case r.skipped != "" || r.class != c:
		case r.grey:
			s.grey++
		default:
			s.errs = append(s.errs, math.Abs(predicted[i]/r.measured-1))
			s.ratios = append(s.ratios, math.Exp(r.err(predicted[i])))
			seen[r.conf] = true
			if covered(i) {
				s.inside++
			}
		}
	}
	s.configurations = len(seen)
	return s
}

func percent(x float64) string {
	if math.IsNaN(x) {
		return "–"
	}
	return fmt.Sprintf("%.1f %%", 100*x)
}

func share(n, of int, c serving.Class) string {
	if of == 0 || c >= serving.ClassCount {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", 100*float64(n)/float64(of))
}

// partner is the other row of the same exact configuration and class that
// calibrates row i, drawn by the row's name; -1 if it has none.
func partner(rows []*row, i int, c serving.Class) int {
	if !rows[i].used() || rows[i].class != c {
		return -1
	}
	var others []int
	for j, r := range rows {
		if j != i && r.used() && r.class == c && r.exact == rows[i].exact {
			others = append(others, j)
		}
	}
	if len(others) == 0 {
		return -1
	}
	return others[int(hash(rows[i].id)%uint32(len(others)))]
}

// calibratedError is the error of row i, as row.err gives it, after scaling by its partner.
func calibratedError(rows []*row, predicted []float64, i int, c serving.Class) (float64, bool) {
	j := partner(rows, i, c)
	if j < 0 {
		return 0, false
	}
	return rows[i].err(predicted[i]) - rows[j].err(predicted[j]), true
}

// widening makes ranges a little wider than the residuals that they are read
// off: configurations are few and clustered, and a new one is not among them.
const widening = 1.05

// enough errors to read the tenth and ninetieth percentile of.
const enough = 20

// pooled classes share one range: decode on one GPU, decode on a node. Each alone
// has too few configurations.
var pooled = [][]serving.Class{{serving.OneGPUFew, serving.OneGPUMany}, {serving.NodeFew, serving.NodeMany}}

func pool(c serving.Class) []serving.Class {
	for _, p := range pooled {
		if slices.Contains(p, c) {
			return p
		}
	}
	return []serving.Class{c}
}

// makeRanges reads the 80 % ranges off the errors of the rows that keep says,
// a configuration's rows sharing one softened vote.
func makeRanges(rows []*row, predicted []float64, keep func(r *row) bool) [serving.ClassCount]serving.Range {
	var out [serving.ClassCount]serving.Range
	for c := range serving.Unmeasured {
		var far, near []weighted
		for i, r := range rows {
			if !r.used() || !slices.Contains(pool(c), r.class) || !keep(r) {
				continue
			}
			far = append(far, weighted{-r.err(predicted[i]), r.weight})
			if e, ok := calibratedError(rows, predicted, i, r.class); ok {
				near = append(near, weighted{-e, r.weight})
			}
		}
		out[c].Low, out[c].High = span(far)
		out[c].NearbyLow, out[c].NearbyHigh = span(near)
		switch {
		case len(near) >= enough:
		case c == serving.WideParallel: // two or three pairs: those of a node say more
			out[c].NearbyLow, out[c].NearbyHigh = out[serving.NodeMany].NearbyLow, out[serving.NodeMany].NearbyHigh
		default:
			out[c].NearbyLow, out[c].NearbyHigh = out[c].Low, out[c].High
		}
		if out[c].NearbyHigh/out[c].NearbyLow > out[c].High/out[c].Low { // one more point cannot make it worse
			out[c].NearbyLow, out[c].NearbyHigh = out[c].Low, out[c].High
		}
	}
	// No row says: a factor of two either way, the spread of single models on AMD,
	// the least measured family that there are rows of.
	out[serving.Unmeasured] = serving.Range{Low: 0.5, High: 2,
		NearbyLow: out[serving.NodeMany].NearbyLow, NearbyHigh: out[serving.NodeMany].NearbyHigh}
	return out
}

func span(errors []weighted) (low, high float64) {
	return math.Exp(widening * weightedQuantile(errors, 0.1)), math.Exp(widening * weightedQuantile(errors, 0.9))
}

type weighted struct{ value, weight float64 }

func weightedQuantile(x []weighted, q float64) float64 {
	if len(x) == 0 {
		return 0
	}
	sort.Slice(x, func(i, j int) bool { return x[i].value < x[j].value })
	total := 0.0
	for _, v := range x {
		total += v.weight
	}
	sum := 0.0
	for _, v := range x {
		sum += v.weight
		if sum >= q*total {
			return v.value
		}
	}
	return x[len(x)-1].value
}

// outOfFoldRanges makes, for every fold, the ranges from the other folds' errors.
func outOfFoldRanges(rows []*row, predicted []float64) (covered, nearby func(i int) bool) {
	var byFold [folds][serving.ClassCount]serving.Range
	for f := range folds {
		byFold[f] = makeRanges(rows, predicted, func(r *row) bool { return fold(r.conf) != f })
	}
	covered = func(i int) bool {
		r := rows[i]
		if r.class >= serving.ClassCount {
			return false
		}
		g, ratio := byFold[fold(r.conf)][r.class], math.Exp(-r.err(predicted[i]))
		return ratio >= g.Low && ratio <= g.High
	}
	nearby = func(i int) bool {
		r := rows[i]
		e, ok := calibratedError(rows, predicted, i, r.class)
		if !ok || r.class >= serving.ClassCount {
			return false
		}
		g, ratio := byFold[fold(r.conf)][r.class], math.Exp(-e)
		return ratio >= g.NearbyLow && ratio <= g.NearbyHigh
	}
	return covered, nearby
}

func quantile(x []float64, q float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	s := append([]float64(nil), x...)
	sort.Float64s(s)
	p := q * float64(len(s)-1)
	i := int(p)
	if i+1 >= len(s) {
		return s[i]
	}
	return s[i] + (p-float64(i))*(s[i+1]-s[i])
}
