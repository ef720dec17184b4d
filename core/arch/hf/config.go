package hf

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// config is one JSON object of the file. It remembers which keys were asked
// for, so that the rest can be reported, and collects errors, so that a family
// reads like a list of tensors and not like error handling.
type config struct {
	path   string // "" for the file, "text_config." below
	values map[string]any
	outer  *config // where missing keys may stand too
	log    *log
}

// log is shared by all objects of one file.
type log struct {
	asked   map[string]bool
	assumed []Assumption
	errs    []error
}

// Limits keep a hostile config from costing time or overflowing a count. They
// are far above anything published: 93 layers, 896 experts, hidden 18,432.
const (
	maxDim     = 1 << 24
	maxLayers  = 4096
	maxExperts = 1 << 16
)

func parse(data []byte) (*config, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("config.json: %d bytes: a config is below %d bytes; this looks like another file (weights, tokenizer?)", len(data), MaxBytes)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, fmt.Errorf("config.json: empty: paste the whole file, from { to }")
	}
	if !utf8.Valid(data) {
		return nil, fmt.Errorf("config.json: not text: it holds bytes that are not UTF-8; this looks like a binary file")
	}
	decoder := json.NewDecoder(bytes.NewReader(quoteNonFinite(data)))
	decoder.UseNumber()
	var values map[string]any
	if err := decoder.Decode(&values); err != nil {
		return nil, jsonError(data, err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("config.json: text after the closing brace: paste one file at a time")
	}
	if values == nil {
		return nil, fmt.Errorf("config.json: null: expected an object, from { to }")
	}
	return &config{values: values, log: &log{asked: map[string]bool{}}}, nil
}

// quoteNonFinite turns the Infinity, -Infinity and NaN that Python writes
// (time_step_limit of the Mamba families) into strings, which JSON has.
func quoteNonFinite(data []byte) []byte {
	if !bytes.Contains(data, []byte("Infinity")) && !bytes.Contains(data, []byte("NaN")) {
		return data
	}
	var out bytes.Buffer
	inString := false
	for i := 0; i < len(data); i++ {
		c := data[i]
		switch {
		case inString && c == '\\' && i+1 < len(data):
			out.WriteByte(c)
			i++
			c = data[i]
		case c == '"':
			inString = !inString
		case !inString:
			if word := nonFinite(data[i:]); word != "" {
				out.WriteString(strconv.Quote(word))
				i += len(word) - 1
				continue
			}
		}
		out.WriteByte(c)
	}
	return out.Bytes()
}

func nonFinite(rest []byte) string {
	for _, word := range []string{"-Infinity", "Infinity", "NaN"} {
		if bytes.HasPrefix(rest, []byte(word)) {
			return word
		}
	}
	return ""
}

func jsonError(data []byte, err error) error {
	offset := int64(-1)
	switch e := err.(type) {
	case *json.SyntaxError:
		offset = e.Offset
	case *json.UnmarshalTypeError:
		return fmt.Errorf("config.json: it is a JSON %s: expected an object, from { to }", e.Value)
	}
	if err == io.ErrUnexpectedEOF || err == io.EOF {
		return fmt.Errorf("config.json: it ends in the middle: a closing brace is missing; paste the whole file")
	}
	if offset < 0 || offset > int64(len(data)) {
		return fmt.Errorf("config.json: not JSON: %v", err)
	}
	line := 1 + bytes.Count(data[:offset], []byte("\n"))
	return fmt.Errorf("config.json, line %d: not JSON: %v", line, err)
}

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
	c.log.assumed = append(c.log.assumed, Assumption{key, fmt.Sprint(value)})
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
