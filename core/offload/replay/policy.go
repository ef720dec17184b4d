package replay

import (
	"math"

	"moecost/core/offload/cache"
)

// rule is how a policy fills and empties its cache.
type rule struct {
	perLayer bool // every layer has its own share of the room
	order    order
}

// order says which entry goes first: the one with the lowest rank.
type order uint8

const (
	recency order = iota
	frequency
	nextUse
	fixed // nothing is admitted but what the list has
)

// rules has a row for each policy.
var rules = map[cache.Policy]rule{
	cache.Static:    {true, fixed},
	cache.LRU:       {true, recency},
	cache.LFU:       {true, frequency},
	cache.Global:    {false, recency},
	cache.GlobalLFU: {false, frequency},
	cache.Optimum:   {false, nextUse},
}

// rank of an entry that is used now: for the clock, how often it has been used,
// and when it will be used next.
func (o order) rank(clock int64, used int, next int64) int64 {
	switch o {
	case frequency:
		return int64(used)<<40 | clock // of two used equally often the one used longer ago
	case nextUse:
		return -next
	}
	return clock
}

// never is the time of the next use of what is not used again.
const never = math.MaxInt64
