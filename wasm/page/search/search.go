// Package search finds entries of a list by parts of what they are called, as
// somebody types: "80b a3b" finds Qwen3-Next-80B-A3B.
package search

import "strings"

// Entry is one thing that can be found.
type Entry struct {
	Name string // as it is shown; matches in it are marked
	Also string // other words that find it: organisation, id, sizes
}

// Hit is an entry that a query finds.
type Hit struct {
	Index int      // in the list
	Marks [][2]int // where the words stand in Name: byte offsets, ascending, apart from each other
}

// Find lists the entries that contain every word of the query, in upper or
// lower case, anywhere in name or other words. Names that begin with the query's first word come
// first, then names in which a word begins so, then the rest, each in the order of
// the list. An empty query finds everything.
func Find(list []Entry, query string) []Hit {
	words := strings.Fields(lower(query))
	var ranked [3][]Hit
	for i, e := range list {
		if marks, rank, ok := match(e, words); ok {
			ranked[rank] = append(ranked[rank], Hit{i, marks})
		}
	}
	return append(append(ranked[0], ranked[1]...), ranked[2]...)
}

func match(e Entry, words []string) (marks [][2]int, rank int, ok bool) {
	name, also := lower(e.Name), lower(e.Also)
	inName := make([]bool, len(name))
	for i, word := range words {
		at := wordStart(name, word)
		if at < 0 && !strings.Contains(also, word) && !strings.Contains(compact(name), word) {
			return nil, 0, false
		}
		for j := max(at, 0); at >= 0 && j < at+len(word); j++ {
			inName[j] = true
		}
		if i == 0 {
			rank = 2
			if at == 0 {
				rank = 0
			} else if at > 0 && !alphanumeric(name[at-1]) {
				rank = 1
			}
		}
	}
	for i, yes := range inName {
		switch {
		case !yes:
		case i > 0 && inName[i-1]:
			marks[len(marks)-1][1] = i + 1
		default:
			marks = append(marks, [2]int{i, i + 1})
		}
	}
	return marks, rank, true
}

// wordStart is where word stands in name, at the beginning of a word if it can be; -1 if nowhere.
func wordStart(name, word string) int {
	first := strings.Index(name, word)
	for at := first; at >= 0; {
		if at == 0 || !alphanumeric(name[at-1]) {
			return at
		}
		next := strings.Index(name[at+1:], word)
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return first
}

// lower lowers the Latin letters only, so that every byte keeps its place.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// compact leaves out what people leave out: "qwen3next" is Qwen3-Next.
func compact(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '.' || r == '_' {
			return -1
		}
		return r
	}, s)
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 0x80
}
