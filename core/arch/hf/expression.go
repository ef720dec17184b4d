package hf

import "strings"

// expression is the part of regular expressions that published ignore lists
// use: literals, ".", "[...]", escapes, groups with alternatives, the quantifiers
// * + ?, and the anchors ^ $. The regexp package would cost the page 100 kB.
type expression struct {
	alternatives [][]atom
	literal      string // what every match contains; empty if nothing is certain
	anywhere     bool   // begins with ".*": what stands in front does not matter
}

// atom is one element of an expression with its quantifier.
type atom struct {
	kind     byte   // 'c' one byte of a set, '(' group, '$' end, '^' start
	set      string // of kind 'c': the bytes
	not      bool   // of kind 'c': any byte outside the set
	group    *expression
	min, max int // repetitions; max < 0 is without limit
}

const (
	maxExpression = 400 // bytes of one expression
	maxNesting    = 8
)

// parseExpression returns false for anything beyond the subset.
func parseExpression(text string) (expression, bool) {
	if len(text) > maxExpression {
		return expression{}, false
	}
	e, rest, ok := parseAlternatives(text, 0)
	if !ok || rest != "" {
		return expression{}, false
	}
	if len(e.alternatives) == 1 {
		e.anywhere, e.literal = certain(e.alternatives[0])
	}
	return e, true
}

// certain says whether a sequence begins with ".*", and gives its longest run of
// single bytes.
func certain(atoms []atom) (anywhere bool, literal string) {
	if len(atoms) > 0 {
		anywhere = atoms[0].any() && atoms[0].min == 0 && atoms[0].max < 0
	}
	run := ""
	for _, a := range atoms {
		if a.kind == 'c' && !a.not && len(a.set) == 1 && a.min == 1 && a.max == 1 {
			run += a.set
			if len(run) > len(literal) {
				literal = run
			}
		} else {
			run = ""
		}
	}
	return anywhere, literal
}

// any says that the atom is ".".
func (a *atom) any() bool { return a.kind == 'c' && a.not && a.set == "" }

func parseAlternatives(s string, depth int) (e expression, rest string, ok bool) {
	if depth > maxNesting {
		return e, s, false
	}
	var atoms []atom
	for s != "" && s[0] != ')' {
		if s[0] == '|' {
			e.alternatives = append(e.alternatives, atoms)
			atoms, s = nil, s[1:]
			continue
		}
		a, after, ok := parseAtom(s, depth)
		if !ok {
			return e, s, false
		}
		a, s, ok = quantified(a, after)
		if !ok {
			return e, s, false
		}
		atoms = append(atoms, a)
	}
	e.alternatives = append(e.alternatives, atoms)
	return e, s, true
}

func parseAtom(s string, depth int) (a atom, rest string, ok bool) {
	switch s[0] {
	case '.':
		return atom{kind: 'c', not: true}, s[1:], true
	case '^', '$':
		return atom{kind: s[0]}, s[1:], true
	case '\\':
		if len(s) < 2 {
			return a, s, false
		}
		return parseEscape(s)
	case '[':
		return parseSet(s)
	case '(':
		inner := strings.TrimPrefix(s[1:], "?:")
		if strings.HasPrefix(inner, "?") {
			return a, s, false // look-around and named groups
		}
		e, after, ok := parseAlternatives(inner, depth+1)
		if !ok || !strings.HasPrefix(after, ")") {
			return a, s, false
		}
		return atom{kind: '(', group: &e}, after[1:], true
	case '*', '+', '?', '{', '}', ']':
		return a, s, false
	default:
		return atom{kind: 'c', set: s[:1]}, s[1:], true
	}
}

func parseEscape(s string) (a atom, rest string, ok bool) {
	switch c := s[1]; {
	case c == 'd':
		return atom{kind: 'c', set: "0123456789"}, s[2:], true
	case c == 'w':
		return atom{kind: 'c', set: wordBytes}, s[2:], true
	case strings.IndexByte(wordBytes, c) >= 0:
		return a, s, false // \b, \1 and the like
	default:
		return atom{kind: 'c', set: s[1:2]}, s[2:], true
	}
}

const wordBytes = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"

func parseSet(s string) (a atom, rest string, ok bool) {
	end := strings.IndexByte(s, ']')
	if end < 2 {
		return a, s, false
	}
	body := s[1:end]
	a = atom{kind: 'c'}
	if body[0] == '^' {
		a.not, body = true, body[1:]
	}
	var set []byte
	for i := 0; i < len(body); i++ {
		switch {
		case body[i] == '\\' && i+1 < len(body) && body[i+1] == 'd':
			set = append(set, "0123456789"...)
			i++
		case body[i] == '\\' && i+1 < len(body):
			set = append(set, body[i+1])
			i++
		case i+2 < len(body) && body[i+1] == '-':
			for c := int(body[i]); c <= int(body[i+2]); c++ {
				set = append(set, byte(c))
			}
			i += 2
		default:
			set = append(set, body[i])
		}
	}
	a.set = string(set)
	return a, s[end+1:], true
}

func quantified(a atom, s string) (atom, string, bool) {
	a.min, a.max = 1, 1
	if s == "" {
		return a, s, true
	}
	switch s[0] {
	case '*':
		a.min, a.max = 0, -1
	case '+':
		a.min, a.max = 1, -1
	case '?':
		a.min, a.max = 0, 1
	case '{':
		return a, s, false
	default:
		return a, s, true
	}
	s = strings.TrimPrefix(s[1:], "?") // lazy or greedy: the same for a yes or no
	return a, s, a.kind == 'c' || a.kind == '('
}

// matchStart says whether the expression matches at the start of s, as Python's
// re.match does. Each step costs one of the budget; a spent budget does not match.
func (e *expression) matchStart(s string, budget *int) bool {
	return e.match(s, 0, budget, func(int) bool { return true })
}

func (e *expression) match(s string, at int, budget *int, then func(int) bool) bool {
	for _, atoms := range e.alternatives {
		if matchAtoms(atoms, s, at, budget, then) {
			return true
		}
	}
	return false
}

func matchAtoms(atoms []atom, s string, at int, budget *int, then func(int) bool) bool {
	if *budget--; *budget <= 0 {
		return false
	}
	if len(atoms) == 0 {
		return then(at)
	}
	a, rest := &atoms[0], atoms[1:]
	next := func(at int) bool { return matchAtoms(rest, s, at, budget, then) }
	switch a.kind {
	case '^':
		return at == 0 && next(at)
	case '$':
		return at == len(s) && next(at)
	}
	return a.repeat(s, at, 0, budget, next)
}

// repeat tries the fewest repetitions first.
func (a *atom) repeat(s string, at, done int, budget *int, next func(int) bool) bool {
	if *budget--; *budget <= 0 {
		return false
	}
	if done >= a.min && next(at) {
		return true
	}
	if a.max >= 0 && done >= a.max {
		return false
	}
	if a.kind == '(' {
		return a.group.match(s, at, budget, func(end int) bool {
			return (end > at || done < a.min) && a.repeat(s, end, done+1, budget, next)
		})
	}
	return at < len(s) && (a.any() || (strings.IndexByte(a.set, s[at]) >= 0) != a.not) && a.repeat(s, at+1, done+1, budget, next)
}
