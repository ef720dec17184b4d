// Package counts reads how many tokens each expert got, as serving engines and
// people write it down:
//
//   - CSV or text, one row per layer, one number per expert
//   - CSV with the columns layer_id, expert_id and count, as SGLang's recorder wrote
//   - JSON, a list per layer
//   - SGLang's expert distribution record as JSON, {"logical_count": [step][layer][expert]}
//     or without the steps, which its --init-expert-location reads too; several such objects in a row, one
//     of every rank, are added up
//   - the text of a metrics endpoint (vLLM's vllm:eplb_tokens_routed_to_expert, or any
//     metric with a label for the layer and one for the expert), engines added up
//
// Steps and ranks are summed. Layers without experts are rows of zeros in some of these;
// they are kept, so that a layer keeps its number.
package counts

import (
	"bytes"
	"fmt"
	"math"

	"moecost/core/routing"
)

// What is read at most. The largest models have 128 layers and 1024 experts.
const (
	MaxBytes   = 64 << 20
	MaxLayers  = 1024
	MaxExperts = 8192
)

// Read reads counts in any of the forms that the package knows. sizes are the
// numbers of experts that a layer may have; without any, every number will do.
//
// Errors name the layer and expert, or the line, what was wrong and what would
// do: a number that is negative, NaN or infinite, layers of unequal length or of other lengths than
// sizes, more than MaxBytes, a text in another form, and a text in which no token is counted.
func Read(data []byte, sizes ...int) (*routing.Counts, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("counts: %d bytes: more than %d are not read: give sums over steps, one row per layer", len(data), MaxBytes)
	}
	data = bytes.TrimPrefix(bytes.TrimSpace(data), []byte("\xef\xbb\xbf")) // a spreadsheet's byte order mark
	if len(data) == 0 {
		return nil, fmt.Errorf("counts: nothing is there: give one row per layer, one number per expert")
	}
	var g grid
	var err error
	switch {
	case data[0] == '[' || data[0] == '{':
		err = readJSON(data, &g)
	case isMetrics(data):
		err = readMetrics(data, &g)
	default:
		err = readTable(data, &g)
	}
	if err != nil {
		return nil, fmt.Errorf("counts: %w", err)
	}
	if g.sparse {
		g.square(sizes)
	}
	if err := g.check(sizes); err != nil {
		return nil, fmt.Errorf("counts: %w", err)
	}
	return &routing.Counts{Layers: g.rows}, nil
}

// grid collects values by layer and expert.
type grid struct {
	rows   [][]float64
	sparse bool // cells came one by one, so that the last experts may be absent
}

// add adds a value to a cell that may be new.
func (g *grid) add(layer, expert int, value float64) error {
	if err := place(layer, expert); err != nil {
		return err
	}
	if fault := wrong(value); fault != "" {
		return fmt.Errorf("layer %d, expert %d: %s", layer, expert, fault)
	}
	g.sparse = true
	for len(g.rows) <= layer {
		g.rows = append(g.rows, nil)
	}
	row := g.rows[layer]
	for len(row) <= expert {
		row = append(row, 0)
	}
	row[expert] += value
	g.rows[layer] = row
	return nil
}

// place tells whether a layer and an expert are within what is read.
func place(layer, expert int) error {
	switch {
	case layer < 0 || layer >= MaxLayers:
		return fmt.Errorf("layer %d: layers from 0 to %d are read", layer, MaxLayers-1)
	case expert < 0 || expert >= MaxExperts:
		return fmt.Errorf("layer %d, expert %d: experts from 0 to %d are read", layer, expert, MaxExperts-1)
	}
	return nil
}

// wrong says why a number is no count; empty if it is one.
func wrong(value float64) string {
	switch {
	case math.IsNaN(value):
		return "NaN is no count: give a number from 0 up"
	case value < 0:
		return fmt.Sprintf("%g is negative: give a number from 0 up", value)
	case value > 1e300:
		return "too large a number: give tokens"
	}
	return ""
}

// square fills short rows with zeros: experts that got no token. The width is that
// of the widest row, or the smallest of sizes that holds it.
func (g *grid) square(sizes []int) {
	width := 0
	for _, row := range g.rows {
		width = max(width, len(row))
	}
	fitting := 0
	for _, size := range sizes {
		if size >= width && (fitting == 0 || size < fitting) {
			fitting = size
		}
	}
	width = max(width, fitting)
	for i, row := range g.rows {
		g.rows[i] = append(row, make([]float64, width-len(row))...)
	}
}

func (g *grid) check(sizes []int) error {
	total := 0.0
	for layer, row := range g.rows {
		if len(row) != len(g.rows[0]) {
			return fmt.Errorf("layer %d: %d experts, where layer 0 has %d: give every layer the same", layer, len(row), len(g.rows[0]))
		}
		for _, value := range row {
			total += value
		}
	}
	if len(g.rows) == 0 || len(g.rows[0]) == 0 {
		return fmt.Errorf("no layer is there: give one row per layer, one number per expert")
	}
	if !(total > 0) || total > math.MaxFloat64 {
		return fmt.Errorf("the tokens counted sum to %g: give counts of some tokens", total)
	}
	width := len(g.rows[0])
	for _, size := range sizes {
		if width == size {
			return nil
		}
	}
	if len(sizes) > 0 {
		return fmt.Errorf("%d experts in a layer, where the model has %s: give counts of this model, by logical expert", width, either(sizes))
	}
	return nil
}

func either(sizes []int) string {
	text := fmt.Sprint(sizes[0])
	for _, size := range sizes[1:] {
		if size != sizes[0] {
			text += fmt.Sprintf(" or %d", size)
		}
	}
	return text
}
