package cache

import (
	"math"
	"sort"
)

// hottest is the expected number of requests of a step for the experts of a hot
// list with so many slots, the last of which may hold a fraction of an expert.
//
// A list made from popularity that has moved since, by a normal of the given
// sigma in the logarithm of each expert, holds expert i with probability
// Phi((ln pi_i - theta) / drift), theta such that these add up to the slots. For lognormal popularity
// of sigma s and few tokens that is Phi(s r - PhiInverse(1 - share)), r = s/sqrt(s*s + drift*drift).
func (t Traffic) hottest(slots, drift float64) float64 {
	if drift > 0 {
		return t.hottestThen(slots, drift)
	}
	pi := t.Coverage.Pi
	if !sort.SliceIsSorted(pi, func(i, j int) bool { return pi[i] > pi[j] }) {
		pi = append([]float64(nil), pi...)
		sort.Sort(sort.Reverse(sort.Float64Slice(pi)))
	}
	sum, tokens := 0.0, t.tokens(1)
	for i, p := range pi {
		if float64(i) >= slots {
			break
		}
		sum += min(slots-float64(i), 1) * requested(p, tokens)
	}
	return sum
}

func (t Traffic) hottestThen(slots, drift float64) float64 {
	listed := func(p, theta float64) float64 {
		if p <= 0 {
			return 0
		}
		return math.Erfc((theta-math.Log(p))/drift/math.Sqrt2) / 2
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range t.Coverage.Pi {
		if p > 0 {
			low, high = min(low, math.Log(p)), max(high, math.Log(p))
		}
	}
	low, high = low-9*drift, high+9*drift
	for range 48 {
		theta, sum := (low+high)/2, 0.0
		for _, p := range t.Coverage.Pi {
			sum += listed(p, theta)
		}
		if sum > slots {
			low = theta
		} else {
			high = theta
		}
	}
	sum, tokens := 0.0, t.tokens(1)
	for _, p := range t.Coverage.Pi {
		sum += listed(p, low) * requested(p, tokens)
	}
	return sum
}
