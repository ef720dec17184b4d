package report_test

import (
	"fmt"
	"math"
	"strconv"

	"moecost/core/report"
)

// evaluate computes a printed formula from its printed terms alone. It is the
// reader with a pocket calculator: nothing in it knows what a formula means.
func evaluate(d report.Derivation) (float64, error) {
	p := parser{text: d.Formula, terms: map[string]report.Term{}, used: map[string]bool{}}
	for _, t := range d.Terms {
		if _, twice := p.terms[t.Symbol]; twice {
			return 0, fmt.Errorf("symbol %s stands for two terms", t.Symbol)
		}
		p.terms[t.Symbol] = t
	}
	v, err := p.expression(-1)
	if err != nil {
		return 0, err
	}
	if p.space(); p.at < len(p.text) {
		return 0, fmt.Errorf("%q is left over", p.text[p.at:])
	}
	for symbol := range p.terms {
		if !p.used[symbol] {
			return 0, fmt.Errorf("symbol %s is explained and not used", symbol)
		}
	}
	return v, nil
}

type parser struct {
	text  string
	at    int
	terms map[string]report.Term
	used  map[string]bool
}

func (p *parser) space() {
	for p.at < len(p.text) && p.text[p.at] == ' ' {
		p.at++
	}
}

func (p *parser) accept(c byte) bool {
	p.space()
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

// expression evaluates a sum; index picks the element of vectors, -1 allows none.
func (p *parser) expression(index int) (float64, error) {
	v, err := p.product(index)
	for err == nil {
		var w float64
		switch {
		case p.accept('+'):
			w, err = p.product(index)
			v += w
		case p.accept('-'):
			w, err = p.product(index)
			v -= w
		default:
			return v, nil
		}
	}
	return v, err
}

func (p *parser) product(index int) (float64, error) {
	v, err := p.power(index)
	for err == nil {
		var w float64
		switch {
		case p.accept('*'):
			w, err = p.power(index)
			v *= w
		case p.accept('/'):
			w, err = p.power(index)
			v /= w
		default:
			return v, nil
		}
	}
	return v, err
}

func (p *parser) power(index int) (float64, error) {
	v, err := p.atom(index)
	if err == nil && p.accept('^') {
		var w float64
		w, err = p.atom(index)
		v = math.Pow(v, w)
	}
	return v, err
}

func (p *parser) atom(index int) (float64, error) {
	if p.accept('(') {
		v, err := p.expression(index)
		if err == nil && !p.accept(')') {
			err = fmt.Errorf("position %d: missing )", p.at)
		}
		return v, err
	}
	p.space()
	start := p.at
	for p.at < len(p.text) && (p.text[p.at] == '.' || p.text[p.at] == '_' || p.text[p.at] >= '0' && p.text[p.at] <= '9' ||
		p.text[p.at] >= 'a' && p.text[p.at] <= 'z' || p.text[p.at] >= 'A' && p.text[p.at] <= 'Z') {
		p.at++
	}
	word := p.text[start:p.at]
	if word == "" {
		return 0, fmt.Errorf("position %d of %q: expected a symbol, a number or (", p.at, p.text)
	}
	if v, err := strconv.ParseFloat(word, 64); err == nil {
		return v, nil
	}
	if p.accept('(') {
		return p.call(word, index)
	}
	t, ok := p.terms[word]
	if !ok {
		return 0, fmt.Errorf("symbol %s is not among the terms", word)
	}
	p.used[word] = true
	switch {
	case t.Values == nil:
		return t.Value, nil
	case index < 0:
		return 0, fmt.Errorf("symbol %s is a list outside of sum()", word)
	case index >= len(t.Values):
		return 0, errDone
	}
	return t.Values[index], nil
}

var errDone = fmt.Errorf("end of a list")

func (p *parser) call(name string, index int) (float64, error) {
	if name == "sum" {
		return p.sum()
	}
	var args []float64
	for {
		v, err := p.expression(index)
		if err != nil {
			return 0, err
		}
		args = append(args, v)
		if p.accept(')') {
			break
		}
		if !p.accept(',') {
			return 0, fmt.Errorf("position %d: missing , or )", p.at)
		}
	}
	switch name {
	case "ceil":
		return math.Ceil(args[0]), nil
	case "floor":
		return math.Floor(args[0]), nil
	case "max":
		return math.Max(args[0], args[1]), nil
	case "min":
		return math.Min(args[0], args[1]), nil
	}
	return 0, fmt.Errorf("no function %s", name)
}

func (p *parser) sum() (float64, error) {
	total, start := 0.0, p.at
	for i := 0; ; i++ {
		p.at = start
		v, err := p.expression(i)
		if err == errDone {
			return total, p.skip(start)
		}
		if err != nil {
			return 0, err
		}
		if !p.accept(')') {
			return 0, fmt.Errorf("position %d: missing )", p.at)
		}
		total += v
	}
}

// skip moves behind the parenthesis that closes the sum.
func (p *parser) skip(start int) error {
	depth := 1
	for p.at = start; p.at < len(p.text); p.at++ {
		switch p.text[p.at] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				p.at++
				return nil
			}
		}
	}
	return fmt.Errorf("missing )")
}
