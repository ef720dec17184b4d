package assets

import (
	"errors"
	"strconv"
	"strings"
)

// Table splits comma-separated values as the tables here have them (RFC 4180):
// a cell in quotes may hold commas, line breaks and doubled quotes. Every row has as many cells as the
// first. Package encoding/csv reads more forms and costs the page 6 kB.
func Table(text string) ([][]string, error) {
	var rows [][]string
	for line := 1; text != ""; line++ {
		var row []string
		for end := false; !end; {
			var cell string
			if quoted, is := strings.CutPrefix(text, `"`); is {
				parts := 0
				for {
					part, rest, closed := strings.Cut(quoted, `"`)
					if !closed {
						return nil, errors.New("row " + strconv.Itoa(line) + ": a quote is not closed")
					}
					if parts++; parts > 1 {
						cell += `"`
					}
					cell += part
					if quoted, is = strings.CutPrefix(rest, `"`); !is {
						text = rest
						break
					}
				}
			} else {
				n := strings.IndexAny(text, ",\n")
				if n < 0 {
					n = len(text)
				}
				cell, text = strings.TrimSuffix(text[:n], "\r"), text[n:]
				if strings.Contains(cell, `"`) {
					return nil, errors.New("row " + strconv.Itoa(line) + ": a quote inside a cell that does not start with one")
				}
			}
			row = append(row, cell)
			text, end = strings.CutPrefix(text, ",")
			end = !end
		}
		rest, ended := strings.CutPrefix(strings.TrimPrefix(text, "\r"), "\n")
		if text != "" && !ended {
			return nil, errors.New("row " + strconv.Itoa(line) + ": something follows a closed quote")
		}
		text = rest
		if len(rows) > 0 && len(row) != len(rows[0]) {
			return nil, errors.New("row " + strconv.Itoa(line) + ": " + strconv.Itoa(len(row)) + " cells, the first row has " + strconv.Itoa(len(rows[0])))
		}
		rows = append(rows, row)
	}
	return rows, nil
}
