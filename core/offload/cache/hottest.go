package cache

import (
	"math"
	"slices"
)

// hottest is the share of a step's requests that go to a hot list with so many
// slots, the last of which may hold a fraction of an expert.
//
// A list made from popularity that has moved since, by a normal of the given
// sigma in the logarithm of each expert, holds expert i with probability
// Phi((ln pi_i - theta) / drift), theta such that these add up to the slots. For lognormal popularity
// of sigma s and few tokens the share is Phi(s r - PhiInverse(1 - c)) of c = slots / experts,
// r = s / sqrt(s*s + drift*drift).
func (t Traffic) hottest(slots, drift float64) float64 {
	theta := 0.0
	if drift > 0 {
		theta = t.threshold(slots, drift)
	}
	tokens := t.tokens(1)
	hit, all := 0.0, 0.0
	for i, p := range hottestFirst(t.Coverage.Pi) {
		asked := requested(p, tokens)
		all += asked
		switch {
		case drift > 0:
			hit += asked * listed(p, theta, drift)
		case float64(i) < slots:
			hit += asked * min(slots-float64(i), 1)
		}
	}
	return hit / all
}

// threshold is theta of a list made from popularity that has moved since.
func (t Traffic) threshold(slots, drift float64) float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range t.Coverage.Pi {
		if p > 0 {
			low, high = min(low, math.Log(p)), max(high, math.Log(p))
		}
	}
	low, high = low-9*drift, high+9*drift // 9 sigma: all or none are listed
	for range 40 {
		theta, sum := (low+high)/2, 0.0
		for _, p := range t.Coverage.Pi {
			sum += listed(p, theta, drift)
		}
		if sum > slots {
			low = theta
		} else {
			high = theta
		}
	}
	return (low + high) / 2
}

// listed is the probability that an expert is on such a list.
func listed(pi, theta, drift float64) float64 {
	if pi <= 0 {
		return 0
	}
	return math.Erfc((theta-math.Log(pi))/drift/math.Sqrt2) / 2
}

// hottestFirst sorts what is not sorted: the counts of a single layer.
func hottestFirst(pi []float64) []float64 {
	for i := range len(pi) - 1 {
		if pi[i] < pi[i+1] {
			sorted := slices.Clone(pi)
			slices.Sort(sorted)
			slices.Reverse(sorted)
			return sorted
		}
	}
	return pi
}
