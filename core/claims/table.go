package claims

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"moecost/assets"
	"moecost/core/report"
)

// caseRow is a row of cases.csv.
type caseRow struct {
	role            Role
	says, condition string
	queries         [2]string
	unit            report.Unit
	words, formula  string
	terms           []termRow
	accept          Bounds
	source          string
}

type termRow struct {
	symbol, figure string
	scenario       int // 0 or 1
}

// read gives the claims without their cases, and these by the id of their claim.
func read() ([]Claim, map[string][]caseRow, error) {
	claimText, caseText, chainText := assets.Claims()
	rows, err := table("claims.csv", claimText, "id where said claim tolerance missing why")
	if err != nil {
		return nil, nil, err
	}
	var list []Claim
	index := map[string]int{}
	for _, r := range rows {
		if _, twice := index[r[0]]; twice {
			return nil, nil, fmt.Errorf("claims.csv: id %q: stands for two claims", r[0])
		}
		index[r[0]] = len(list)
		list = append(list, Claim{ID: r[0], Where: r[1], Said: r[2], Text: r[3], Tolerance: r[4], Missing: r[5], Why: r[6]})
	}
	rows, err = table("chain.csv", chainText, "claim address read what")
	if err != nil {
		return nil, nil, err
	}
	for _, r := range rows {
		i, ok := index[r[0]]
		if !ok {
			return nil, nil, fmt.Errorf("chain.csv: claim %q: is not in claims.csv", r[0])
		}
		list[i].Chain = append(list[i].Chain, Source{Address: r[1], Read: r[2], What: r[3]})
	}
	rows, err = table("cases.csv", caseText, "claim role case condition query other unit words formula terms low high source")
	if err != nil {
		return nil, nil, err
	}
	cases := map[string][]caseRow{}
	for n, r := range rows {
		if _, ok := index[r[0]]; !ok {
			return nil, nil, fmt.Errorf("cases.csv: claim %q: is not in claims.csv", r[0])
		}
		k, err := readCase(r)
		if err != nil {
			return nil, nil, fmt.Errorf("cases.csv, row %d: %w", n+1, err)
		}
		cases[r[0]] = append(cases[r[0]], k)
	}
	return list, cases, nil
}

// units are those in which cases are told. It is no map, so that a program that judges no claims does not make one.
var units = []struct {
	name string
	unit report.Unit
}{
	{"ratio", report.Ratio}, {"share", report.Share}, {"bytes", report.Bytes}, {"s", report.Seconds},
	{"parameters", report.Params}, {"GPUs", report.GPUs}, {"experts", report.Experts},
}

func unitOf(name string) report.Unit {
	for _, u := range units {
		if u.name == name {
			return u.unit
		}
	}
	return ""
}

func readCase(r []string) (caseRow, error) {
	k := caseRow{role: Role(r[1]), says: r[2], condition: r[3], queries: [2]string{r[4], r[5]}, unit: unitOf(r[6]), words: r[7], formula: r[8], source: r[12]}
	if k.role != RoleSaid && k.role != RoleOther && k.role != RoleShown {
		return k, fmt.Errorf("role %q: is none of said, other, shown", r[1])
	}
	if k.unit == "" {
		return k, fmt.Errorf("unit %q: is none that cases have", r[6])
	}
	if (k.queries[0] == "") == (k.source == "") {
		return k, fmt.Errorf("query %q, source %q: a case is either computed or measured elsewhere", k.queries[0], k.source)
	}
	for part := range strings.SplitSeq(r[9], ";") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		symbol, figure, ok := strings.Cut(part, "=")
		if !ok {
			return k, fmt.Errorf("term %q: is not symbol=figure", part)
		}
		t := termRow{symbol: symbol, figure: figure}
		if rest, second := strings.CutPrefix(figure, "2:"); second {
			t.figure, t.scenario = rest, 1
		}
		k.terms = append(k.terms, t)
	}
	var err error
	if k.accept.Low, err = bound(r[10], math.Inf(-1)); err != nil {
		return k, fmt.Errorf("low: %w", err)
	}
	if k.accept.High, err = bound(r[11], math.Inf(1)); err != nil {
		return k, fmt.Errorf("high: %w", err)
	}
	return k, nil
}

// bound is one end of what agrees; an empty cell is none.
func bound(cell string, none float64) (float64, error) {
	if cell == "" {
		return none, nil
	}
	return strconv.ParseFloat(cell, 64)
}

// table splits a file whose first row must be the given columns, and leaves that row out.
func table(name, text, columns string) ([][]string, error) {
	rows, err := assets.Table(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(rows) == 0 || strings.Join(rows[0], " ") != columns {
		return nil, fmt.Errorf("%s: the columns are not %s", name, columns)
	}
	return rows[1:], nil
}
