package scenario

import (
	"slices"
	"strconv"
	"strings"
)

// Kind is how the value of a field is written.
type Kind string

// The kinds of field.
const (
	KindCount  Kind = "count"  // a whole number
	KindNumber Kind = "number" // a decimal number, kept to a millionth
	KindChoice Kind = "choice" // an id from a list
	KindList   Kind = "list"   // ids from a list, each once, in its order, joined by ","
	KindFlag   Kind = "flag"   // 1 or 0
	KindPoints Kind = "points" // measured points, joined by "~": Points
)

// Field describes one key of the link. It carries all that a form or a manual
// needs: label, meaning, limits, default.
type Field struct {
	Key     string // as in the link: "gpus"
	Label   string // as a sentence starts with it: "GPUs"
	Meaning string // one line, without a full stop
	Kind    Kind

	Unit     string  // of a count or number: "tokens", "ms"; empty where there is none
	Min, Max float64 // limits of a count or number, both allowed

	Default string // canonical text; empty for an optional field
	Absent  string // what the page uses when an optional field is absent, as a noun: "the fewest that fit"

	List    string   // of a choice: what the ids name, "accelerator"
	Choices []Choice // of a choice whose list is fixed; empty where the Catalogue has the list

	Example string   // a value that is not the default
	Also    []string // other names for this key in other tools: understood as "did you mean"
}

// Fields returns the keys of the link in the order in which Encode writes them.
// The caller may change the result.
func Fields() []Field {
	fields := make([]Field, len(table))
	for i := range table {
		fields[i] = table[i].Field
		fields[i].Choices = slices.Clone(fields[i].Choices)
		fields[i].Also = slices.Clone(fields[i].Also)
	}
	return fields
}

// Optional says whether the field may be absent.
func (f Field) Optional() bool { return f.Absent != "" }

// Domain says in words which values are allowed: "1 to 4,096", "off, static or
// online", "an accelerator id".
func (f Field) Domain() string {
	switch f.Kind {
	case KindCount, KindNumber:
		return withUnit(thousands(f.Min)+" to "+thousands(f.Max), f.Unit)
	case KindFlag:
		return "0 or 1"
	case KindPoints:
		return "users:ms or users x prompt x output:ms:ms, joined by ~"
	}
	if len(f.Choices) == 0 && f.Kind == KindList {
		return f.List + " ids, joined by commas"
	}
	if len(f.Choices) == 0 {
		return article(f.List) + " id"
	}
	ids := make([]string, len(f.Choices))
	for i, c := range f.Choices {
		ids[i] = c.ID
	}
	if f.Kind == KindList {
		return "any of " + strings.Join(ids, ", ") + ", joined by commas"
	}
	return orList(ids)
}

// withUnit appends a unit to a number, if there is one.
func withUnit(number, unit string) string {
	if unit == "" {
		return number
	}
	return number + " " + unit
}

// thousands writes a limit with commas: 10,000,000 and 0.001.
func thousands(x float64) string {
	text := formatNumber(x)
	whole, fraction, _ := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

func article(noun string) string {
	if noun != "" && strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// orList joins words as in "off, static or online".
func orList(words []string) string {
	n := len(words)
	if n < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:n-1], ", ") + " or " + words[n-1]
}

// field is a Field with its place in a Scenario and its list in a Catalogue.
type field struct {
	Field
	slot   func(*Scenario) any // *int, *float64, *bool or *string
	list   func(*Catalogue) []Choice
	priced bool // of a list: an id may carry its price behind a colon
}

// find returns the row of a key, or nil.
func find(key string) *field {
	for i := range table {
		if table[i].Key == key {
			return &table[i]
		}
	}
	return nil
}

// text is the canonical text of the field's value; empty when it is absent.
func (f *field) text(s *Scenario) string {
	switch at := f.slot(s).(type) {
	case *int:
		if *at == 0 && f.Optional() {
			return ""
		}
		return strconv.Itoa(*at)
	case *float64:
		if *at == 0 && f.Optional() {
			return ""
		}
		return formatNumber(*at)
	case *bool:
		if *at {
			return "1"
		}
		return "0"
	case *string:
		return *at
	}
	return ""
}

// Text returns the canonical text of one field of s, as a form shows it; empty
// when the field is absent or the key is not known.
func Text(s Scenario, key string) string {
	if f := find(key); f != nil {
		return f.text(&s)
	}
	return ""
}
