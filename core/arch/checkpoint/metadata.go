package checkpoint

import (
	"encoding/binary"
	"math"
)

// Metadata is the key-value part of a GGUF header: whole numbers as int64,
// others as float64, bool, string, and lists of numbers as []int64. Tokenizer
// vocabularies and other lists of text are passed over.
type Metadata map[string]any

// Text returns a string value, "" if there is none.
func (m Metadata) Text(key string) string {
	s, _ := m[key].(string)
	return s
}

// Int returns a whole number.
func (m Metadata) Int(key string) (int64, bool) {
	n, ok := m[key].(int64)
	return n, ok
}

// Ints returns a list of whole numbers; a single number is a list of one.
func (m Metadata) Ints(key string) []int64 {
	switch value := m[key].(type) {
	case []int64:
		return value
	case int64:
		return []int64{value}
	}
	return nil
}

// Value types of GGUF. Source: ggml, docs/gguf.md, enum gguf_metadata_value_type.
const (
	typeUint8 uint32 = iota
	typeInt8
	typeUint16
	typeInt16
	typeUint32
	typeInt32
	typeFloat32
	typeBool
	typeString
	typeArray
	typeUint64
	typeInt64
	typeFloat64
)

// width of each value type in bytes; 0 for strings and arrays.
var width = [...]uint64{
	typeUint8: 1, typeInt8: 1, typeUint16: 2, typeInt16: 2, typeUint32: 4, typeInt32: 4, typeFloat32: 4,
	typeBool: 1, typeString: 0, typeArray: 0, typeUint64: 8, typeInt64: 8, typeFloat64: 8,
}

// What is kept of a value. Lists per layer have one number per layer; longer
// ones are tokenizer scores.
const (
	maxText = 64 << 10
	maxList = 4096
)

func readPair(c *cursor, m Metadata) {
	key := c.text(maxText, "metadata key")
	kind := c.uint32()
	if c.err != nil {
		return
	}
	if _, twice := m[key]; twice {
		c.fail("metadata key %q is there twice", key)
		return
	}
	if kind == typeArray {
		readArray(c, key, m)
		return
	}
	if value := readValue(c, key, kind); value != nil {
		m[key] = value
	}
}

func readValue(c *cursor, key string, kind uint32) any {
	switch {
	case kind == typeString:
		length := c.uint64()
		if length > maxText { // a chat template, a tokenizer in one string
			c.skip(length)
			return nil
		}
		return string(c.take(int(length)))
	case kind == typeArray || int(kind) >= len(width):
		c.fail("metadata key %q: value type %d is not one of GGUF's", key, kind)
		return nil
	}
	return number(c.take(int(width[kind])), kind)
}

// number decodes a value of fixed width; nil if b is.
func number(b []byte, kind uint32) any {
	if b == nil {
		return nil
	}
	var bits [8]byte
	copy(bits[:], b)
	u := binary.LittleEndian.Uint64(bits[:])
	switch kind {
	case typeInt8:
		return int64(int8(u))
	case typeInt16:
		return int64(int16(u))
	case typeInt32:
		return int64(int32(u))
	case typeFloat32:
		return float64(math.Float32frombits(uint32(u)))
	case typeFloat64:
		return math.Float64frombits(u)
	case typeBool:
		return u != 0
	}
	if u > math.MaxInt64 {
		return float64(u)
	}
	return int64(u)
}

// readArray keeps lists of whole numbers and switches; everything else is
// passed over without being held.
func readArray(c *cursor, key string, m Metadata) {
	kind, n := c.uint32(), c.uint64()
	if c.err != nil {
		return
	}
	switch {
	case kind == typeString:
		for range n {
			if c.skip(c.uint64()); c.err != nil {
				return
			}
		}
	case kind == typeArray || int(kind) >= len(width):
		c.fail("metadata key %q: a list of value type %d cannot be read", key, kind)
	case n > maxList || kind == typeFloat32 || kind == typeFloat64:
		if n > maxCount {
			c.fail("metadata key %q: a list of %d values: more than any file has", key, n)
			return
		}
		c.skip(n * width[kind])
	default:
		list := make([]int64, 0, n)
		for range n {
			switch value := number(c.take(int(width[kind])), kind).(type) {
			case int64:
				list = append(list, value)
			case bool:
				one := int64(0)
				if value {
					one = 1
				}
				list = append(list, one)
			}
		}
		m[key] = list
	}
}

// text reads a string of at most limit bytes.
func (c *cursor) text(limit uint64, what string) string {
	n := c.uint64()
	if n > limit {
		c.fail("a %s of %d bytes: %d at most would do", what, n, limit)
		return ""
	}
	return string(c.take(int(n)))
}
