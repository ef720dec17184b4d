package hf

import (
	"fmt"
	"math"
)

// list returns the elements of an array, nil if absent. A number stands for
// itself where a family allows both (moe_topk of Hunyuan).
func (c *config) list(keys ...string) []any {
	name, value, ok := c.lookup(keys)
	if !ok {
		return nil
	}
	items, ok := value.([]any)
	if !ok {
		c.fail(name, "%s is not a list", show(value))
	}
	if len(items) > maxExperts {
		c.fail(name, "%d entries: %d at most would do", len(items), maxExperts)
		return nil
	}
	return items
}

// intList is list for whole numbers.
func (c *config) intList(keys ...string) []int64 {
	var out []int64
	for i, item := range c.list(keys...) {
		out = append(out, c.wholeNumber(fmt.Sprintf("%s%s[%d]", c.path, keys[0], i), item, math.MinInt32, math.MaxInt32))
	}
	return out
}

// intListOrNumber is intList for a key that may also hold one number.
func (c *config) intListOrNumber(keys ...string) []int64 {
	name, value, found := c.lookup(keys)
	if !found {
		return nil
	}
	if _, ok := value.([]any); ok {
		return c.intList(keys...)
	}
	return []int64{c.wholeNumber(name, value, -1, maxDim)}
}

// textList is list for strings.
func (c *config) textList(keys ...string) []string {
	var out []string
	for i, item := range c.list(keys...) {
		s, ok := item.(string)
		if !ok {
			c.fail(fmt.Sprintf("%s%s[%d]", c.path, keys[0], i), "%s is not a string", show(item))
			continue
		}
		out = append(out, s)
	}
	return out
}

// objects is list for nested objects.
func (c *config) objects(key string) []*config {
	var out []*config
	for i, item := range c.list(key) {
		values, ok := item.(map[string]any)
		path := fmt.Sprintf("%s%s[%d]", c.path, key, i)
		if !ok {
			c.fail(path, "%s is not an object", show(item))
		}
		out = append(out, &config{path: path + ".", values: values, log: c.log})
	}
	return out
}

// numberPerLayer reads a key that holds one number for all layers or a list with one each.
func (b *builder) numberPerLayer(layers int, def int64, keys ...string) []int64 {
	out := make([]int64, layers)
	name, value, found := b.c.lookup(keys)
	if items, ok := value.([]any); ok {
		b.sameLength(keys[0], len(items), layers)
		for i := range out {
			if i < len(items) {
				out[i] = b.c.wholeNumber(name, items[i], 0, maxDim)
			}
		}
		return out
	}
	if found {
		def = b.c.wholeNumber(name, value, 0, maxDim)
	} else {
		b.c.assume(name, def)
	}
	for i := range out {
		out[i] = def
	}
	return out
}
