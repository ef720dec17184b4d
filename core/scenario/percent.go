package scenario

import "strings"

// unescape undoes percent escapes. A percent sign that starts none stays, because
// a link that somebody typed is still a link.
func unescape(text string) string {
	if !strings.Contains(text, "%") {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if isEscape(text[i:]) {
			b.WriteByte(hex(text[i+1])<<4 | hex(text[i+2]))
			i += 2
			continue
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// isEscape says whether text starts with a percent escape.
func isEscape(text string) bool {
	return len(text) >= 3 && text[0] == '%' && hex(text[1]) < 16 && hex(text[2]) < 16
}

// hex is the value of a hexadecimal digit; 16 for any other byte.
func hex(b byte) byte {
	switch {
	case b >= '0' && b <= '9':
		return b - '0'
	case b >= 'a' && b <= 'f':
		return b - 'a' + 10
	case b >= 'A' && b <= 'F':
		return b - 'A' + 10
	}
	return 16
}

// safe are the bytes besides letters and digits that a value may hold as they
// are: RFC 3986 allows all of them in a query, and chat apps keep them.
const safe = "-._~:,/="

// escapeValue writes a value so that it survives being pasted anywhere. The last
// byte is escaped unless it is a letter or digit: apps that find links in text leave
// a final full stop or comma outside.
func escapeValue(value string) string {
	var b strings.Builder
	for i := range len(value) {
		c := value[i]
		if alphanumeric(c) || i < len(value)-1 && strings.IndexByte(safe, c) >= 0 {
			b.WriteByte(c)
		} else {
			writeEscape(&b, c)
		}
	}
	return b.String()
}

// kept are the bytes that stay as they are in a pair whose key is unknown. It is
// wider than safe because what they mean there is unknown too.
const kept = safe + "+!$()*;@?'"

// escapeUnsafe keeps a pair as the link has it, escapes included, and escapes only
// what no query may hold. Applying it twice changes nothing more.
func escapeUnsafe(segment string) string {
	var b strings.Builder
	for i := range len(segment) {
		c := segment[i]
		if alphanumeric(c) || strings.IndexByte(kept, c) >= 0 || isEscape(segment[i:]) {
			b.WriteByte(c)
		} else {
			writeEscape(&b, c)
		}
	}
	return b.String()
}

func writeEscape(b *strings.Builder, c byte) {
	const digits = "0123456789ABCDEF"
	b.WriteByte('%')
	b.WriteByte(digits[c>>4])
	b.WriteByte(digits[c&15])
}
