// Package json writes and reads the JSON of the page: chart options, reports
// and descriptions of models.
//
// It is the part of encoding/json that these need, and gives the same bytes:
// structs with their tags ("name", "-", "omitempty") and embedded structs, pointers,
// interfaces, maps with string keys, slices, strings, booleans and numbers. Methods such as
// MarshalJSON are not called. The rest of encoding/json costs every visitor
// of the page 60 kB of compressed WebAssembly (Go 1.26). Programs that run elsewhere use encoding/json.
package json

import (
	"fmt"
	"reflect"
)

// Marshal writes a value as encoding/json does. It fails for a value that JSON
// has no form for: a channel, a function, a float that is no number.
func Marshal(value any) ([]byte, error) {
	e := encoder{types: map[reflect.Type][]field{}}
	e.value(reflect.ValueOf(value))
	if e.err != nil {
		return nil, e.err
	}
	return e.out, nil
}

// Unmarshal reads a text into the value that into points to. Keys match names
// exactly, unknown ones are passed over, null is the zero value. The error says at which byte
// the text is not what the value can hold.
func Unmarshal(text []byte, into any) error {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return fmt.Errorf("json: %T: a pointer is needed", into)
	}
	d := decoder{text: text, types: map[reflect.Type][]field{}}
	d.space()
	d.value(v.Elem())
	d.space()
	if d.err == nil && d.at < len(text) {
		d.fail("text after the end")
	}
	return d.err
}

// Indent breaks a text that Marshal wrote into lines, two spaces for each level.
func Indent(text []byte) []byte {
	var out []byte
	level, quoted := 0, false
	line := func() {
		out = append(out, '\n')
		for range level {
			out = append(out, "  "...)
		}
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quoted && c == '\\':
			out = append(out, c)
			i++
			c = text[i]
		case c == '"':
			quoted = !quoted
		case quoted:
		case (c == '{' || c == '[') && text[i+1] == c+2: // empty
			out = append(out, c)
			i++
			c = text[i]
		case c == '{' || c == '[':
			level++
			out = append(out, c)
			line()
			continue
		case c == '}' || c == ']':
			level--
			line()
		case c == ',':
			out = append(out, c)
			line()
			continue
		case c == ':':
			out = append(out, c)
			c = ' '
		}
		out = append(out, c)
	}
	return out
}
