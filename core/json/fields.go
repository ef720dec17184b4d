package json

import (
	"reflect"
	"strings"
)

// field is one member of an object: where it stands in the struct, through
// embedded ones, and how it is written.
type field struct {
	name      string
	index     []int
	tagged    bool
	omitEmpty bool
}

// fieldsOf lists what JSON sees of a struct, in the order of declaration. Of fields
// with one name the least deeply embedded wins; of several there the only one
// with a tag; else none is seen.
func fieldsOf(t reflect.Type) []field {
	all := collect(t, nil, nil)
	var seen []field
	for i, f := range all {
		wins := true
		for j, other := range all {
			if i != j && f.name == other.name && !f.before(other) {
				wins = false
				break
			}
		}
		if wins {
			seen = append(seen, f)
		}
	}
	return seen
}

// before tells whether f hides a field of the same name.
func (f field) before(other field) bool {
	if len(f.index) != len(other.index) {
		return len(f.index) < len(other.index)
	}
	return f.tagged && !other.tagged
}

func collect(t reflect.Type, path []int, all []field) []field {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		index := append(path[:len(path):len(path)], i)
		switch {
		case tag == "-":
		case f.Anonymous && name == "" && inner.Kind() == reflect.Struct:
			all = collect(inner, index, all)
		case f.IsExported():
			one := field{name: name, index: index, tagged: name != "", omitEmpty: options == "omitempty"}
			if name == "" {
				one.name = f.Name
			}
			all = append(all, one)
		}
	}
	return all
}
