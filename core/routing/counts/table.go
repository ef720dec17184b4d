package counts

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// names of the columns of a table, lower case. A column without a name at the
// front is what pandas writes: the number of the row.
var (
	layerNames  = []string{"", "layer", "layer_id", "layer_idx", "layer_index"}
	expertNames = []string{"expert", "expert_id", "expert_idx", "expert_index", "logical_expert_id", "logical_expert"}
	countNames  = []string{"count", "counts", "tokens", "token_count", "num_tokens", "load", "value"}
)

// readTable reads rows of numbers, parted by commas, semicolons, tabs or blanks.
// A first line of words names the columns: with one for the layer, one for the expert and one for
// the count every line is a cell; with one for the layer alone that column is left out.
func readTable(data []byte, g *grid) error {
	var header []string
	number := 0
	for line := range bytes.Lines(data) {
		number++
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		cells := cut(string(line))
		if header == nil && len(g.rows) == 0 && !numeric(cells) {
			header = cells
			continue
		}
		layer, expert, count := column(header, layerNames), column(header, expertNames), column(header, countNames)
		var err error
		if layer >= 0 && expert >= 0 && count >= 0 {
			err = addCell(g, cells, layer, expert, count)
		} else {
			err = addRow(g, cells, layer)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
	}
	return nil
}

// cut parts a line at its separators; an empty cell at the end is none.
func cut(line string) []string {
	cells := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' })
	for _, separator := range []string{",", ";"} {
		if strings.Contains(line, separator) {
			cells = strings.Split(strings.TrimSuffix(line, separator), separator)
			break
		}
	}
	for i, cell := range cells {
		cells[i] = strings.Trim(cell, " \t\"")
	}
	return cells
}

// numeric tells whether a first line holds counts: not if it has a name for the
// layer, or no number, or the numbers of the experts, 0, 1, 2 and so on.
func numeric(cells []string) bool {
	if column(cells, layerNames) >= 0 {
		return false
	}
	found, counting := false, len(cells) > 2
	for i, cell := range cells {
		_, err := strconv.ParseFloat(cell, 64)
		found = found || err == nil
		counting = counting && cell == strconv.Itoa(i)
	}
	return found && !counting
}

func column(header, names []string) int {
	for i, cell := range header {
		for _, name := range names {
			if strings.EqualFold(cell, name) {
				return i
			}
		}
	}
	return -1
}

func addCell(g *grid, cells []string, layer, expert, count int) error {
	if len(cells) <= max(layer, expert, count) {
		return fmt.Errorf("%d cells, where the header has more: give a layer, an expert and a count", len(cells))
	}
	l, err := strconv.Atoi(cells[layer])
	if err != nil {
		return fmt.Errorf("layer %s: no whole number", clip([]byte(cells[layer])))
	}
	e, err := strconv.Atoi(cells[expert])
	if err != nil {
		return fmt.Errorf("layer %d, expert %s: no whole number", l, clip([]byte(cells[expert])))
	}
	x, err := parse(cells[count])
	if err != nil {
		return fmt.Errorf("layer %d, expert %d: %w", l, e, err)
	}
	return g.add(l, e, x)
}

func addRow(g *grid, cells []string, leftOut int) error {
	layer := len(g.rows)
	if err := place(layer, len(cells)-1); err != nil {
		return err
	}
	row := make([]float64, 0, len(cells))
	for i, cell := range cells {
		if i == leftOut {
			continue
		}
		x, err := parse(cell)
		if err != nil {
			return fmt.Errorf("layer %d, expert %d: %w", layer, len(row), err)
		}
		if fault := wrong(x); fault != "" {
			return fmt.Errorf("layer %d, expert %d: %s", layer, len(row), fault)
		}
		row = append(row, x)
	}
	if layer > 0 && len(row) != len(g.rows[0]) {
		return fmt.Errorf("layer %d: %d experts, where layer 0 has %d: give every layer the same", layer, len(row), len(g.rows[0]))
	}
	g.rows = append(g.rows, row)
	return nil
}

// parse reads a number; one out of range is infinite, which wrong refuses.
func parse(cell string) (float64, error) {
	x, err := strconv.ParseFloat(cell, 64)
	if err != nil && x == 0 {
		return 0, fmt.Errorf("%s is no number: give a number from 0 up", clip([]byte(cell)))
	}
	return x, nil
}
