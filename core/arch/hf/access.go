package hf

import (
	"encoding/json"
	"fmt"
	"math"
	"sort"
	"strings"
)

// lookup finds the first of several names for one thing, here or in the outer config.
func (c *config) lookup(keys []string) (name string, value any, found bool) {
	for _, key := range keys {
		c.log.asked[c.path+key] = true
	}
	for _, key := range keys {
		if v, ok := c.values[key]; ok && v != nil {
			return c.path + key, v, true
		}
	}
	if c.outer != nil {
		return c.outer.lookup(keys)
	}
	return c.path + keys[0], nil, false
}

func (c *config) has(keys ...string) bool {
	_, _, ok := c.lookup(keys)
	return ok
}

// isNull says that the key stands there as null, which for some keys means "none"
// where a missing key means the default.
func (c *config) isNull(key string) bool {
	value, there := c.values[key]
	if there {
		c.log.asked[c.path+key] = true
	}
	return there && value == nil
}

func (c *config) fail(key, format string, args ...any) {
	c.log.errs = append(c.log.errs, fmt.Errorf("config.json: %s: %s", key, fmt.Sprintf(format, args...)))
}

func (c *config) assume(key string, value any) {
	c.log.assumed = append(c.log.assumed, Assumption{Key: key, Value: fmt.Sprint(value)})
}

// integer reads a required whole number between 1 and limit.
func (c *config) integer(limit int64, keys ...string) int64 {
	name, value, ok := c.lookup(keys)
	if !ok {
		c.fail(name, "missing: this family needs it")
		return 1
	}
	return c.wholeNumber(name, value, 1, limit)
}

// dim reads a required width.
func (c *config) dim(keys ...string) int64 { return c.integer(maxDim, keys...) }

// dimOr reads a width with the family's default. A default is recorded as an
// assumption. Zero is allowed: it says that the thing is absent.
func (c *config) dimOr(def int64, keys ...string) int64 {
	name, value, ok := c.lookup(keys)
	if !ok {
		c.assume(name, def)
		return def
	}
	return c.wholeNumber(name, value, 0, maxDim)
}

// dimIf reads an optional width: 0 if absent, without an assumption.
func (c *config) dimIf(keys ...string) int64 {
	name, value, ok := c.lookup(keys)
	if !ok {
		return 0
	}
	return c.wholeNumber(name, value, 0, maxDim)
}

func (c *config) wholeNumber(name string, value any, low, high int64) int64 {
	n, ok := toInt(value)
	if !ok {
		c.fail(name, "%s is not a whole number", show(value))
		return max(low, 1)
	}
	if n < low || n > high {
		c.fail(name, "%d is out of range: %d to %d would do", n, low, high)
		return max(low, 1)
	}
	return n
}

func toInt(value any) (int64, bool) {
	number, ok := value.(json.Number)
	if !ok {
		return 0, false
	}
	if n, err := number.Int64(); err == nil {
		return n, true
	}
	f, err := number.Float64() // 1e6 and 8.0 are whole numbers too
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// boolOr reads a switch; the default is the family's and needs no mention.
func (c *config) boolOr(def bool, keys ...string) bool {
	name, value, ok := c.lookup(keys)
	if !ok {
		return def
	}
	b, ok := value.(bool)
	if !ok {
		c.fail(name, "%s is not true or false", show(value))
		return def
	}
	return b
}

func (c *config) textOr(def string, keys ...string) string {
	name, value, ok := c.lookup(keys)
	if !ok {
		return def
	}
	s, ok := value.(string)
	if !ok {
		c.fail(name, "%s is not a string", show(value))
		return def
	}
	return s
}

func (c *config) floatOr(def float64, keys ...string) float64 {
	name, value, ok := c.lookup(keys)
	if !ok {
		return def
	}
	number, ok := value.(json.Number)
	if !ok {
		c.fail(name, "%s is not a number", show(value))
		return def
	}
	f, err := number.Float64()
	if err != nil {
		c.fail(name, "%s is not a number", show(value))
		return def
	}
	return f
}

// ownText is a string of this object itself; empty if it is absent or something else.
func (c *config) ownText(key string) string {
	s, _ := c.values[key].(string)
	return s
}

// ownTexts are the strings of a list of this object itself, a few at most.
func (c *config) ownTexts(key string) []string {
	var out []string
	items, _ := c.values[key].([]any)
	for _, item := range items[:min(len(items), 8)] {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// object returns a nested object, nil if absent or something else.
func (c *config) object(key string) *config {
	c.log.asked[c.path+key] = true
	values, ok := c.values[key].(map[string]any)
	if !ok {
		return nil
	}
	return &config{path: c.path + key + ".", values: values, log: c.log}
}

// unread lists the keys of this object that nobody asked for, that say
// something (null does not) and that are not known to leave the counts alone.
func (c *config) unread() []string {
	var out []string
	for key, value := range c.values {
		if value != nil && !c.log.asked[c.path+key] && !harmless(key) {
			out = append(out, c.path+key)
		}
	}
	sort.Strings(out)
	return out
}

// show prints a JSON value for an error message, shortened.
func show(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return "that value"
	}
	const most = 40
	if s := string(text); len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return string(text)
}

// quiet marks all keys of an object as asked for: what the reader of that
// object does not know in it, it reports itself.
func (l *log) quiet(c *config) {
	for key := range c.values {
		l.asked[c.path+key] = true
	}
}

// number reads an optional whole number of either sign, 0 if absent: some
// configs write -1 for "off".
func (c *config) number(keys ...string) int64 {
	name, value, ok := c.lookup(keys)
	if !ok {
		return 0
	}
	return c.wholeNumber(name, value, -1, maxDim)
}
