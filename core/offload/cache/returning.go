package cache

import "math"

// DefaultCorrelation is how alike two tokens of one sequence select, for Traffic.
//
// It was chosen on the replay of one answer of Qwen3-30B-A3B through LRU caches of seven sizes, 6 % of the experts to half of
// them, which it misses by 1.4 points on average at skew 1. Not chosen on, and missed: Gemma 4 26B-A4B's by 1.6,
// measured caches of Qwen3.6-35B-A3B by 5.1 (TinyTitan, 38 to 75 % of 256 experts) and 3.9 (FreeToken, 5 %).
// It is 10 points too hopeful for gpt-oss-120b run with two of its four experts a token, whose 64 tokens leave one
// request in nine that no cache could have answered (core/offload/replay/closed_test.go).
//
// routing.DefaultCorrelation is lower: it is of the unions of a few consecutive tokens, a draft under verification.
const DefaultCorrelation = 0.3

// Returning says how a sequence returns to its own experts: a token after n
// others, which together count as K independent ones, counts as (1-rho) K/n. The first counts 1
// and the second 1-rho.
//
// It is the rule of Pitman and Yor, "The two-parameter Poisson-Dirichlet distribution", Annals of
// Probability 25(2), 1997, with tokens for species and without their second parameter: a sequence meets new
// experts ever more rarely, but never stops. routing.EffectiveTokens is its other half, in which it soon
// does: right for drafts, too hopeful for a cache that remembers a hundred tokens.
func Returning(n, k, rho float64) float64 { return (1 - rho) * k / n }

// returning is how many independent tokens cover as many experts as so many
// consecutive tokens of one sequence: the sum of Returning,
//
//	K = Gamma(n+d) / (Gamma(n) Gamma(1+d)),  d = 1-rho
//
// with (n + (d-1)/2)^d for Gamma(n+d)/Gamma(n), which errs by 2.5 % at most and is smooth in n.
func returning(tokens, rho float64) float64 {
	if tokens <= 1 || rho <= 0 {
		return tokens
	}
	d := 1 - min(rho, 1)
	return math.Pow((tokens+(d-1)/2)/(1+(d-1)/2), d)
}
