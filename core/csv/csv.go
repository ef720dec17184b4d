// Package csv reads the tables of assets: fields divided by commas, quoted
// where they hold a comma, a quote (written twice) or a line break, as in RFC 4180 and
// encoding/csv, which costs every visitor of the page 5 kB of compressed
// WebAssembly more.
package csv

import (
	"fmt"
	"strings"
)

// Read gives the rows of a table, all with as many fields as the first. Empty
// lines are passed over. Errors name the row, counted from 1.
func Read(text string) ([][]string, error) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	var rows [][]string
	var row []string
	for text != "" || row != nil {
		if row == nil && text[0] == '\n' {
			text = text[1:]
			continue
		}
		var field string
		if quoted, is := strings.CutPrefix(text, `"`); is {
			var closed bool
			if field, text, closed = unquote(quoted); !closed {
				return nil, fmt.Errorf("row %d: a quote is not closed", len(rows)+1)
			}
		} else {
			end := strings.IndexAny(text, ",\n")
			if end < 0 {
				end = len(text)
			}
			field, text = text[:end], text[end:]
			if strings.Contains(field, `"`) {
				return nil, fmt.Errorf("row %d: a quote in %q, which does not begin with one", len(rows)+1, field)
			}
		}
		row = append(row, field)
		if rest, more := strings.CutPrefix(text, ","); more {
			text = rest
			continue
		}
		if text != "" && text[0] != '\n' {
			return nil, fmt.Errorf("row %d: text after the quote of %q", len(rows)+1, field)
		}
		text = strings.TrimPrefix(text, "\n")
		if len(rows) > 0 && len(row) != len(rows[0]) {
			return nil, fmt.Errorf("row %d: %d fields, the first row has %d", len(rows)+1, len(row), len(rows[0]))
		}
		rows, row = append(rows, row), nil
	}
	return rows, nil
}

// unquote reads up to the closing quote.
func unquote(text string) (field, rest string, closed bool) {
	var b strings.Builder
	for {
		part, after, found := strings.Cut(text, `"`)
		if !found {
			return "", "", false
		}
		b.WriteString(part)
		if !strings.HasPrefix(after, `"`) {
			return b.String(), after, true
		}
		b.WriteByte('"')
		text = after[1:]
	}
}
