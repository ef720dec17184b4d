package json

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

type encoder struct {
	out   []byte
	types map[reflect.Type][]field
	err   error // the first stays
}

func (e *encoder) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		e.out = strconv.AppendBool(e.out, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		e.out = strconv.AppendInt(e.out, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		e.out = strconv.AppendUint(e.out, v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		e.float(v.Float(), v.Type().Bits())
	case reflect.String:
		e.text(v.String())
	case reflect.Invalid:
		e.write("null")
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			e.write("null")
			return
		}
		e.value(v.Elem())
	case reflect.Struct:
		e.object(v)
	case reflect.Map:
		e.dictionary(v)
	case reflect.Slice, reflect.Array:
		e.list(v)
	default:
		e.fail(v.Type())
	}
}

func (e *encoder) fail(t reflect.Type) {
	if e.err == nil {
		e.err = fmt.Errorf("json: %v: it has no form in JSON", t)
	}
}

func (e *encoder) object(v reflect.Value) {
	fields, known := e.types[v.Type()]
	if !known {
		fields = fieldsOf(v.Type())
		e.types[v.Type()] = fields
	}
	e.byte('{')
	first := true
	for i := range fields {
		f := &fields[i]
		member, there := at(v, f.index)
		if !there || f.omitEmpty && empty(member) {
			continue
		}
		if !first {
			e.byte(',')
		}
		first = false
		e.text(f.name)
		e.byte(':')
		e.value(member)
	}
	e.byte('}')
}

// at follows an index; there is nothing behind an embedded pointer that is nil.
func at(v reflect.Value, index []int) (reflect.Value, bool) {
	for i, n := range index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return v, false
			}
			v = v.Elem()
		}
		v = v.Field(n)
	}
	return v, true
}

// empty is what omitempty leaves out.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Map, reflect.Slice, reflect.Array, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

func (e *encoder) dictionary(v reflect.Value) {
	if v.Type().Key().Kind() != reflect.String {
		e.fail(v.Type())
		return
	}
	if v.IsNil() {
		e.write("null")
		return
	}
	members := map[string]reflect.Value{}
	for i := v.MapRange(); i.Next(); {
		members[i.Key().String()] = i.Value()
	}
	e.byte('{')
	for i, key := range slices.Sorted(maps.Keys(members)) {
		if i > 0 {
			e.byte(',')
		}
		e.text(key)
		e.byte(':')
		e.value(members[key])
	}
	e.byte('}')
}

func (e *encoder) list(v reflect.Value) {
	if v.Type().Elem().Kind() == reflect.Uint8 { // encoding/json writes bytes in base64, which nothing here has
		e.fail(v.Type())
		return
	}
	if v.Kind() == reflect.Slice && v.IsNil() {
		e.write("null")
		return
	}
	e.byte('[')
	for i := range v.Len() {
		if i > 0 {
			e.byte(',')
		}
		e.value(v.Index(i))
	}
	e.byte(']')
}

// float writes the shortest digits that read back the same, as JavaScript does.
func (e *encoder) float(f float64, bits int) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		if e.err == nil {
			e.err = fmt.Errorf("json: %v: JSON has no such number", f)
		}
		return
	}
	low, high := 1e-6, 1e21
	if bits == 32 {
		low, high = float64(float32(low)), float64(float32(high))
	}
	if size := math.Abs(f); size == 0 || size >= low && size < high {
		e.out = strconv.AppendFloat(e.out, f, 'f', -1, bits)
		return
	}
	e.out = strconv.AppendFloat(e.out, f, 'e', -1, bits)
	if n := len(e.out); n >= 4 && string(e.out[n-4:n-1]) == "e-0" { // e-09 is written e-9
		e.out[n-2] = e.out[n-1]
		e.out = e.out[:n-1]
	}
}

// text writes a string. What HTML or JavaScript might take for more than text
// is escaped.
func (e *encoder) text(s string) {
	e.byte('"')
	start := 0 // of what is written as it is
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if c >= utf8.RuneSelf && !(r == utf8.RuneError && n == 1) && r != '\u2028' && r != '\u2029' {
			i += n
			continue
		}
		e.write(s[start:i])
		if short := strings.IndexByte("\"\\\n\r\t\b\f", c); short >= 0 {
			e.byte('\\')
			e.byte("\"\\nrtbf"[short])
		} else {
			e.escape(r)
		}
		i += n
		start = i
	}
	e.write(s[start:])
	e.byte('"')
}

// escape writes a character by its number.
func (e *encoder) escape(r rune) {
	const digits = "0123456789abcdef"
	e.write(`\u`)
	for shift := 12; shift >= 0; shift -= 4 {
		e.byte(digits[r>>shift&15])
	}
}

func (e *encoder) byte(c byte)    { e.out = append(e.out, c) }
func (e *encoder) write(s string) { e.out = append(e.out, s...) }
