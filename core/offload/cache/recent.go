package cache

import "math"

// recent is the hit rate of an LRU cache per layer, by Che's approximation: it
// holds the experts of the last so many steps, as many as touch that many distinct
// experts. A request misses if those steps did not touch the expert, so that with U(n)
// the distinct experts of n consecutive steps, in expectation,
//
//	U(n) = slots,  hit rate = 1 - (U(n+1) - U(n)) / U(1).
//
// A cache with less room than one step asks for keeps a part of the last step's
// experts, no matter which: its rate is that part of a whole step's.
//
// Source: Che, Tung, Wang, "Hierarchical Web Caching Systems", IEEE JSAC 20(7),
// 2002, with steps in place of the Poisson clock, which makes U exact.
func (t Traffic) recent(slots, asked float64) float64 {
	part := min(slots/asked, 1)
	n := t.remembered(max(slots, asked))
	if math.IsInf(n, 1) {
		return part
	}
	return part * (1 - (t.distinct(n+1)-t.distinct(n))/asked)
}

// longest bounds the steps that a cache is thought to remember.
const longest = 1 << 40

// remembered is how many consecutive steps, at least one, ask for so many distinct experts of
// a layer, in expectation; infinite if no number does. The number is a fraction in general.
func (t Traffic) remembered(experts float64) float64 {
	if t.distinct(longest) <= experts {
		return math.Inf(1)
	}
	low, high := 1.0, 2.0
	for t.distinct(high) < experts {
		low, high = high, 2*high
	}
	for range 40 { // to 1e-12 of the bracket, which is no wider than the value
		middle := (low + high) / 2
		if t.distinct(middle) < experts {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// recentOverLayers is the hit rate of one LRU cache over all layers. Layers are
// visited in turn, so an expert that was last asked for j steps ago is still there
// only if the cache holds all that all layers asked for in j steps: U(j) experts of each. Below
// one step nothing ever hits, and between j and j+1 steps more slots gain nothing.
//
// What j steps touch varies by chance, which rounds the corners: it is taken as
// normal. The sum over layers of what one token touches does not vary at all.
func (t Traffic) recentOverLayers(slots, asked float64) float64 {
	hit, touched, gained := 0.0, asked, asked // touched: U(j), gained: U(j) - U(j-1)
	for j := 1; j < mostSteps; j++ {
		next := t.distinct(float64(j + 1))
		last := gained - (next - touched) // asked for j steps ago and not since
		sigma := math.Sqrt(t.variance(t.tokens(float64(j))) / float64(max(t.Layers, 1)))
		hit += last * atMost(slots, touched, sigma)
		if touched-6*sigma > slots || next-touched < 1e-9*asked {
			break
		}
		gained, touched = next-touched, next
	}
	return hit / asked
}

// mostSteps bounds the sum over steps: what is asked for more rarely is little.
const mostSteps = 512

// variance of the distinct experts that so many tokens touch in a layer, as in
// the occupancy problem: that of independent experts, less what is lost because every token
// takes exactly top-k of them. One token touches top-k, whatever happens.
func (t Traffic) variance(tokens float64) float64 {
	if tokens <= 1 {
		return 0
	}
	c := t.Coverage
	slope := c.Distinct(tokens+0.5) - c.Distinct(tokens-0.5)
	return max(c.Distinct(2*tokens)-c.Distinct(tokens)-tokens*slope*slope/c.Distinct(1), 0)
}

// atMost is the probability that what has the given mean and sigma fits so many slots.
func atMost(slots, mean, sigma float64) float64 {
	if slots >= mean*(1-1e-6) && sigma == 0 { // the error of the table of coverage
		return 1
	}
	if sigma == 0 {
		return 0
	}
	return math.Erfc((mean-slots)/sigma/math.Sqrt2) / 2
}
