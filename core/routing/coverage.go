package routing

import (
	"math"
	"slices"
)

// The table of a Coverage: steps per doubling of the tokens, from 1/16 token to
// 2^20. Cubic Hermite interpolation between them errs by about h^4/384, 1.5e-7 of the value.
const (
	stepsPerOctave = 8
	firstOctave    = -4
	lastOctave     = 20
	tableLen       = (lastOctave-firstOctave)*stepsPerOctave + 1
)

// Coverage is ExpectedDistinct of one popularity, tabulated: a look-up takes
// nanoseconds where the sum over experts takes microseconds. Look-ups agree with
// the sum to a relative 1e-6.
type Coverage struct {
	Pi      []float64   // inclusion probabilities; of several layers the mean hottest, second hottest ...
	Layers  [][]float64 // of every layer; their mean is tabulated
	TopK    int
	Counted bool // the layers are a model's own, their experts in the order of ids; else any order stands for them
	value   [tableLen]float64
	slope   [tableLen]float64 // per table step
}

// NewCoverage tabulates a popularity.
func NewCoverage(pi []float64, topK int) *Coverage { return MeanCoverage([][]float64{pi}, topK) }

// MeanCoverage tabulates the mean over layers with the same number of experts;
// there is at least one.
func MeanCoverage(layers [][]float64, topK int) *Coverage {
	c := &Coverage{Pi: MeanPopularity(layers), Layers: layers, TopK: topK}
	for _, pi := range layers {
		c.tabulate(pi)
	}
	if n := float64(len(layers)); n > 1 {
		for i := range c.value {
			c.value[i] /= n
			c.slope[i] /= n
		}
	}
	return c
}

// MeanPopularity is the mean over layers of the popularity of the hottest expert, of
// the second hottest, and so on. One layer comes back as it is.
func MeanPopularity(layers [][]float64) []float64 {
	if len(layers) == 1 {
		return layers[0]
	}
	mean := make([]float64, len(layers[0]))
	for _, pi := range layers {
		sorted := slices.Clone(pi)
		slices.Sort(sorted)
		for i := range mean {
			mean[i] += sorted[len(sorted)-1-i] / float64(len(layers))
		}
	}
	return mean
}

// Experts are those of one layer.
func (c *Coverage) Experts() int { return len(c.Layers[0]) }

func (c *Coverage) tabulate(pi []float64) {
	const h = math.Ln2 / stepsPerOctave
	for j := range stepsPerOctave {
		t := math.Exp2(firstOctave + float64(j)/stepsPerOctave)
		for _, p := range pi {
			if p <= 0 {
				continue
			}
			rate := math.Log1p(-p) // -Inf for p = 1
			q := math.Exp(t * rate)
			tokens := t
			for i := j; i < tableLen; i += stepsPerOctave {
				c.value[i] += 1 - q
				if q > 0 {
					c.slope[i] -= q * tokens * rate * h
				}
				q *= q // (1-p)^(2t)
				tokens *= 2
			}
		}
	}
}

// Distinct returns how many distinct experts so many tokens hit, in
// expectation. Outside the table the sum is evaluated.
func (c *Coverage) Distinct(tokens float64) float64 {
	if tokens <= 0 {
		return 0
	}
	x := (math.Log2(tokens) - firstOctave) * stepsPerOctave
	if !(x >= 0 && x < tableLen-1) {
		return MeanDistinct(c.Layers, tokens)
	}
	i := int(x)
	return hermite(x-float64(i), c.value[i], c.value[i+1], c.slope[i], c.slope[i+1])
}

// hermite interpolates between two values with given slopes, u from 0 to 1.
func hermite(u, a, b, da, db float64) float64 {
	d := b - a
	return a + u*(da+u*((3*d-2*da-db)+u*(da+db-2*d)))
}
