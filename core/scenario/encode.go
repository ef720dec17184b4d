package scenario

import "strings"

// Encode writes a Scenario as the query of a link, without "?": keys in the order
// of the table, defaults and absent fields left out, unknown keys at the end. The
// common case needs no percent escape. Encode(Default()) is empty.
//
// For every Scenario that Decode returns, decoding the result gives it back.
func Encode(s Scenario) string { return encode(s, false) }

// EncodePinned writes defaults too, so that a later change of a default cannot
// change what a published embed shows. Absent fields stay absent: what the page
// chooses for them must be filled in first.
func EncodePinned(s Scenario) string { return encode(s, true) }

func encode(s Scenario, pinned bool) string {
	var b strings.Builder
	for i := range table {
		f := &table[i]
		text := f.text(&s)
		if text == "" || text == f.Default && (!pinned || f.Key == versionKey) {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(f.Key + "=" + escapeValue(text))
	}
	if s.Unknown != "" {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(s.Unknown)
	}
	return b.String()
}
