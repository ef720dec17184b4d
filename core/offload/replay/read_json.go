package replay

import (
	"encoding/json"
	"errors"
	"fmt"
	"sort"
)

// described is a trace as a JSON object has it.
type described struct {
	Name    string    `json:"name"`
	Experts int       `json:"n_experts"`
	Decode  [][][]int `json:"decode"`
}

func readJSON(text string, experts int) ([]*Trace, error) {
	if text[0] == '[' {
		var steps [][][]int
		if err := unmarshal(text, &steps); err != nil {
			return nil, err
		}
		t, err := finish(&Trace{}, steps, experts, jsonPlace(""))
		if err != nil {
			return nil, err
		}
		return []*Trace{t}, nil
	}
	var file struct {
		described
		Models map[string]described `json:"models"`
	}
	if err := unmarshal(text, &file); err != nil {
		return nil, err
	}
	if file.Models == nil {
		if file.Decode == nil {
			return nil, errors.New(`trace: it has neither "decode" nor "models": {"n_experts": 128, "decode": [token][layer][experts]} would do`)
		}
		t, err := file.trace("", experts)
		if err != nil {
			return nil, err
		}
		return []*Trace{t}, nil
	}
	var names []string
	for name := range file.Models {
		names = append(names, name)
	}
	sort.Strings(names)
	var all []*Trace
	for _, name := range names {
		d := file.Models[name]
		if d.Name == "" {
			d.Name = name
		}
		t, err := d.trace(`models["`+name+`"].`, experts)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	if len(all) == 0 {
		return nil, errors.New(`trace: "models" is empty: {"models": {"name": {"n_experts": 128, "decode": [token][layer][experts]}}} would do`)
	}
	return all, nil
}

// unmarshal says where a text is not what it should be.
func unmarshal(text string, into any) error {
	err := json.Unmarshal([]byte(text), into)
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &kind):
		return fmt.Errorf("trace: byte %d: a %s stands here: decode steps are lists [token][layer][experts] of whole numbers", kind.Offset, kind.Value)
	case errors.As(err, &syntax):
		return fmt.Errorf("trace: byte %d: this is no JSON (%w): [[[0, 5], [3, 1]]] would be one token of two layers", syntax.Offset, syntax)
	}
	return err
}

func (d *described) trace(path string, experts int) (*Trace, error) {
	if d.Experts < 0 || d.Experts > maxExperts {
		return nil, fmt.Errorf("trace: %sn_experts: %d: a layer has 1 to %d experts", path, d.Experts, maxExperts)
	}
	if d.Experts > 0 {
		experts = d.Experts // what the file says of its own model
	}
	return finish(&Trace{Name: d.Name}, d.Decode, experts, jsonPlace(path+"decode"))
}

// jsonPlace names a step and a layer of an array: "trace: decode[3][5]".
func jsonPlace(array string) func(step, layer int) string {
	return func(step, layer int) string {
		if layer < 0 {
			return fmt.Sprintf("trace: %s[%d]", array, step)
		}
		return fmt.Sprintf("trace: %s[%d][%d]", array, step, layer)
	}
}
