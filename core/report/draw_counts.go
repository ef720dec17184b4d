package report

import (
	"math"
	"math/rand/v2"
)

// drawCounts draws how many of so many tokens choose each expert: binomial, at
// quantiles that depend on seed alone.
func drawCounts(pi []float64, tokens float64, seed int64) []float64 {
	random := rand.New(rand.NewPCG(uint64(seed), 11))
	out := make([]float64, len(pi))
	for i, p := range pi {
		out[i] = binomialQuantile(math.Round(tokens), p, random.Float64())
	}
	return out
}

// wideBinomial is the standard deviation from which a binomial law is taken for normal:
// its quantiles then are right to a count in a hundred.
const wideBinomial = 10

// binomialQuantile is the least count whose cumulated probability reaches u.
func binomialQuantile(n, p, u float64) float64 {
	if p <= 0 || n <= 0 {
		return 0
	}
	if p >= 1 {
		return n
	}
	mean, deviation := n*p, math.Sqrt(n*p*(1-p))
	if deviation > wideBinomial {
		return min(max(math.Round(mean+deviation*math.Sqrt2*math.Erfinv(2*u-1)), 0), n)
	}
	if p > 0.5 {
		return n - binomialQuantile(n, 1-p, 1-u)
	}
	// Below a mean of 200 the probability of no hit is above the smallest number.
	mass := math.Exp(n * math.Log1p(-p))
	odds := p / (1 - p)
	cumulated := mass
	k := 0.0
	for cumulated < u && k < n {
		mass *= (n - k) / (k + 1) * odds
		k++
		cumulated += mass
		if mass < 1e-300 {
			break
		}
	}
	return k
}
