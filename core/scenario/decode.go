package scenario

import (
	"strconv"
	"strings"
)

// Decode reads the query of a link, with or without its "?". It never fails:
// whatever could not be taken is a Problem, and the Scenario holds the default
// in its place. A key given twice counts with its last value. An empty value
// means the default, as an empty field of a form does.
//
// Problems come in the order of the table, then unknown keys, then contradictions
// between keys; of a hostile link only the first ones are listed.
func (c Catalogue) Decode(query string) (Scenario, []Problem) {
	entries, problems := split(query)
	s := Default()
	version, bad := c.version(entries)
	problems = append(problems, bad...)
	s.Version = max(version, Version)
	entries = upgrades.run(entries, version)

	for i := range table {
		f := &table[i]
		if f.Key == versionKey {
			continue
		}
		given, times := lastOf(entries, f.Key)
		if times > 1 {
			problems = append(problems, duplicate(f, given, times))
		}
		if times == 0 {
			continue
		}
		if p := c.take(f, &s, given); p != nil {
			problems = append(problems, *p)
			continue
		}
		if times > 1 {
			problems[len(problems)-1].inUse(&c, f, &s)
		}
	}
	problems = append(problems, c.keepUnknown(&s, entries)...)
	problems = append(problems, settle(&c, &s)...)
	return s, limit(problems)
}

// lastOf finds the entry that counts for a key, and how often the key is given.
func lastOf(entries []entry, key string) (last entry, times int) {
	for _, e := range entries {
		if e.key == key {
			last = e
			times++
		}
	}
	return last, times
}

func duplicate(f *field, e entry, times int) Problem {
	return Problem{
		Key: f.Key, Raw: e.raw,
		What: "is the last of " + strconv.Itoa(times) + " values for " + quote(f.Key),
		Why:  "The last one counts.",
	}
}

// take stores an entry in s. On failure s keeps what it had, and the Problem says so.
func (c *Catalogue) take(f *field, s *Scenario, e entry) *Problem {
	if e.bare {
		p := &Problem{Key: f.Key, What: "has no value", Why: f.limits()}
		if f.Kind == KindFlag {
			p.Suggestion = pair(f.Key, "1")
		}
		p.inUse(c, f, s)
		return p
	}
	var worst *fault
	for _, text := range e.readings() {
		if text == "" {
			return nil
		}
		flt := f.read(c, s, text)
		if flt == nil {
			return nil
		}
		if worst == nil || worst.value == "" && flt.value != "" {
			worst = flt
		}
	}
	p := &Problem{Key: f.Key, Raw: e.raw, What: worst.what, Why: worst.why}
	if worst.value != "" {
		p.Suggestion = pair(f.Key, escapeValue(worst.value))
	}
	p.inUse(c, f, s)
	return p
}

// maxUnknown bounds what is kept of keys that this version does not know, in
// bytes: enough for any later version's keys, too little to smuggle a document.
const maxUnknown = 2048

// keepUnknown stores the pairs of unknown keys in s and reports each key once.
func (c *Catalogue) keepUnknown(s *Scenario, entries []entry) []Problem {
	var problems []Problem
	var segments []string
	reported := map[string]bool{}
	size, dropped := 0, 0
	for _, e := range entries {
		if find(e.key) != nil {
			continue
		}
		segment := escapeUnsafe(e.segment)
		if size+len(segment)+1 > maxUnknown {
			dropped++
			continue
		}
		size += len(segment) + 1
		segments = append(segments, segment)
		if reported[e.key] {
			continue
		}
		reported[e.key] = true
		problems = append(problems, Problem{
			Key: e.key, Raw: e.raw,
			What:       "is not a key that this page knows",
			Why:        "It stays in the link and changes nothing.",
			Suggestion: c.renamed(e),
		})
	}
	s.Unknown = strings.Join(segments, "&")
	if dropped > 0 {
		problems = append(problems, Problem{
			What: "holds more unknown keys than are kept",
			Why:  "Of them " + strconv.Itoa(dropped) + " are dropped: together they pass " + thousands(maxUnknown) + " characters.",
		})
	}
	return problems
}

// renamed proposes the pair that was probably meant by a mistyped key; empty
// unless both the key and the value can be guessed.
func (c *Catalogue) renamed(e entry) string {
	f := find(nearestKey(e.key))
	if f == nil {
		return ""
	}
	s := Default()
	if p := c.take(f, &s, e); p != nil {
		return p.Suggestion
	}
	return pair(f.Key, escapeValue(f.text(&s)))
}
