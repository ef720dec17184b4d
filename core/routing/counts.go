package routing

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Counts are the tokens that each expert got, as somebody's router counted them:
// one row per layer, one value per expert in the order of ids. Values are finite and not
// negative; shares will do as well as tokens. A Counts does not change once it is made.
type Counts struct {
	Layers [][]float64
}

// DecodeCounts reads what Encode wrote.
func DecodeCounts(rows string) (*Counts, error) {
	c := &Counts{}
	for line := range strings.Lines(rows) {
		var layer []float64
		for word := range strings.FieldsSeq(line) {
			n, err := strconv.ParseFloat(word, 64)
			if err != nil {
				return nil, fmt.Errorf("counts: %q is no number", word)
			}
			layer = append(layer, n)
		}
		c.Layers = append(c.Layers, layer)
	}
	return c, nil
}

// Encode writes the counts for another program: a line per layer, a number per expert.
func (c *Counts) Encode() string {
	var rows []byte
	for _, layer := range c.Layers {
		for _, n := range layer {
			rows = append(strconv.AppendFloat(rows, n, 'g', -1, 64), ' ')
		}
		rows = append(rows, '\n')
	}
	return string(rows)
}

// Spread is how unevenly experts are used, as means over layers.
type Spread struct {
	Layers      int     // that were counted: rows of zeros are not
	Experts     int     // of a layer, the most
	Gini        float64 // 0 even, towards 1 one expert gets all
	CV          float64 // standard deviation over mean
	MaxOverMean float64 // the hottest expert over the mean
	Sigma       float64 // of the lognormal that has this Gini
}

// Spread measures all layers together.
func (c *Counts) Spread() Spread {
	var all Spread
	for _, row := range c.Layers {
		if sum(row) <= 0 {
			continue
		}
		one := SpreadOf(row)
		all.Layers++
		all.Experts = max(all.Experts, one.Experts)
		all.Gini += one.Gini
		all.CV += one.CV
		all.MaxOverMean += one.MaxOverMean
	}
	if all.Layers == 0 {
		return all
	}
	n := float64(all.Layers)
	all.Gini, all.CV, all.MaxOverMean = all.Gini/n, all.CV/n, all.MaxOverMean/n
	all.Sigma = SigmaOfGini(all.Gini)
	return all
}

// SpreadOf measures one layer: counts, or inclusion probabilities, in any order.
func SpreadOf(row []float64) Spread {
	sorted := slices.Clone(row)
	slices.Sort(sorted)
	slices.Reverse(sorted)
	s := Spread{Layers: 1, Experts: len(row), Gini: Gini(sorted), CV: CV(row), MaxOverMean: MaxOverMean(row)}
	s.Sigma = SigmaOfGini(s.Gini)
	return s
}

// CV is the coefficient of variation of a popularity, standard deviation over
// mean: sqrt(exp(sigma²)-1) of an uncapped lognormal of many experts.
func CV(pi []float64) float64 {
	mean := sum(pi) / float64(len(pi))
	if !(mean > 0) {
		return 0
	}
	squares := 0.0
	for _, p := range pi {
		squares += (p - mean) * (p - mean)
	}
	return math.Sqrt(squares/float64(len(pi))) / mean
}

// SigmaOfGini is the sigma of the lognormal whose Gini coefficient this is: Gini
// = erf(sigma/2). The Gini coefficient hangs on the bulk of the experts, where the CV and the
// maximum hang on the few hottest.
func SigmaOfGini(gini float64) float64 {
	return 2 * math.Erfinv(min(max(gini, 0), 1-1e-9))
}
