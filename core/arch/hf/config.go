package hf

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// config is one JSON object of the file. It remembers which keys were asked
// for, so that the rest can be reported, and collects errors, so that a family
// reads like a list of tensors and not like error handling.
type config struct {
	path   string // "" for the file, "text_config." below
	values map[string]any
	outer  *config // where missing keys may stand too
	log    *log
}

// log is shared by all objects of one file.
type log struct {
	asked   map[string]bool
	assumed []Assumption
	errs    []error
}

// Limits keep a hostile config from costing time or overflowing a count. They
// are far above anything published: 93 layers, 896 experts, hidden 18,432.
const (
	maxDim     = 1 << 24
	maxLayers  = 4096
	maxExperts = 1 << 16
)

func parse(data []byte) (*config, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("config.json: %d bytes: a config is below %d bytes; this looks like another file (weights, tokenizer?)", len(data), MaxBytes)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, fmt.Errorf("config.json: empty: paste the whole file, from { to }")
	}
	if !utf8.Valid(data) {
		return nil, fmt.Errorf("config.json: not text: it holds bytes that are not UTF-8; this looks like a binary file")
	}
	decoder := json.NewDecoder(bytes.NewReader(quoteNonFinite(data)))
	decoder.UseNumber()
	var values map[string]any
	if err := decoder.Decode(&values); err != nil {
		return nil, jsonError(data, err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("config.json: text after the closing brace: paste one file at a time")
	}
	if values == nil {
		return nil, fmt.Errorf("config.json: null: expected an object, from { to }")
	}
	return &config{values: values, log: &log{asked: map[string]bool{}}}, nil
}

// quoteNonFinite turns the Infinity, -Infinity and NaN that Python writes
// (time_step_limit of the Mamba families) into strings, which JSON has.
func quoteNonFinite(data []byte) []byte {
	if !bytes.Contains(data, []byte("Infinity")) && !bytes.Contains(data, []byte("NaN")) {
		return data
	}
	var out bytes.Buffer
	inString := false
	for i := 0; i < len(data); i++ {
		c := data[i]
		switch {
		case inString && c == '\\' && i+1 < len(data):
			out.WriteByte(c)
			i++
			c = data[i]
		case c == '"':
			inString = !inString
		case !inString:
			if word := nonFinite(data[i:]); word != "" {
				out.WriteString(strconv.Quote(word))
				i += len(word) - 1
				continue
			}
		}
		out.WriteByte(c)
	}
	return out.Bytes()
}

func nonFinite(rest []byte) string {
	for _, word := range []string{"-Infinity", "Infinity", "NaN"} {
		if bytes.HasPrefix(rest, []byte(word)) {
			return word
		}
	}
	return ""
}

func jsonError(data []byte, err error) error {
	offset := int64(-1)
	switch e := err.(type) {
	case *json.SyntaxError:
		offset = e.Offset
	case *json.UnmarshalTypeError:
		return fmt.Errorf("config.json: it is a JSON %s: expected an object, from { to }", e.Value)
	}
	if err == io.ErrUnexpectedEOF || err == io.EOF {
		return fmt.Errorf("config.json: it ends in the middle: a closing brace is missing; paste the whole file")
	}
	if offset < 0 || offset > int64(len(data)) {
		return fmt.Errorf("config.json: not JSON: %v", err)
	}
	line := 1 + bytes.Count(data[:offset], []byte("\n"))
	return fmt.Errorf("config.json, line %d: not JSON: %v", line, err)
}
