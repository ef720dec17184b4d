package cache

import "math"

// recent is the hit rate of an LRU cache per layer, by Che's approximation: it
// holds the experts of the last tau tokens, where tau tokens touch as many distinct
// experts as there are slots. A request misses if the step needs an expert that those
// tau tokens did not touch, so that with D the expected number of distinct experts
//
//	D(tau) = slots,  hit rate = 1 - (D(tau+T) - D(tau)) / D(T).
//
// Source: Che, Tung, Wang, "Hierarchical Web Caching Systems", IEEE JSAC 20(7),
// 2002, with the Poisson clock replaced by tokens, which makes it exact in D.
func (t Traffic) recent(slots, asked float64) float64 {
	if always := t.Coverage.Distinct(1e-9); slots < always {
		return slots / asked // experts that every token selects: as many as there is room for
	}
	tau := t.tokensToTouch(slots)
	if math.IsInf(tau, 1) {
		return 1
	}
	return 1 - (t.Coverage.Distinct(tau+t.Tokens)-t.Coverage.Distinct(tau))/asked
}

// longest bounds the tokens that a cache is thought to remember.
const longest = 1 << 40

// tokensToTouch is how many tokens touch so many distinct experts of a layer,
// in expectation; infinite if no number does. The number is a fraction in general.
func (t Traffic) tokensToTouch(experts float64) float64 {
	if t.Coverage.Distinct(longest) <= experts {
		return math.Inf(1)
	}
	low, high := 0.0, 1.0
	for t.Coverage.Distinct(high) < experts {
		low, high = high, 2*high
	}
	for range 40 { // to 1e-12 of the bracket, which is no wider than the value
		middle := (low + high) / 2
		if t.Coverage.Distinct(middle) < experts {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// recentOverLayers is the hit rate of one LRU cache over all layers. Layers are
// visited in turn, so an expert that was last asked for j steps ago is still there
// only if the cache holds all that all layers asked for in j steps: D(jT) experts of each. Below
// one step nothing ever hits, and between j and j+1 steps more slots gain nothing.
//
// What j steps touch varies by chance, which rounds the corners: it is taken as
// normal. The sum over layers of what one token touches does not vary at all.
func (t Traffic) recentOverLayers(slots, asked float64) float64 {
	hit, before := 0.0, 0.0 // before: D(j T) - D((j-1) T), what step j back was the last to touch
	touched := 0.0
	before = asked
	for j := 1; ; j++ {
		touched = t.Coverage.Distinct(float64(j) * t.Tokens)
		next := t.Coverage.Distinct(float64(j+1)*t.Tokens) - touched
		last := before - next // asked for j steps ago and not since
		sigma := math.Sqrt(t.variance(float64(j)*t.Tokens) / float64(max(t.Layers, 1)))
		hit += last * normalAtMost(slots-touched, sigma)
		if touched-6*sigma > slots || next < 1e-9*asked || j == mostSteps {
			return hit / asked
		}
		before = next
	}
}

// mostSteps bounds the sum over steps. A skewed layer's coldest experts may wait for longer; they are rarely asked for.
const mostSteps = 4096

// variance of the distinct experts that so many tokens touch in a layer, as in
// the occupancy problem: that of independent experts, less what is lost because every token
// takes exactly top-k of them. Never below 0.
func (t Traffic) variance(tokens float64) float64 {
	d := t.Coverage
	slope := d.Distinct(tokens+0.5) - d.Distinct(tokens-0.5)
	top := d.Distinct(1)
	return max(d.Distinct(2*tokens)-d.Distinct(tokens)-tokens*slope*slope/top, 0)
}

// normalAtMost is the probability that a normal of mean 0 does not exceed x; sigma 0 is allowed.
func normalAtMost(x, sigma float64) float64 {
	if sigma <= 0 {
		if x < -1e-9 {
			return 0
		}
		return 1
	}
	return math.Erfc(-x/sigma/math.Sqrt2) / 2
}
