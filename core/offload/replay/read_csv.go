package replay

import (
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// table is what stands in the rows of a CSV, by number of step and layer.
type table struct {
	steps  map[int]map[int][]int
	prompt map[int]map[int][]int
	bytes  map[int]int64
	column map[string]int
	line   int
}

// readTable reads a CSV table; lines that begin with # are passed over.
func readTable(text string, experts int) (*Trace, error) {
	t := table{steps: map[int]map[int][]int{}, prompt: map[int]map[int][]int{}, bytes: map[int]int64{}}
	requests := 0
	for line := range strings.Lines(text) {
		t.line++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		cells := strings.Split(line, ",")
		if t.column == nil {
			if err := t.head(cells); err != nil {
				return nil, err
			}
			continue
		}
		n, err := t.row(cells)
		if err != nil {
			return nil, fmt.Errorf("trace: line %d: %w", t.line, err)
		}
		if requests += n; requests > MaxRequests {
			return nil, fmt.Errorf("trace: line %d: more than %d experts are named up to here: cut the trace, some thousand tokens are enough", t.line, MaxRequests)
		}
	}
	if t.column == nil || len(t.steps) == 0 {
		return nil, errors.New("trace: there are no decode steps in it: rows with the columns step, layer and experts would do")
	}
	return t.trace(experts)
}

func (t *table) head(cells []string) error {
	t.column = map[string]int{}
	for i, c := range cells {
		t.column[strings.ToLower(strings.Trim(c, `" `))] = i
	}
	_, one := t.column["expert"]
	if _, many := t.column["experts"]; !one && !many {
		t.column = nil
		return fmt.Errorf("trace: line %d: %.60q has no column experts: the columns step, layer and experts would do", t.line, strings.Join(cells, ","))
	}
	for _, name := range []string{"step", "layer"} {
		if _, ok := t.column[name]; !ok {
			return fmt.Errorf("trace: line %d: there is no column %s: the columns step, layer and experts would do", t.line, name)
		}
	}
	return nil
}

func (t *table) row(cells []string) (named int, err error) {
	step, err := t.number(cells, "step", 1<<30)
	if err != nil {
		return 0, err
	}
	layer, err := t.number(cells, "layer", maxLayers-1)
	if err != nil {
		return 0, err
	}
	steps := t.steps
	switch phase := t.cell(cells, "phase"); phase {
	case "", "decode", "1":
	case "prompt", "prefill", "0":
		steps = t.prompt
	default:
		return 0, fmt.Errorf("phase: %.20q: prompt or decode would do", phase)
	}
	if steps[step] == nil {
		steps[step] = map[int][]int{}
	}
	names := t.cell(cells, "experts")
	if _, many := t.column["experts"]; !many {
		names = t.cell(cells, "expert")
	}
	for _, word := range strings.Fields(names) {
		e, err := strconv.Atoi(word)
		if err != nil || e < 0 || e >= maxExperts {
			return 0, fmt.Errorf("experts: %.20q: ids are 0 to %d, with spaces between them", word, maxExperts-1)
		}
		steps[step][layer] = append(steps[step][layer], e)
		named++
	}
	if size := t.cell(cells, "bytes"); size != "" {
		b, err := strconv.ParseInt(size, 10, 64)
		if err != nil || b <= 0 || b > 1<<40 {
			return 0, fmt.Errorf("bytes: %.20q: the bytes of one expert would do", size)
		}
		t.bytes[layer] = b
	}
	return named, nil
}

// cell is a row's text in a column, without its quotation marks; empty if there is none.
func (t *table) cell(cells []string, column string) string {
	i, ok := t.column[column]
	if !ok || i >= len(cells) {
		return ""
	}
	return strings.Trim(cells[i], `" `)
}

func (t *table) number(cells []string, column string, most int) (int, error) {
	text := t.cell(cells, column)
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > most {
		return 0, fmt.Errorf("%s: %.20q: a number from 0 to %d would do", column, text, most)
	}
	return n, nil
}

// trace puts the rows in order. The prompt becomes one step, as it is one pass through the layers.
func (t *table) trace(experts int) (*Trace, error) {
	layers := 0
	for _, step := range t.steps {
		for layer := range step {
			layers = max(layers, layer+1)
		}
	}
	out := &Trace{}
	var rows [][][]int
	if len(t.prompt) > 0 {
		out.Prompt = 1
		rows = append(rows, t.unionOfPrompt(layers))
	}
	numbers := keys(t.steps)
	for _, n := range numbers {
		step := make([][]int, layers)
		for layer, asked := range t.steps[n] {
			step[layer] = asked
		}
		rows = append(rows, step)
	}
	if len(t.bytes) > 0 {
		out.Bytes = make([]int64, layers)
		for layer := range out.Bytes {
			if out.Bytes[layer] = t.bytes[layer]; out.Bytes[layer] == 0 && len(rows[len(rows)-1][layer]) > 0 {
				return nil, fmt.Errorf("trace: layer %d has no bytes: the column names them for every layer or for none", layer)
			}
		}
	}
	return finish(out, rows, experts, func(step, layer int) string {
		place := "the prompt"
		if step >= out.Prompt {
			place = "step " + strconv.Itoa(numbers[step-out.Prompt])
		}
		if layer >= 0 {
			place += ", layer " + strconv.Itoa(layer)
		}
		return "trace: " + place
	})
}

// unionOfPrompt is all that the prompt asks each layer for, in the order in which it asks for it last.
func (t *table) unionOfPrompt(layers int) [][]int {
	all := make([][]int, layers)
	for _, n := range keys(t.prompt) {
		for layer, asked := range t.prompt[n] {
			if layer >= layers {
				continue
			}
			for _, e := range asked {
				kept := all[layer][:0]
				for _, have := range all[layer] {
					if have != e {
						kept = append(kept, have)
					}
				}
				all[layer] = append(kept, e)
			}
		}
	}
	return all
}

func keys(m map[int]map[int][]int) []int {
	var out []int
	for n := range m {
		out = append(out, n)
	}
	sort.Ints(out)
	return out
}
