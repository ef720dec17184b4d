package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"moecost/core/routing/counts"
)

// sizes are the numbers of an instance; 0 is not given.
type sizes struct {
	Replicas int `json:"num_replicas"`
	Groups   int `json:"num_groups"`
	Nodes    int `json:"num_nodes"`
	GPUs     int `json:"num_gpus"`
}

// or fills in what is not given.
func (s sizes) or(other sizes) sizes {
	for _, n := range []struct{ own, other *int }{{&s.Replicas, &other.Replicas}, {&s.Groups, &other.Groups}, {&s.Nodes, &other.Nodes}, {&s.GPUs, &other.GPUs}} {
		if *n.own == 0 {
			*n.own = *n.other
		}
	}
	return s
}

// instance is what to place. Its numbers stand under args, or beside them.
type instance struct {
	Weight [][]load `json:"weight"`
	Args   sizes    `json:"args"`
	sizes
}

// load is a number that must be there: the JSON reader takes null for 0.
type load float64

func (l *load) UnmarshalJSON(text []byte) error {
	x, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return fmt.Errorf("weight: %s is no load: give a number from 0 up", text)
	}
	*l = load(x)
	return nil
}

func readAll(name string, stdin io.Reader) ([]byte, error) {
	from := stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, errors.Unwrap(err)
		}
		defer f.Close()
		from = f
	}
	data, err := io.ReadAll(io.LimitReader(from, counts.MaxBytes+1))
	if err == nil && len(data) > counts.MaxBytes {
		err = fmt.Errorf("more than %d bytes: give fewer instances, or sums of counts", counts.MaxBytes)
	}
	return data, err
}

// parse reads instances, or counts as the one instance that lacks all numbers.
func parse(data []byte) ([]instance, error) {
	data = bytes.TrimSpace(data)
	if !holdsInstances(data) {
		c, err := counts.Read(data)
		if err != nil {
			return nil, err
		}
		in := instance{Weight: make([][]load, len(c.Layers))}
		for i, row := range c.Layers {
			for _, x := range row {
				in.Weight[i] = append(in.Weight[i], load(x))
			}
		}
		return []instance{in}, nil
	}
	var all []instance
	decoder := json.NewDecoder(bytes.NewReader(data))
	for decoder.More() {
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, decoded(err)
		}
		some, err := parseValue(value)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// holdsInstances tells whether a text starts with an object that has a weight or
// cases, or with a list of objects.
func holdsInstances(data []byte) bool {
	if rest, isList := bytes.CutPrefix(data, []byte("[")); isList {
		return bytes.HasPrefix(bytes.TrimSpace(rest), []byte("{"))
	}
	if !bytes.HasPrefix(data, []byte("{")) {
		return false
	}
	var keys map[string]json.RawMessage
	if json.NewDecoder(bytes.NewReader(data)).Decode(&keys) != nil {
		return true // for the error of the JSON reader
	}
	_, counted := keys["logical_count"]
	return !counted
}

func parseValue(value json.RawMessage) ([]instance, error) {
	var list []instance
	if value[0] == '[' {
		return list, decoded(json.Unmarshal(value, &list))
	}
	var object struct {
		Cases []instance `json:"cases"`
		instance
	}
	if err := json.Unmarshal(value, &object); err != nil {
		return nil, decoded(err)
	}
	if object.Cases != nil {
		return object.Cases, nil
	}
	if object.Weight == nil {
		return nil, errors.New(`an object without "weight" or "cases": give the loads of the experts, a row per layer`)
	}
	return []instance{object.instance}, nil
}

// decoded says what the JSON reader found in words of the file.
func decoded(err error) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return fmt.Errorf("%s: a %s at byte %d, where a %s is needed", kind.Field, kind.Value, kind.Offset, kind.Type)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the text is broken off: give all of it")
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("byte %d: %w", syntax.Offset, err)
	}
	return err
}
