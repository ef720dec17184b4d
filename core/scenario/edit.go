package scenario

import "strings"

// Set returns s with one field read from what somebody typed into a form. Empty
// text means the default. If the text is not a value of the field, s comes back
// unchanged with the Problem; contradictions with other fields are settled and
// reported as in Decode.
func (c Catalogue) Set(s Scenario, key, text string) (Scenario, []Problem) {
	f := find(key)
	if f == nil {
		return s, []Problem{{Key: key, Raw: text, What: "is not a key that this page knows"}}
	}
	text = strings.TrimSpace(strings.Map(plainRune, text))
	changed := s
	if text == "" {
		defaults := Default()
		text = f.text(&defaults)
	}
	if text == "" {
		f.clear(&changed)
	} else if flt := f.read(&c, &changed, text); flt != nil {
		p := Problem{Key: key, Raw: text, What: flt.what, Why: flt.why}
		if flt.value != "" {
			p.Suggestion = pair(key, escapeValue(flt.value))
		}
		p.inUse(&c, f, &s)
		return s, []Problem{p}
	}
	return changed, settle(&c, &changed)
}

// clear makes an optional field absent.
func (f *field) clear(s *Scenario) {
	switch at := f.slot(s).(type) {
	case *int:
		*at = 0
	case *float64:
		*at = 0
	case *string:
		*at = ""
	}
}

// Apply returns s with the suggestion of a Problem taken, and the pairs of its
// mistyped key dropped. A Problem without suggestion changes nothing.
func (c Catalogue) Apply(s Scenario, p Problem) (Scenario, []Problem) {
	entries, _ := split(p.Suggestion)
	if len(entries) > 0 && find(p.Key) == nil {
		s.dropUnknown(p.Key)
	}
	var problems []Problem
	for _, e := range entries {
		if f := find(e.key); f != nil {
			if bad := c.take(f, &s, e); bad != nil {
				problems = append(problems, *bad)
			}
		}
	}
	return s, append(problems, settle(&c, &s)...)
}

// dropUnknown forgets the pairs of one unknown key.
func (s *Scenario) dropUnknown(key string) {
	var segments []string
	for segment := range strings.SplitSeq(s.Unknown, "&") {
		for _, e := range appendEntries(nil, segment) {
			if e.key != key {
				segments = append(segments, segment)
			}
		}
	}
	s.Unknown = strings.Join(segments, "&")
}

// Validate returns the problems of a Scenario that code has put together; none
// for what Decode and Set return, unknown keys and newer versions apart.
func (c Catalogue) Validate(s Scenario) []Problem {
	_, problems := c.Decode(Encode(s))
	return problems
}
