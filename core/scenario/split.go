package scenario

import "strings"

// entry is one "key=value" of a link.
type entry struct {
	key     string // unescaped, cleaned, lower case
	raw     string // the value as the link has it
	segment string // the whole as the link has it
	bare    bool   // there is no "="
	last    bool   // it ends the link, so that stray punctuation may have stuck to it
}

// pair joins a key and a raw value as in a link.
func pair(key, raw string) string {
	if raw == "" {
		return key
	}
	return key + "=" + raw
}

// maxQuery bounds what is read of a query, in bytes. It is Cloudflare's limit of a
// whole URL (https://developers.cloudflare.com/workers/platform/limits/).
const maxQuery = 16 * 1024

// split takes a query apart. It accepts a whole link and undoes the damage that
// leaves only one reading: blanks, a leading "?", line breaks, "&amp;" for "&", a query
// escaped as a whole. Nothing is lost but empty pairs and what campaign trackers
// append.
func split(query string) ([]entry, []Problem) {
	query, _, _ = strings.Cut(query, "#")

	var problems []Problem
	if len(query) > maxQuery {
		// Cutting inside a pair could turn gpus=16 into gpus=1.
		cut := max(strings.LastIndexByte(query[:maxQuery+1], '&'), 0)
		query = query[:cut]
		problems = append(problems, Problem{
			What: "is longer than " + thousands(maxQuery) + " characters",
			Why:  "What follows was not read.",
		})
	}
	// Mail programs wrap long links; URLs never hold line breaks or tabs.
	query = strings.NewReplacer("\r", "", "\n", "", "\t", "").Replace(query)

	var entries []entry
	for segment := range strings.SplitSeq(query, "&") {
		entries = appendEntries(entries, segment)
	}
	if n := len(entries); n > 0 {
		entries[n-1].last = true
	}
	return entries, problems
}

// appendEntries reads one segment between two "&". A segment without "=" whose
// escapes hide one was escaped as a whole, and may hold several pairs.
func appendEntries(entries []entry, segment string) []entry {
	segment = trimHead(segment)
	key, raw, found := strings.Cut(segment, "=")
	if !found {
		if plain := unescape(segment); strings.Contains(plain, "=") {
			for part := range strings.SplitSeq(plain, "&") {
				entries = appendEntries(entries, part)
			}
			return entries
		}
	}
	key = strings.ToLower(clean(key))
	if key == "" && raw == "" || tracker(key) {
		return entries
	}
	return append(entries, entry{key: key, raw: raw, segment: segment, bare: !found})
}

// trimHead drops what stands before the key: the address of a link, the "?", the
// rest of an "&" that was escaped for HTML. It does so in every segment, because
// Encode moves unknown keys and must find the same key in the same text again.
func trimHead(segment string) string {
	for {
		rest := strings.TrimLeft(segment, "? ")
		rest = strings.TrimPrefix(rest, "amp;")
		if strings.HasPrefix(rest, "https://") || strings.HasPrefix(rest, "http://") {
			_, rest, _ = strings.Cut(rest, "?")
		}
		if rest == segment {
			return segment
		}
		segment = rest
	}
}

// tracker says whether a key was put there by an app on the way and means
// nothing to this page.
func tracker(key string) bool {
	switch key {
	case "fbclid", "gclid", "msclkid", "igshid", "mc_cid", "mc_eid":
		return true
	}
	return strings.HasPrefix(key, "utm_")
}

// clean turns a raw key or value into what was meant to be written: escapes and
// plus signs undone, invisible characters dropped, typographic dashes and spaces
// made plain, blanks at both ends cut.
func clean(raw string) string {
	text := unescape(strings.ReplaceAll(raw, "+", " "))
	return strings.TrimSpace(strings.Map(plainRune, text))
}

// plainRune maps the characters that word processors and chat apps put into text.
// Bytes that are not UTF-8 arrive as U+FFFD and stay visible.
func plainRune(r rune) rune {
	switch {
	case r >= 0x2010 && r <= 0x2015, r == 0x2212: // hyphens, dashes, minus
		return '-'
	case r == 0xA0, r == 0x202F, r == 0x2009, r == 0x3000: // no-break, thin and wide spaces
		return ' '
	case r == 0xAD, // soft hyphen
		r >= 0x200B && r <= 0x200F, // zero width, direction marks
		r >= 0x202A && r <= 0x202E, // direction embeddings and overrides
		r >= 0x2060 && r <= 0x2069, // word joiner, isolates
		r == 0x61C, r == 0xFEFF,
		r == 0xFE0E, r == 0xFE0F: // emoji variation
		return -1
	}
	return r
}

// readings lists what a raw value may mean, the plainest first: as it stands;
// without the punctuation that stuck to the end of the link; escaped once more
// by a redirect; with the "=3D" of a mail in quoted-printable. A later reading is
// only tried when the earlier ones are not values of the field.
func (e entry) readings() []string {
	text := clean(e.raw)
	all := []string{text}
	add := func(other string) {
		if other != "" && other != all[len(all)-1] {
			all = append(all, other)
		}
	}
	if e.last {
		add(strings.TrimRight(text, ".,;:!?)]}>'\"*_|»”’… "))
	}
	add(clean(text))
	if rest := strings.TrimPrefix(text, "3D"); rest != text {
		add(rest)
	}
	return all
}
