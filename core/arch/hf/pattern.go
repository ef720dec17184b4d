package hf

import "strings"

// patterns is a list of module names as quantization configs write them:
//
//	lm_head                     a module, and everything inside it
//	self_attn                   a component anywhere in the path
//	model.layers.0*             shell wildcards over the whole path
//	re:.*mlp\.(gate|up)_proj.*  a regular expression that matches from the start
//
// Paths are compared without the wrapper components that multimodal models put
// in front ("model", "language_model"), because the same list is published with
// and without them.
type patterns struct {
	plain    map[string]bool
	globs    []string
	exps     []expression
	unread   []string // expressions that are beyond the small matcher
	exceeded bool
	steps    int
}

// maxSteps bounds the work of one config's wildcards and expressions. The
// longest published list (nvidia/GLM-5.1-NVFP4, 154 wildcards) takes 2.3 million; as
// WebAssembly this many take about two seconds.
const maxSteps = 10_000_000

func newPatterns(list []string) *patterns {
	p := &patterns{plain: map[string]bool{}, steps: maxSteps}
	for _, s := range list {
		text, isExp := strings.CutPrefix(s, "re:")
		switch {
		case isExp:
			if e, ok := parseExpression(text); ok {
				p.exps = append(p.exps, e)
			} else {
				p.unread = append(p.unread, s)
			}
		case strings.ContainsAny(s, "*?["):
			p.globs = append(p.globs, s)
		case strings.Trim(s, ".") != "":
			p.plain[unwrapped(strings.TrimSuffix(strings.Trim(s, "."), ".weight"))] = true
		}
	}
	return p
}

// match says whether the module is in the list. The path has no ".weight".
func (p *patterns) match(path string) bool {
	if p == nil {
		return false
	}
	short := unwrapped(path)
	if len(p.plain) > 0 && p.anyRun(short) {
		return true
	}
	for _, g := range p.globs {
		if p.glob(g, path) || p.glob(unwrapped(g), short) {
			return true
		}
	}
	for i := range p.exps {
		if p.expression(&p.exps[i], path, short) {
			return true
		}
	}
	if p.steps <= 0 {
		p.exceeded = true
	}
	return false
}

// expression tries a path as it is and under the wrappers that the list may have
// been written for.
func (p *patterns) expression(e *expression, path, short string) bool {
	if e.anywhere {
		return strings.Contains(path, e.literal) && e.matchStart(path, &p.steps)
	}
	for _, wrapper := range []string{"", "model.", "model.language_model.", "language_model.model."} {
		name := wrapper + short
		if strings.Contains(name, e.literal) && e.matchStart(name, &p.steps) {
			return true
		}
	}
	return e.matchStart(path, &p.steps)
}

// anyRun says whether a run of whole components of the path is in the plain list.
func (p *patterns) anyRun(path string) bool {
	for start := 0; start < len(path); {
		for end := start; end <= len(path); end++ {
			if (end == len(path) || path[end] == '.') && p.plain[path[start:end]] {
				return true
			}
		}
		next := strings.IndexByte(path[start:], '.')
		if next < 0 {
			return false
		}
		start += next + 1
	}
	return false
}

// unwrapped drops the components in front of the language model's own path.
func unwrapped(path string) string {
	for {
		head, rest, ok := strings.Cut(path, ".")
		switch {
		case ok && (head == "model" || head == "language_model" || head == "text_model"):
			path = rest
		default:
			return path
		}
	}
}

// glob matches shell wildcards over the whole of s: "*" any run, "?" any byte.
// A pattern that ends at a module boundary covers what is inside.
func (p *patterns) glob(pattern, s string) bool {
	i, j, star, mark := 0, 0, -1, 0
	for j < len(s) {
		p.steps--
		if p.steps <= 0 {
			return false
		}
		switch {
		case i < len(pattern) && pattern[i] == '*':
			star, mark = i, j
			i++
		case i < len(pattern) && (pattern[i] == '?' || pattern[i] == s[j]):
			i++
			j++
		case i == len(pattern) && s[j] == '.':
			return true
		case star >= 0:
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	for i < len(pattern) && pattern[i] == '*' {
		i++
	}
	return i == len(pattern)
}

// with returns the list with more names.
func (p *patterns) with(names []string) *patterns {
	more := newPatterns(names)
	for name := range p.plain {
		more.plain[name] = true
	}
	more.globs = append(more.globs, p.globs...)
	more.exps = append(more.exps, p.exps...)
	more.unread = append(more.unread, p.unread...)
	return more
}

// add puts one plain name on the list.
func (p *patterns) add(name string) { p.plain[unwrapped(name)] = true }
