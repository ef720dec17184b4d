package plan

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

// calculator evaluates a printed formula from its printed terms alone.
type calculator struct {
	text  string
	terms map[string]float64
}

func (c *calculator) accept(b byte) bool {
	c.text = strings.TrimLeft(c.text, " ")
	if c.text != "" && c.text[0] == b {
		c.text = c.text[1:]
		return true
	}
	return false
}

func (c *calculator) sum() float64 {
	v := c.product()
	for {
		switch {
		case c.accept('+'):
			v += c.product()
		case c.accept('-'):
			v -= c.product()
		default:
			return v
		}
	}
}

func (c *calculator) product() float64 {
	v := c.power()
	for {
		switch {
		case c.accept('*'):
			v *= c.power()
		case c.accept('/'):
			v /= c.power()
		default:
			return v
		}
	}
}

func (c *calculator) power() float64 {
	v := c.atom()
	if c.accept('^') {
		v = math.Pow(v, c.power())
	}
	return v
}

func (c *calculator) atom() float64 {
	if c.accept('(') {
		v := c.sum()
		c.accept(')')
		return v
	}
	n := strings.IndexAny(c.text, " +-*/^()")
	if n < 0 {
		n = len(c.text)
	}
	word := c.text[:n]
	c.text = c.text[n:]
	if x, err := strconv.ParseFloat(word, 64); err == nil {
		return x
	}
	if x, ok := c.terms[word]; ok {
		return x
	}
	return math.NaN()
}

// Every printed formula gives the printed figure, from the values printed beside it; each of these has a name and a source.
func TestArithmetic(t *testing.T) {
	for _, engine := range []string{"sglang", "llamacpp"} {
		a := usual("qwen3-30b-a3b", "h100-sxm:2.5,h200")
		a.Engine, a.Prefix, a.KWh, a.APIIn, a.APIOut, a.Rate = engine, 0.3, 0.1, 0.5, 2, 2
		a.TTFT = 5000
		r := finish(ask(t, a))
		if r.Best == nil {
			t.Fatalf("%s: no plan", engine)
		}
		all := append(r.Best.Arithmetic, r.Day.Arithmetic...)
		if len(all) < 9 {
			t.Errorf("%s: got %d figures with their arithmetic", engine, len(all))
		}
		for _, x := range all {
			c := calculator{x.Formula, map[string]float64{}}
			for _, term := range x.Terms {
				if _, twice := c.terms[term.Symbol]; twice || term.Name == "" || term.Source == "" {
					t.Errorf("%s: term %+v: twice, or without a name or a source", x.ID, term)
				}
				c.terms[term.Symbol] = term.Value
			}
			got := c.sum()
			if c.text != "" || !(math.Abs(got-x.Value) <= 1e-9*math.Abs(x.Value)+1e-12) {
				t.Errorf("%s: %s gives %v (%q left over), the figure is %v", x.ID, x.Formula, got, c.text, x.Value)
			}
			if x.Words == "" || x.Unit == "" {
				t.Errorf("%s: no words or unit", x.ID)
			}
		}
	}
}
