package scenario

import (
	"slices"
	"strings"
)

// MaxColumns is how many scenarios one link of a comparison may hold.
const MaxColumns = 4

// columnLetters name the columns of a comparison: "A" to "D". In a link those after
// the first stand, in lower case and with a dot, before the keys in which they differ from it.
const columnLetters = "abcd"

// DecodeColumns reads the query of a comparison: the first scenario as Decode does, and of each
// further one what differs from it: "gpu=h100-sxm&gpus=16&b.gpu=h200&b.gpus=8&c.gpu=b200". An empty
// value means the default there, too. There is always one scenario at least; each is usable, as
// in Decode, and a Problem of a further one has its letter before the key.
func (c Catalogue) DecodeColumns(query string) ([]Scenario, []Problem) {
	entries, problems := split(query)
	var base []entry
	var own [MaxColumns][]entry
	for _, e := range entries {
		letter, key, found := strings.Cut(e.key, ".")
		at := strings.Index(columnLetters, letter)
		switch {
		case !found || len(letter) != 1 || letter < "a" || letter > "z":
			base = append(base, e)
		case at < 0:
			problems = append(problems, Problem{
				Key: e.key, Raw: e.raw, What: "is of a fifth scenario",
				Why: "A comparison holds " + thousands(MaxColumns) + ": the first without a letter, and b, c and d.",
			})
		default:
			e.key, e.segment = key, pair(key, e.raw)
			if e.raw == "" && !e.bare {
				e.segment += "="
			}
			own[at] = append(own[at], e)
		}
	}
	base = append(base, own[0]...)
	first, bad := c.Decode(joined(base))
	problems = append(problems, bad...)
	columns := []Scenario{first}
	for i, overrides := range own {
		if i == 0 || len(overrides) == 0 {
			continue
		}
		// What a column says itself replaces what it would take from the first.
		all := slices.DeleteFunc(slices.Clone(base), func(e entry) bool { _, n := lastOf(overrides, e.key); return n > 0 })
		s, more := c.Decode(joined(append(all, overrides...)))
		columns = append(columns, s)
		for _, p := range more {
			if !slices.Contains(bad, p) {
				problems = append(problems, p.of(columnLetters[i:i+1]))
			}
		}
	}
	return columns, limit(problems)
}

// of is a problem of a column.
func (p Problem) of(letter string) Problem {
	if p.Key != "" {
		p.Key = letter + "." + p.Key
	}
	if p.Suggestion != "" {
		p.Suggestion = letter + "." + strings.ReplaceAll(p.Suggestion, "&", "&"+letter+".")
	}
	return p
}

func joined(entries []entry) string {
	segments := make([]string, len(entries))
	for i, e := range entries {
		segments[i] = e.segment
	}
	return strings.Join(segments, "&")
}

// EncodeColumns writes the query of a comparison of up to MaxColumns scenarios: all of the first
// that Encode writes, and the differences of the others. A scenario that equals the first is kept by its model.
//
// For scenarios that DecodeColumns returns, decoding the result gives them back.
func EncodeColumns(columns []Scenario) string {
	if len(columns) == 0 {
		return ""
	}
	first := columns[0]
	parts := []string{Encode(first)}
	if parts[0] == "" {
		parts = nil
	}
	for i, s := range columns[1:min(len(columns), MaxColumns)] {
		letter := columnLetters[i+1 : i+2]
		differ := Differ([]Scenario{first, s})
		if len(differ) == 0 && s.Unknown == first.Unknown {
			differ = []string{"model"}
		}
		for _, key := range differ {
			parts = append(parts, letter+"."+key+"="+escapeValue(Text(s, key)))
		}
		for segment := range strings.SplitSeq(s.Unknown, "&") {
			if segment != "" && !slices.Contains(strings.Split(first.Unknown, "&"), segment) {
				parts = append(parts, letter+"."+segment)
			}
		}
	}
	return strings.Join(parts, "&")
}

// Differ lists the keys in which scenarios are not all the same, in the order of the table. The
// version is none of them.
func Differ(columns []Scenario) []string {
	var keys []string
	for i := range table {
		f := &table[i]
		for _, s := range columns {
			if f.Key != versionKey && f.text(&s) != f.text(&columns[0]) {
				keys = append(keys, f.Key)
				break
			}
		}
	}
	return keys
}
