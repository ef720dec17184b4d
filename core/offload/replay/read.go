package replay

import (
	"errors"
	"fmt"
	"strings"
)

// Limits of a trace that is read: a file beyond them says nothing that a part of
// it does not, and would hold up the page.
const (
	MaxBytes    = 8 << 20 // of text
	MaxRequests = 400_000 // experts named: 1,000 tokens of 48 layers, top-8
	maxExperts  = 4096
	maxLayers   = 1024
)

// Read reads the traces of a text. It may be
//
//   - a JSON array [token][layer][experts], as decode steps follow each other
//   - a JSON object with such an array as "decode", and optionally "n_experts" and "name",
//     or with several such objects by name as "models"
//   - a CSV table with the columns step, layer, and experts (ids with spaces between them)
//     or expert (one id a row), and optionally phase (prompt or decode, 0 or 1) and bytes (of one expert of the layer)
//
// experts is the number of experts of a layer of the model at hand, for texts that do not say it; 0 if
// there is none: then it is one more than the highest id. Layers without experts are left out.
func Read(text string, experts int) ([]*Trace, error) {
	if len(text) > MaxBytes {
		return nil, fmt.Errorf("trace: the text has %d bytes: at most %d are read, some thousand tokens are enough", len(text), MaxBytes)
	}
	text = strings.TrimPrefix(text, "\ufeff")
	start := strings.TrimLeft(text, " \t\r\n")
	switch {
	case start == "":
		return nil, errors.New("trace: the text is empty: a JSON array [token][layer][experts] would do")
	case start[0] == '[' || start[0] == '{':
		return readJSON(start, experts)
	}
	t, err := readTable(start, experts)
	if err != nil {
		return nil, err
	}
	return []*Trace{t}, nil
}

// finish checks steps of ids, in the words of the file they come from, and makes
// a trace of them. at names the place of a step and a layer.
func finish(t *Trace, steps [][][]int, experts int, at func(step, layer int) string) (*Trace, error) {
	if len(steps) == 0 || len(steps[0]) == 0 {
		return nil, errors.New("trace: there are no steps in it: a JSON array [token][layer][experts] would do")
	}
	layers := len(steps[0])
	if layers > maxLayers {
		return nil, fmt.Errorf("%s: has %d layers: at most %d are read; the order is [token][layer][experts]", at(0, -1), layers, maxLayers)
	}
	highest, requests := -1, 0
	for s, step := range steps {
		if len(step) != layers {
			return nil, fmt.Errorf("%s: has %d layers, where the first step has %d: every step names the experts of every layer", at(s, -1), len(step), layers)
		}
		for l, asked := range step {
			if (len(asked) == 0) != (len(steps[0][l]) == 0) && s >= t.Prompt {
				return nil, fmt.Errorf("%s: names %d experts, where the first step names %d of this layer: a layer without experts is empty in every step", at(s, l), len(asked), len(steps[0][l]))
			}
			if requests += len(asked); requests > MaxRequests {
				return nil, fmt.Errorf("%s: more than %d experts are named up to here: cut the trace, some thousand tokens are enough", at(s, l), MaxRequests)
			}
			for _, e := range asked {
				highest = max(highest, e)
				if limit := limitOf(experts); e < 0 || e >= limit {
					return nil, fmt.Errorf("%s: expert %d: ids are 0 to %d%s", at(s, l), e, limit-1, ofModel(experts))
				}
			}
		}
	}
	if highest < 0 {
		return nil, errors.New("trace: no layer names any expert")
	}
	if t.Experts = experts; experts == 0 {
		t.Experts = highest + 1
	}
	return t.pack(steps, at)
}

func limitOf(experts int) int {
	if experts == 0 {
		return maxExperts
	}
	return experts
}

func ofModel(experts int) string {
	if experts == 0 {
		return ""
	}
	return fmt.Sprintf(", the model has %d experts", experts)
}

// pack keeps the layers that have experts, and refuses a step that names one twice.
func (t *Trace) pack(steps [][][]int, at func(step, layer int) string) (*Trace, error) {
	last := steps[len(steps)-1]
	seen := make([]int, t.Experts)
	batch := 0
	t.Steps = make([][][]uint16, len(steps))
	for s, step := range steps {
		for l, asked := range step {
			if len(last[l]) == 0 {
				continue
			}
			batch++
			ids := make([]uint16, len(asked))
			for i, e := range asked {
				if seen[e] == batch {
					return nil, fmt.Errorf("%s: expert %d is named twice: a token selects distinct experts", at(s, l), e)
				}
				seen[e] = batch
				ids[i] = uint16(e)
			}
			t.Steps[s] = append(t.Steps[s], ids)
		}
	}
	if t.Bytes != nil {
		kept := t.Bytes[:0]
		for l, b := range t.Bytes {
			if len(last[l]) > 0 {
				kept = append(kept, b)
			}
		}
		t.Bytes = kept
	}
	return t, nil
}
