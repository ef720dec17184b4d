// Package cache says how many of the experts that a step asks for are already
// on the GPU, when the GPU keeps only some of them.
//
// A step asks each MoE layer for its distinct experts: D(T) of them for T tokens.
// The hit rate is the share of those requests that a cache answers, so a step
// copies (1 - hit rate) * D(T) experts of each layer. Experts of one layer are looked
// up together, before any of them is evicted.
//
// The closed forms take popularity as one law that all layers share and that does not move, and
// tokens as independent or correlated by one number. Package replay runs recorded routing
// through the same caches and shows what those assumptions cost.
package cache

import (
	"math"

	"moecost/core/routing"
)

// Policy is what a GPU cache of experts keeps; the values are those of the scenario's key evict.
type Policy string

const (
	Static Policy = "static" // the experts that were hottest when a list was made
	LRU    Policy = "lru"    // of each layer, the last ones used
	LFU    Policy = "lfu"    // of each layer, the ones used most often so far
	Global Policy = "global" // one list of the last ones used, over all layers
)

// Policies lists the policies, the default first.
var Policies = [...]Policy{Static, LRU, LFU, Global}

// Traffic is what the MoE layers of a model are asked for.
//
// A sequence returns to its own experts, which is most of what a cache lives on at
// small batches: see Returning. Sequences are independent of each other.
type Traffic struct {
	Coverage    *routing.Coverage // popularity of the experts of one layer
	Sequences   float64           // sequences of one step
	Each        float64           // tokens of each sequence in one step: 1, and the drafted ones
	Correlation float64           // of two tokens of one sequence, as in routing.EffectiveTokens; 0: tokens are independent
	Layers      int               // MoE layers, which share a global cache
	Drift       float64           // lognormal sigma by which popularity has moved since the static list was made
}

// HitRate is the share of a step's requests for experts that a cache of the
// given share of all experts answers, 0 to 1: the ratio of expectations, in a long run. The share
// may stand for a fraction of an expert per layer. Share 0 gives 0, share 1 gives 1.
func (t Traffic) HitRate(p Policy, share float64) float64 {
	experts := float64(len(t.Coverage.Pi))
	slots := share * experts
	asked := t.distinct(1)
	switch {
	case !(slots > 0) || !(asked > 0):
		return 0
	case slots >= experts:
		return 1
	case p == LRU:
		return t.recent(slots, asked)
	case p == Global:
		return t.recentOverLayers(slots, asked)
	case p == LFU:
		// A sequence that returns to its own experts makes those the most frequent ones.
		return max(t.frequent(slots), t.recent(slots, asked))
	}
	return t.hottest(slots, t.Drift)
}

// Cycle is the share of all experts that one step asks for. A global LRU that
// holds less never hits: layers are visited in turn, so that what it evicts is what
// it will be asked for next.
func (t Traffic) Cycle() float64 {
	return t.distinct(1) / float64(len(t.Coverage.Pi))
}

// distinct is the expected number of distinct experts of a layer that so many consecutive steps ask for.
func (t Traffic) distinct(steps float64) float64 { return t.Coverage.Distinct(t.tokens(steps)) }

// tokens is how many independent tokens so many consecutive steps are worth.
func (t Traffic) tokens(steps float64) float64 {
	return t.Sequences * returning(steps*t.Each, t.Correlation)
}

// requested is the probability that a step of so many independent tokens asks
// for an expert of inclusion probability pi.
func requested(pi, tokens float64) float64 {
	if tokens == 1 {
		return pi
	}
	return -math.Expm1(tokens * math.Log1p(-pi)) // pi = 1: log is -Inf, the value is 1
}
