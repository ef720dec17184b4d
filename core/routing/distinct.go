package routing

import "math"

// ExpectedDistinct is the expected number of distinct experts that so many
// independent tokens hit: the sum over experts of 1-(1-pi)^tokens. It is exact for every
// scheme that draws without replacement. tokens may be fractional (see EffectiveTokens).
func ExpectedDistinct(pi []float64, tokens float64) float64 {
	if tokens <= 0 {
		return 0
	}
	d := 0.0
	for _, p := range pi {
		d -= math.Expm1(tokens * math.Log1p(-p)) // p = 1: log is -Inf, the term is 1
	}
	return d
}

// DistinctVariance is the variance of the number of distinct experts under
// independent tokens:
//
//	sum q(1-q) + 2 sum_{i<j} [(1-pi_i-pi_j+pi_ij)^T - q_i q_j],  q = (1-pi)^T
//
// pi_ij, the probability that one token selects both, is taken proportional to
// pi_i pi_j with the sum over j that it must have, (k-1) pi_i on average; for uniform
// routing that is k(k-1)/(N(N-1)), exact. O(N^2): not for the hot path.
func DistinctVariance(pi []float64, topK int, tokens float64) float64 {
	k := float64(topK)
	sumSquares := 0.0
	for _, p := range pi {
		sumSquares += p * p
	}
	pairs := k*k - sumSquares
	v := 0.0
	for i, p := range pi {
		qi := math.Pow(1-p, tokens)
		v += qi * (1 - qi)
		for _, r := range pi[:i] {
			both := 0.0
			if pairs > 0 {
				both = min(p*r*k*(k-1)/pairs, p, r)
			}
			neither := max(1-p-r+both, 0)
			v += 2 * (math.Pow(neither, tokens) - qi*math.Pow(1-r, tokens))
		}
	}
	return max(v, 0)
}

// EffectiveTokens is how many independent tokens cover as many experts as so
// many consecutive tokens of one sequence (a draft under verification):
// 1 + (tokens-1)(1-rho). Routing traces give rho of 0.15 to 0.35.
func EffectiveTokens(tokens, rho float64) float64 {
	if tokens <= 1 {
		return tokens
	}
	return 1 + (tokens-1)*(1-rho)
}

// DefaultCorrelation is rho of EffectiveTokens: the middle of what the traces give.
const DefaultCorrelation = 0.25
