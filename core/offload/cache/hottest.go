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
	return t.Answered(newList(hottestFirst(t.Coverage.Pi), slots, drift))
}

// threshold is theta of a list made from popularity that has moved since: Newton's
// method, kept within a bracket.
func threshold(pi []float64, slots, drift float64) float64 {
	theta := math.Log(max(pi[min(int(slots), len(pi)-1)], math.SmallestNonzeroFloat64))
	low, high := math.Inf(-1), math.Inf(1)
	for range 60 {
		sum, slope := 0.0, 0.0
		sure, never := math.Exp(theta+far*drift), math.Exp(theta-far*drift) // most experts are one or the other
		for _, p := range pi {
			switch {
			case p >= sure:
				sum++
			case p > never:
				part, density := listed(p, theta, drift)
				sum += part
				slope += density
			}
		}
		if math.Abs(sum-slots) < 1e-5*min(slots, float64(len(pi))-slots) {
			break
		}
		if sum > slots {
			low = theta
		} else {
			high = theta
		}
		next := theta + (sum-slots)/slope
		if !(next > low && next < high) { // too far, or where nothing is near
			next = min(max((low+high)/2, theta-4*drift), theta+4*drift)
		}
		theta = next
	}
	return theta
}

// far is a distance in sigmas that next to nothing comes from: 3e-7.
const far = 5

// listed is the probability that an expert is on such a list, and by how much it falls
// with theta.
func listed(pi, theta, drift float64) (part, density float64) {
	if pi <= 0 {
		return 0, 0
	}
	x := (math.Log(pi) - theta) / drift
	switch {
	case x > far:
		return 1, 0
	case x < -far:
		return 0, 0
	}
	return math.Erfc(-x/math.Sqrt2) / 2, math.Exp(-x*x/2) / (drift * math.Sqrt(2*math.Pi))
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
