package scenario

import "strings"

// nearestChoice proposes the id that was probably meant; empty if none is near.
func nearestChoice(id string, choices []Choice) string {
	var names, ids []string
	for _, c := range choices {
		for _, name := range append([]string{c.ID, c.Name}, c.Aliases...) {
			names = append(names, name)
			ids = append(ids, c.ID)
		}
	}
	// A model is often named with its organisation: "deepseek-ai/DeepSeek-V3".
	id = id[strings.LastIndexByte(id, '/')+1:]
	if at := nearest(id, names); at >= 0 {
		return ids[at]
	}
	// "4090" is how people call the RTX 4090. Keys are not searched like this: too
	// many words are part of one.
	if part := letters(id); len(part) > 2 {
		for i, name := range names {
			if strings.Contains(letters(name), part) {
				return ids[i]
			}
		}
	}
	return ""
}

// nearestKey proposes the key that was probably meant; empty if none is near.
func nearestKey(key string) string {
	var names, keys []string
	for i := range table {
		for _, name := range append([]string{table[i].Key}, table[i].Also...) {
			names = append(names, name)
			keys = append(keys, table[i].Key)
		}
	}
	if at := nearest(key, names); at >= 0 {
		return keys[at]
	}
	return ""
}

// nearest returns the index of the name closest to text, or -1. In this order:
// equal but for case and punctuation; the first that text begins; the fewest
// slips of the pen, with at most none in two letters, one in five, two in more.
func nearest(text string, names []string) int {
	const longest = 64 // no name is longer, and the distance costs the product of the lengths
	text = letters(text)
	if text == "" || len(text) > longest {
		return -1
	}
	begins, closest, slips := -1, -1, 1
	switch {
	case len(text) <= 2:
		slips = 0
	case len(text) > 5:
		slips = 2
	}
	for i, name := range names {
		name = letters(name)
		if name == text {
			return i
		}
		if begins < 0 && len(text) > 2 && strings.HasPrefix(name, text) {
			begins = i
		}
		if len(name) <= 2 {
			continue // every two letters are near to "tp"
		}
		if d := distance(text, name); d <= slips {
			closest, slips = i, d-1
		}
	}
	if begins >= 0 {
		return begins
	}
	return closest
}

// letters keeps lower-case letters and digits.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 128 && alphanumeric(byte(r)) {
			return r
		}
		return -1
	}, strings.ToLower(text))
}

// distance counts the slips that turn a into b: letters inserted, left out,
// replaced, or swapped with their neighbour (optimal string alignment).
func distance(a, b string) int {
	before := make([]int, len(b)+1) // the row before the last one
	last := make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			replace := last[j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			row[j] = min(replace, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
