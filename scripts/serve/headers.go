package main

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"strings"
)

// rule is one block of a _headers file: a path, in which * stands for anything,
// and the headers of all answers below it.
type rule struct {
	path    string
	headers [][2]string
}

// readHeaders reads the format that Netlify and Cloudflare share: a path at the
// start of a line, its headers indented below it, # for comments.
func readHeaders(file string) ([]rule, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var rules []rule
	lines := bufio.NewScanner(f)
	for number := 1; lines.Scan(); number++ {
		text := lines.Text()
		trimmed := strings.TrimSpace(text)
		switch {
		case trimmed == "" || strings.HasPrefix(trimmed, "#"):
		case text[0] != ' ' && text[0] != '\t':
			rules = append(rules, rule{path: trimmed})
		default:
			name, value, ok := strings.Cut(trimmed, ":")
			if !ok || len(rules) == 0 {
				return nil, fmt.Errorf("%s, line %d: %q is neither a path nor a header under one", file, number, trimmed)
			}
			last := &rules[len(rules)-1]
			last.headers = append(last.headers, [2]string{name, strings.TrimSpace(value)})
		}
	}
	return rules, lines.Err()
}

// matches reports whether a path pattern covers an address.
func (r rule) matches(address string) bool {
	before, after, star := strings.Cut(r.path, "*")
	if !star {
		return address == r.path
	}
	return strings.HasPrefix(address, before) && strings.HasSuffix(address[len(before):], after)
}

func apply(rules []rule, address string, header http.Header) {
	for _, r := range rules {
		if r.matches(address) {
			for _, h := range r.headers {
				header.Set(h[0], h[1])
			}
		}
	}
}
