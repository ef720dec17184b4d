package counts

import (
	"bytes"
	"fmt"
	"strconv"
)

// deepest bounds the nesting of what is passed over.
const deepest = 100

// recorded is the key of SGLang's recorder.
const recorded = "logical_count"

// readJSON reads lists of numbers, or objects with them under recorded. Values that
// stand one after another are added up. Numbers are added as they are read, since
// a dump of many steps is large.
func readJSON(data []byte, g *grid) error {
	s := scanner{text: data, into: g}
	for s.space(); s.err == nil && s.at < len(data); s.space() {
		if s.peek() == '{' {
			s.object()
		} else {
			s.lists(0)
		}
	}
	return s.err
}

type scanner struct {
	text   []byte
	at     int
	into   *grid
	bare   int // rows that stood in no further list
	layers int // of a step; 0 before the first
	err    error
}

func (s *scanner) fail(format string, args ...any) {
	if s.err == nil {
		line := 1 + bytes.Count(s.text[:min(s.at, len(s.text))], []byte("\n"))
		s.err = fmt.Errorf("line %d: %s", line, fmt.Sprintf(format, args...))
	}
	s.at = len(s.text)
}

func (s *scanner) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func (s *scanner) space() {
	for s.at < len(s.text) && (s.text[s.at] == ' ' || s.text[s.at] == '\n' || s.text[s.at] == '\r' || s.text[s.at] == '\t') {
		s.at++
	}
}

// more passes over an opening bracket or a comma, and at the closing one says no.
func (s *scanner) more(first bool, open, closing byte) bool {
	s.space()
	switch c := s.peek(); {
	case s.err != nil:
		return false
	case first && c == open:
		s.at++
		if s.space(); s.peek() == closing {
			s.at++
			return false
		}
		return true
	case !first && c == ',':
		s.at++
		s.space()
		return true
	case !first && c == closing:
		s.at++
		return false
	}
	s.fail("a list or an object is broken off: give the whole text")
	return false
}

// object reads what stands under recorded and passes over the rest.
func (s *scanner) object() {
	found := false
	for first := true; s.more(first, '{', '}'); first = false {
		key := s.word()
		s.space()
		if s.peek() != ':' {
			s.fail("a colon is missing after %s", strconv.Quote(key))
			return
		}
		s.at++
		s.space()
		if key == recorded && s.peek() == '[' {
			found = true
			s.lists(0)
		} else {
			s.skip(0)
		}
	}
	if s.err == nil && !found {
		s.fail("an object without a list %q: give that one of SGLang's record, or a list per layer", recorded)
	}
}

// lists reads [expert], [layer][expert] or [step][layer][expert], inside so many
// lists already, and says how deep it is.
func (s *scanner) lists(outside int) (levels int) {
	if s.peek() != '[' || outside == 3 {
		s.fail("lists that are not [layer][expert] or [step][layer][expert]: give one of these")
		return 0
	}
	if outside == 0 && s.rowAhead() { // one after another are layers
		s.row(s.bare)
		s.bare++
		return 1
	}
	n := 0
	for first := true; s.more(first, '[', ']'); first = false {
		deep := 1
		if s.peek() == '[' && s.rowAhead() {
			s.row(n)
		} else {
			deep = s.lists(outside + 1)
		}
		if levels != 0 && deep != levels || deep == 2 && outside > 0 {
			s.fail("lists of unequal depth: give [layer][expert] or [step][layer][expert]")
		}
		levels = deep
		n++
	}
	if levels == 1 {
		if s.layers != 0 && n != s.layers {
			s.fail("%d layers, where there were %d before: give every step and rank the same", n, s.layers)
		}
		s.layers = n
	}
	return levels + 1
}

// rowAhead tells whether the list here holds no further list.
func (s *scanner) rowAhead() bool {
	for _, c := range s.text[s.at+1:] {
		if c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return c != '['
		}
	}
	return true
}

// row adds a list of numbers to a layer.
func (s *scanner) row(layer int) {
	g := s.into
	if err := place(layer, 0); err != nil {
		s.fail("%v", err)
		return
	}
	fresh := layer >= len(g.rows)
	var row []float64
	if fresh && layer > 0 {
		row = make([]float64, 0, len(g.rows[0]))
	}
	if !fresh {
		row = g.rows[layer]
	}
	n := 0
	for first := true; s.more(first, '[', ']'); first = false {
		x := s.number(layer, n)
		switch {
		case s.err != nil:
			return
		case n == MaxExperts:
			s.fail("layer %d: more than %d experts are not read", layer, MaxExperts)
			return
		case fresh:
			row = append(row, x)
		case n < len(row):
			row[n] += x
		}
		n++
	}
	if !fresh && n != len(row) && s.err == nil {
		s.fail("layer %d: %d experts, where it had %d before: give every step and rank the same", layer, n, len(row))
	}
	if fresh {
		g.rows = append(g.rows, row)
	}
}

// number reads a count.
func (s *scanner) number(layer, expert int) float64 {
	start := s.at
	for s.at < len(s.text) {
		if c := s.text[s.at]; c == ',' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '[' || c == '{' || c == '}' {
			break
		}
		s.at++
	}
	word := s.text[start:s.at]
	x, err := strconv.ParseFloat(string(word), 64)
	if err != nil && x == 0 { // out of range reads as infinite, and is refused as such
		s.fail("layer %d, expert %d: %s is no number: give a number from 0 up", layer, expert, clip(word))
		return 0
	}
	if fault := wrong(x); fault != "" {
		s.fail("layer %d, expert %d: %s", layer, expert, fault)
	}
	return x
}

// word reads a string; escapes stay as they are, since no key of ours has one.
func (s *scanner) word() string {
	if s.peek() != '"' {
		s.fail("a key is missing")
		return ""
	}
	start := s.at + 1
	for s.at++; s.at < len(s.text); s.at++ {
		switch s.text[s.at] {
		case '\\':
			s.at++
		case '"':
			s.at++
			return string(s.text[start : s.at-1])
		}
	}
	s.fail("a quotation mark is missing")
	return ""
}

// skip passes over any value.
func (s *scanner) skip(depth int) {
	if depth > deepest {
		s.fail("nested more than %d deep", deepest)
		return
	}
	switch s.peek() {
	case '{':
		for first := true; s.more(first, '{', '}'); first = false {
			s.word()
			if s.space(); s.peek() != ':' {
				s.fail("a colon is missing")
				return
			}
			s.at++
			s.space()
			s.skip(depth + 1)
		}
	case '[':
		for first := true; s.more(first, '[', ']'); first = false {
			s.skip(depth + 1)
		}
	case '"':
		s.word()
	default:
		start := s.at
		for s.at < len(s.text) && s.text[s.at] != ',' && s.text[s.at] != '}' && s.text[s.at] != ']' && s.text[s.at] != '\n' {
			s.at++
		}
		if s.at == start {
			s.fail("a value is missing")
		}
	}
}

// clip shows the beginning of what was read.
func clip(word []byte) string {
	if len(word) > 20 {
		return strconv.Quote(string(word[:20])) + "…"
	}
	return strconv.Quote(string(word))
}
