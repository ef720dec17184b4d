// Package routing says which experts a batch of tokens hits: how many distinct
// ones, how many on the busiest rank, and how many tokens go there.
//
// Popularity is described by inclusion probabilities: pi[i] is the probability
// that one token selects expert i, with sum top-k and none above 1. That is
// all the expected number of distinct experts depends on, whatever the scheme that draws k
// experts without replacement. Draws with replacement are never used: they
// give 7.57 distinct experts to a token that has exactly 8.
//
// The default law is lognormal with one parameter, sigma. Published routing
// statistics of fine-grained models on one workload lie at 0.9 to 1.1, broad chat on
// OLMoE at 0.5; sigma 0 is uniform. The bounded power law used elsewhere in the field
// is offered beside it.
//
// What is not modelled: tokens are independent unless EffectiveTokens is asked,
// and a layer's popularity does not drift.
package routing

import "math"

// Inclusion returns the inclusion probabilities of a lognormal popularity
// exp(sigma z), hottest expert first, z at the midpoint quantiles of the normal
// law. They sum to topK; what exceeds 1 is capped and redistributed. sigma 0 is uniform.
// A topK of experts or more gives ones.
func Inclusion(experts, topK int, sigma float64) []float64 {
	weights := make([]float64, max(experts, 0))
	for i := range weights {
		p := 1 - (float64(i)+0.5)/float64(experts)
		weights[i] = math.Exp(sigma * normalQuantile(p))
	}
	return FromWeights(weights, topK)
}

// InclusionAmong is Inclusion of the experts with weights where the router also
// chooses among others without (LongCat-Flash). Those stand evenly among the rest, as nothing
// says that they are hotter or colder: the sum is topK times the share of experts with weights,
// to within the grid of quantiles.
func InclusionAmong(experts, without, topK int, sigma float64) []float64 {
	return among(Inclusion(experts+max(without, 0), topK, sigma), experts)
}

// among takes so many of all, evenly.
func among(all []float64, experts int) []float64 {
	if len(all) <= experts {
		return all
	}
	pi := make([]float64, max(experts, 0))
	for i := range pi {
		pi[i] = all[(2*i+1)*len(all)/(2*experts)]
	}
	return pi
}

// PowerLaw returns the inclusion probabilities of a popularity drawn from a
// bounded power law of exponent alpha on [1, experts], at its midpoint quantiles,
// hottest expert first. Alpha 0 is a uniform law of popularity, not uniform routing.
//
// Source of the law and of its usual exponents, 1.01 (lower imbalance) and 1.2
// (typical production): NVIDIA aiconfigurator, docs/POWER_LAW_DISTRIBUTION.md.
func PowerLaw(experts, topK int, alpha float64) []float64 {
	weights := make([]float64, max(experts, 0))
	for i := range weights {
		u := 1 - (float64(i)+0.5)/float64(experts)
		weights[i] = boundedPowerLaw(u, 1, float64(experts), alpha)
	}
	return FromWeights(weights, topK)
}

// boundedPowerLaw is the quantile function of the density x^-alpha on [low, high].
func boundedPowerLaw(u, low, high, alpha float64) float64 {
	if math.Abs(alpha-1) < 1e-9 {
		return low * math.Pow(high/low, u)
	}
	e := 1 - alpha
	return math.Pow((math.Pow(high, e)-math.Pow(low, e))*u+math.Pow(low, e), 1/e)
}

// FromWeights scales non-negative weights to inclusion probabilities that sum to
// topK, capping at 1 and giving the rest of the mass to the others in proportion.
func FromWeights(weights []float64, topK int) []float64 {
	pi := make([]float64, len(weights))
	if topK >= len(weights) {
		for i := range pi {
			pi[i] = 1
		}
		return pi
	}
	if topK <= 0 {
		return pi
	}
	capped := 0
	for {
		sum := 0.0
		for i, w := range weights {
			if pi[i] < 1 {
				sum += w
			}
		}
		if sum <= 0 {
			return pi
		}
		scale := float64(topK-capped) / sum
		again := false
		for i, w := range weights {
			if pi[i] == 1 {
				continue
			}
			if w*scale >= 1 {
				pi[i] = 1
				capped++
				again = true
			}
		}
		if again {
			continue
		}
		for i, w := range weights {
			if pi[i] < 1 {
				pi[i] = w * scale
			}
		}
		return pi
	}
}

// MaxOverMean is how much hotter the hottest expert is than the average one.
func MaxOverMean(pi []float64) float64 {
	sum, top := 0.0, 0.0
	for _, p := range pi {
		sum += p
		top = math.Max(top, p)
	}
	if sum == 0 {
		return 1
	}
	return top * float64(len(pi)) / sum
}

// Gini is the Gini coefficient of a popularity sorted hottest first: 0 for
// uniform routing, erf(sigma/2) for an uncapped lognormal of many experts.
func Gini(pi []float64) float64 {
	n, sum, weighted := float64(len(pi)), 0.0, 0.0
	for i, p := range pi {
		sum += p
		weighted += p * (n - float64(i))
	}
	if sum == 0 {
		return 0
	}
	return 2*weighted/(n*sum) - (n+1)/n
}
