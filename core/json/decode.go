package json

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// deepest bounds nesting, so that a hostile text cannot exhaust the stack.
const deepest = 200

type decoder struct {
	text  []byte
	at    int
	depth int
	types map[reflect.Type][]field
	err   error // the first stays; at then points to the end, so that nothing more is read
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf("json: byte %d: %s", d.at, fmt.Sprintf(format, args...))
	}
	d.at = len(d.text)
}

// next is the next byte, 0 at the end.
func (d *decoder) next() byte {
	if d.at < len(d.text) {
		return d.text[d.at]
	}
	return 0
}

func (d *decoder) space() {
	for d.at < len(d.text) {
		switch d.text[d.at] {
		case ' ', '\t', '\n', '\r':
			d.at++
		default:
			return
		}
	}
}

// take passes over a byte that must be there.
func (d *decoder) take(c byte) {
	if d.next() != c {
		d.fail("%q is missing", c)
		return
	}
	d.at++
}

// word passes over a word, if it stands here.
func (d *decoder) word(w string) bool {
	if len(d.text)-d.at >= len(w) && string(d.text[d.at:d.at+len(w)]) == w {
		d.at += len(w)
		return true
	}
	return false
}

// value reads one value into v; into nothing if v is not valid.
func (d *decoder) value(v reflect.Value) {
	if d.depth++; d.depth > deepest {
		d.fail("nested more than %d deep", deepest)
	}
	defer func() { d.depth-- }()
	if d.word("null") {
		if v.IsValid() {
			v.SetZero()
		}
		return
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	switch c := d.next(); {
	case c == '{':
		d.object(v)
	case c == '[':
		d.list(v)
	case c == '"':
		s := d.string()
		if d.expect(v, reflect.String) {
			v.SetString(s)
		}
	case c == '-' || c >= '0' && c <= '9':
		d.number(v)
	case d.word("true"):
		if d.expect(v, reflect.Bool) {
			v.SetBool(true)
		}
	case d.word("false"):
		if d.expect(v, reflect.Bool) {
			v.SetBool(false)
		}
	default:
		d.fail("a value is missing")
	}
}

// expect tells whether v is there and of this kind; of another kind it is an error.
func (d *decoder) expect(v reflect.Value, kind reflect.Kind) bool {
	if d.err != nil || !v.IsValid() {
		return false
	}
	if v.Kind() != kind {
		d.fail("a %v is no %v", kind, v.Type())
		return false
	}
	return true
}

func (d *decoder) object(v reflect.Value) {
	var fields []field
	if d.expect(v, reflect.Struct) {
		var known bool
		if fields, known = d.types[v.Type()]; !known {
			fields = fieldsOf(v.Type())
			d.types[v.Type()] = fields
		}
	}
	d.members('{', '}', func() {
		name := d.string()
		d.space()
		d.take(':')
		d.space()
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == name })
		if i < 0 || d.err != nil {
			d.value(reflect.Value{})
			return
		}
		member, there := at(v, fields[i].index)
		if !there {
			d.fail("%s: it stands in an embedded pointer", name)
			return
		}
		d.value(member)
	})
}

func (d *decoder) list(v reflect.Value) {
	into := d.expect(v, reflect.Slice)
	if into {
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	}
	d.members('[', ']', func() {
		if !into || d.err != nil {
			d.value(reflect.Value{})
			return
		}
		n := v.Len()
		if n == v.Cap() {
			v.Grow(max(n, 4))
		}
		v.SetLen(n + 1)
		v.Index(n).SetZero()
		d.value(v.Index(n))
	})
}

// members calls each for what stands between two brackets, divided by commas.
func (d *decoder) members(open, end byte, each func()) {
	d.take(open)
	d.space()
	if d.next() == end && d.err == nil {
		d.at++
		return
	}
	for d.err == nil {
		each()
		d.space()
		if d.next() == end && d.err == nil {
			d.at++
			return
		}
		d.take(',')
		d.space()
	}
}

// number reads a number as JSON writes them.
func (d *decoder) number(v reflect.Value) {
	start := d.at
	digits := func() {
		from := d.at
		for c := d.next(); c >= '0' && c <= '9'; c = d.next() {
			d.at++
		}
		if d.at == from {
			d.fail("a digit is missing")
		}
	}
	if d.next() == '-' {
		d.at++
	}
	if d.next() == '0' {
		d.at++
	} else {
		digits()
	}
	if d.next() == '.' {
		d.at++
		digits()
	}
	if c := d.next(); c == 'e' || c == 'E' {
		d.at++
		if c := d.next(); c == '+' || c == '-' {
			d.at++
		}
		digits()
	}
	if d.err != nil || !v.IsValid() {
		return
	}
	text := string(d.text[start:d.at])
	var err error
	switch {
	case v.CanInt():
		var n int64
		if n, err = strconv.ParseInt(text, 10, v.Type().Bits()); err == nil {
			v.SetInt(n)
		}
	case v.CanUint():
		var n uint64
		if n, err = strconv.ParseUint(text, 10, v.Type().Bits()); err == nil {
			v.SetUint(n)
		}
	case v.CanFloat():
		var f float64
		if f, err = strconv.ParseFloat(text, v.Type().Bits()); err == nil {
			v.SetFloat(f)
		}
	default:
		d.fail("a number is no %v", v.Type())
	}
	if err != nil {
		d.fail("%s is no %v", text, v.Type())
	}
}
