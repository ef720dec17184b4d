package claims

import (
	"fmt"
	"math"
	"strconv"
)

// evaluate computes a formula of + - * / ^, parentheses, numbers and symbols. The
// error says at which byte it cannot be read, or which symbol stands for nothing.
func evaluate(formula string, symbols map[string]float64) (float64, error) {
	p := parser{text: formula, symbols: symbols}
	v, err := p.sum(0)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", formula, err)
	}
	if p.at < len(p.text) {
		return 0, fmt.Errorf("%s: byte %d: %q follows where the formula should end", formula, p.at, p.text[p.at:])
	}
	return v, nil
}

type parser struct {
	text    string
	at      int
	symbols map[string]float64
}

func (p *parser) accept(c byte) bool {
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

// mostNested bounds parentheses, so that no table can exhaust the stack.
const mostNested = 20

func (p *parser) sum(depth int) (float64, error) {
	v, err := p.product(depth)
	for err == nil {
		var w float64
		switch {
		case p.accept('+'):
			w, err = p.product(depth)
			v += w
		case p.accept('-'):
			w, err = p.product(depth)
			v -= w
		default:
			return v, nil
		}
	}
	return v, err
}

func (p *parser) product(depth int) (float64, error) {
	v, err := p.power(depth)
	for err == nil {
		var w float64
		switch {
		case p.accept('*'):
			w, err = p.power(depth)
			v *= w
		case p.accept('/'):
			w, err = p.power(depth)
			v /= w
		default:
			return v, nil
		}
	}
	return v, err
}

func (p *parser) power(depth int) (float64, error) {
	v, err := p.atom(depth)
	if err == nil && p.accept('^') {
		var w float64
		w, err = p.atom(depth)
		v = math.Pow(v, w)
	}
	return v, err
}

func (p *parser) atom(depth int) (float64, error) {
	if p.accept('(') {
		if depth == mostNested {
			return 0, fmt.Errorf("byte %d: more than %d parentheses inside one another", p.at, mostNested)
		}
		v, err := p.sum(depth + 1)
		if err == nil && !p.accept(')') {
			err = fmt.Errorf("byte %d: missing )", p.at)
		}
		return v, err
	}
	start := p.at
	for p.at < len(p.text) && (p.text[p.at] == '.' || '0' <= p.text[p.at] && p.text[p.at] <= '9' || 'a' <= p.text[p.at]|0x20 && p.text[p.at]|0x20 <= 'z') {
		p.at++
	}
	word := p.text[start:p.at]
	if v, ok := p.symbols[word]; ok {
		return v, nil
	}
	v, err := strconv.ParseFloat(word, 64)
	if err != nil {
		return 0, fmt.Errorf("byte %d: %q is neither a number nor one of the terms", start, word)
	}
	return v, nil
}
