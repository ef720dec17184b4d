package json

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// string reads a text in quotes. What is not UTF-8, or half a surrogate pair,
// becomes U+FFFD.
func (d *decoder) string() string {
	d.take('"')
	var out []byte
	for d.at < len(d.text) {
		c := d.text[d.at]
		switch {
		case c == '"':
			d.at++
			return string(out)
		case c < ' ':
			d.fail("a control character in a text")
		case c == '\\':
			d.at++
			out = d.escape(out)
		case c < utf8.RuneSelf:
			out = append(out, c)
			d.at++
		default:
			r, n := utf8.DecodeRune(d.text[d.at:])
			out = utf8.AppendRune(out, r)
			d.at += n
		}
	}
	d.fail("a text does not end")
	return ""
}

func (d *decoder) escape(out []byte) []byte {
	c := d.next()
	d.at++
	switch c {
	case '"', '\\', '/':
		return append(out, c)
	case 'n':
		return append(out, '\n')
	case 't':
		return append(out, '\t')
	case 'r':
		return append(out, '\r')
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case 'u':
		r := d.hex()
		if utf16.IsSurrogate(r) && d.next() == '\\' && d.at+1 < len(d.text) && d.text[d.at+1] == 'u' {
			before := d.at
			d.at += 2
			if pair := utf16.DecodeRune(r, d.hex()); pair != utf8.RuneError || d.err != nil {
				return utf8.AppendRune(out, pair)
			}
			d.at = before // the second is no half of this pair
		}
		return utf8.AppendRune(out, r)
	}
	d.fail("an escape that JSON does not have")
	return out
}

func (d *decoder) hex() rune {
	if len(d.text)-d.at < 4 {
		d.fail("four digits are missing")
		return 0
	}
	n, err := strconv.ParseUint(string(d.text[d.at:d.at+4]), 16, 16)
	if err != nil {
		d.fail("%q: four hexadecimal digits are needed", d.text[d.at:d.at+4])
	}
	d.at += 4
	return rune(n)
}
