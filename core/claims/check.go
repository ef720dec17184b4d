package claims

import (
	"errors"
	"fmt"
	"strings"

	"moecost/core/report"
	"moecost/core/scenario"
)

// Check judges every claim of the table. It fails only if the table cannot be read, or
// names a number or a key that there is not.
func Check() ([]Claim, error) {
	list, rows, err := read()
	if err != nil {
		return nil, err
	}
	b := builder{reports: map[string]*report.Report{}}
	for i := range list {
		c := &list[i]
		for _, row := range rows[c.ID] {
			k, err := b.check(row)
			if err != nil {
				return nil, fmt.Errorf("claims: %s, %s: %w", c.ID, row.says, err)
			}
			c.Cases = append(c.Cases, k)
		}
		c.Verdict = c.verdict()
	}
	return list, nil
}

// builder keeps the reports of scenarios that several cases share.
type builder struct{ reports map[string]*report.Report }

func (b *builder) check(row caseRow) (Case, error) {
	k := Case{Role: row.role, Says: row.says, Condition: row.condition, Accept: row.accept, Measured: row.source,
		Derivation: Derivation{Unit: row.unit, Words: row.words, Formula: row.formula}}
	values := map[string]float64{}
	var first *report.Report
	for _, t := range row.terms {
		r, err := b.report(row.queries[t.scenario], strings.HasPrefix(t.figure, "tail."))
		var closed *closedError
		switch {
		case errors.As(err, &closed):
			k.Outcome, k.Reason = Unknown, closed.Error()
			k.Derivation.Terms = []Term{{Symbol: t.symbol, Query: row.queries[t.scenario]}}
			return k, nil
		case err != nil:
			return k, err
		}
		if first == nil {
			first = r
		}
		f, ok := r.Figure(t.figure)
		if !ok {
			return k, fmt.Errorf("%s: the report of %s has no such number", t.figure, row.queries[t.scenario])
		}
		values[t.symbol] = f.Value
		k.Derivation.Terms = append(k.Derivation.Terms, Term{Symbol: t.symbol, Query: row.queries[t.scenario], Figure: f})
	}
	var err error
	if k.Derivation.Value, err = evaluate(row.formula, values); err != nil {
		return k, err
	}
	if err := k.Derivation.spread(first, values); err != nil {
		return k, err
	}
	k.Outcome = outcome(k.Derivation, row.accept)
	return k, nil
}

// spread gives the value its 80 % range. One predicted term has its own. Of several, which are
// loads of one configuration, the common error cancels: what is left is the range inside a
// configuration, as the report knows it.
func (d *Derivation) spread(r *report.Report, values map[string]float64) error {
	var predicted []report.Figure
	symbol := ""
	for _, t := range d.Terms {
		if t.Figure.Low != t.Figure.High {
			predicted, symbol = append(predicted, t.Figure), t.Symbol
		}
	}
	switch len(predicted) {
	case 0:
		return nil
	case 1:
		ends := [2]float64{}
		for i, v := range []float64{predicted[0].Low, predicted[0].High} {
			values[symbol] = v
			var err error
			if ends[i], err = evaluate(d.Formula, values); err != nil {
				return err
			}
		}
		d.Low, d.High = min(ends[0], ends[1]), max(ends[0], ends[1])
	default:
		nearby := r.Nearby()
		d.Low, d.High = d.Value*nearby[0], d.Value*nearby[1]
	}
	return nil
}

// closedError is a model whose sizes are not public.
type closedError struct{ error }

// report is the report of a scenario, with its tail if asked for.
func (b *builder) report(query string, tail bool) (*report.Report, error) {
	r, ok := b.reports[query]
	if !ok {
		s, problems := report.Catalogue().Decode(query)
		if len(problems) > 0 {
			return nil, fmt.Errorf("query: %s", problems[0])
		}
		if scenario.Encode(s) == "" {
			return nil, fmt.Errorf("query: %q pins nothing, and defaults may change", query)
		}
		var err error
		if r, err = report.Build(report.Question{Scenario: s}); err != nil {
			return nil, &closedError{err}
		}
		b.reports[query] = r
	}
	if _, done := r.Simulation(); tail && !done {
		r.Simulate(false) // without the sweep, which only a chart shows
	}
	return r, nil
}
