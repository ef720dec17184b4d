package replay

import "moecost/core/offload/cache"

// Count is the outcome of a replay.
type Count struct {
	Requests int   // experts asked for in the counted steps
	Hits     int   // of these, the ones that were there
	Missed   int64 // bytes of the others; their number if all experts are alike
}

// HitRate is the share of requests that hit; 0 if there were none.
func (c Count) HitRate() float64 {
	if c.Requests == 0 {
		return 0
	}
	return float64(c.Hits) / float64(c.Requests)
}

// Run replays a trace through a cache with room for so many bytes, or experts if all
// are alike, under one of the policies of this package or of package cache. Caches start
// empty. A cache per layer gets the same part of the room in each. The hot list of Static is made of the
// trace itself, of its most frequent experts in the counted steps: with hindsight, so an upper bound
// for any list.
func Run(t *Trace, p cache.Policy, room int64) Count { return run(t, p, room, false) }

// run is Run; an overdraft lets a step keep all that it asked for, beyond the room, until the next one has been answered.
func run(t *Trace, p cache.Policy, room int64, overdraft bool) Count {
	r := rules[p]
	if r.order == fixed {
		return runStatic(t, room)
	}
	caches := make([]*store, 1)
	if r.perLayer {
		caches = make([]*store, t.Layers())
		room /= int64(max(t.Layers(), 1))
	}
	for i := range caches {
		caches[i] = newStore(t.Layers()*t.Experts, room)
		caches[i].overdraft = overdraft
	}
	var ahead *future
	if r.order == nextUse {
		ahead = lookAhead(t)
	}
	used := make([]int, t.Layers()*t.Experts)
	var c Count
	clock := int64(0)
	for s, step := range t.Steps {
		for layer, asked := range step {
			store := caches[0]
			if r.perLayer {
				store = caches[layer]
			}
			batch := int64(s*t.Layers() + layer)
			for _, e := range asked {
				key := layer*t.Experts + int(e)
				clock++
				used[key]++
				next := int64(never)
				if ahead != nil {
					next = ahead.after(key)
				}
				hit := store.use(key, t.bytes(layer), r.order.rank(clock, used[key], next), batch)
				if s >= t.Prompt {
					c.count(hit, t.bytes(layer))
				}
			}
			store.shrink(batch)
		}
	}
	return c
}

func (c *Count) count(hit bool, bytes int64) {
	c.Requests++
	if hit {
		c.Hits++
	} else {
		c.Missed += bytes
	}
}

// runStatic replays the counted steps against a hot list per layer, made with hindsight from those very steps.
func runStatic(t *Trace, room int64) Count {
	room /= int64(max(t.Layers(), 1))
	var c Count
	for layer := range t.Layers() {
		listed := hotList(t, layer, int(min(room/t.bytes(layer), int64(t.Experts))))
		for _, step := range t.Counted() {
			for _, e := range step[layer] {
				c.count(listed[e], t.bytes(layer))
			}
		}
	}
	return c
}

// hotList marks the most frequent experts of a layer; of equals, the lower id.
func hotList(t *Trace, layer, slots int) []bool {
	used := make([]int, t.Experts)
	for _, step := range t.Counted() {
		for _, e := range step[layer] {
			used[e]++
		}
	}
	listed := make([]bool, t.Experts)
	for range slots {
		hottest := -1
		for e, n := range used {
			if !listed[e] && (hottest < 0 || n > used[hottest]) {
				hottest = e
			}
		}
		listed[hottest] = true
	}
	return listed
}

// future knows when each expert is asked for again, step by step and layer by layer.
type future struct {
	times [][]int64 // of each key, ascending
	seen  []int
}

func lookAhead(t *Trace) *future {
	f := &future{times: make([][]int64, t.Layers()*t.Experts), seen: make([]int, t.Layers()*t.Experts)}
	for s, step := range t.Steps {
		for layer, asked := range step {
			for _, e := range asked {
				key := layer*t.Experts + int(e)
				f.times[key] = append(f.times[key], int64(s*t.Layers()+layer))
			}
		}
	}
	return f
}

// after is the time of the use that follows the present one of a key. It is called once per use, in order.
func (f *future) after(key int) int64 {
	f.seen[key]++
	if f.seen[key] < len(f.times[key]) {
		return f.times[key][f.seen[key]]
	}
	return never
}
