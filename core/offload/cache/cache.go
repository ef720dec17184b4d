// Package cache says how many of the experts that a step asks for are already
// on the GPU, when the GPU keeps only some of them.
//
// A step asks each MoE layer for its distinct experts: D(T) of them for T tokens.
// The hit rate is the share of those requests that a cache answers, so a step
// copies (1 - hit rate) * D(T) experts of each layer. Experts of one layer are looked
// up together, before any of them is evicted.
//
// The closed forms take the tokens as independent draws from one popularity that
// does not move (the independent reference model). Package replay runs recorded routing through the
// same caches and shows what that assumption costs.
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
type Traffic struct {
	Coverage *routing.Coverage // popularity of the experts of one layer
	Tokens   float64           // independent tokens of one step, see routing.EffectiveTokens
	Layers   int               // MoE layers, which share a global cache
	Drift    float64           // lognormal sigma by which popularity has moved since the static list was made
}

// HitRate is the share of a step's requests for experts that a cache of the
// given share of all experts answers, 0 to 1: the ratio of expectations, in a long run. The share
// may stand for a fraction of an expert per layer. Share 0 gives 0, share 1 gives 1.
func (t Traffic) HitRate(p Policy, share float64) float64 {
	experts := float64(len(t.Coverage.Pi))
	slots := share * experts
	asked := t.Coverage.Distinct(t.Tokens)
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
		return t.hottest(slots, 0) / asked
	}
	return t.hottest(slots, t.Drift) / asked
}

// Cycle is the share of all experts that one step asks for. A global LRU that
// holds less never hits: layers are visited in turn, so that what it evicts is what
// it will be asked for next.
func (t Traffic) Cycle() float64 {
	return t.Coverage.Distinct(t.Tokens) / float64(len(t.Coverage.Pi))
}

// requested is the probability that a step asks for an expert of inclusion probability pi.
func (t Traffic) requested(pi float64) float64 {
	return -math.Expm1(t.Tokens * math.Log1p(-pi)) // pi = 1: log is -Inf, the value is 1
}
