package checkpoint

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"moecost/core/format"
)

// safetensorsTypes gives each dtype its format. Source: huggingface/safetensors,
// safetensors/src/tensor.rs (Dtype).
var safetensorsTypes = map[string]*format.Format{
	"F16": &format.FP16, "BF16": &format.BF16, "F32": &format.FP32,
	"F8_E4M3": plain("F8_E4M3", 8, format.ArithmeticFP8), "F8_E5M2": plain("F8_E5M2", 8, format.ArithmeticFP8),
	"F8_E4M3FNUZ": plain("F8_E4M3FNUZ", 8, format.ArithmeticFP8), "F8_E5M2FNUZ": plain("F8_E5M2FNUZ", 8, format.ArithmeticFP8),
	"F8_E8M0": plain("F8_E8M0", 8, format.ArithmeticFP8),
	"F4":      plain("F4", 4, format.ArithmeticFP4), "F6_E2M3": plain("F6_E2M3", 6, format.ArithmeticFP4), "F6_E3M2": plain("F6_E3M2", 6, format.ArithmeticFP4),
	"BOOL": plain("BOOL", 8, format.ArithmeticBF16), "U8": plain("U8", 8, format.ArithmeticBF16), "I8": plain("I8", 8, format.ArithmeticINT8),
	"U16": plain("U16", 16, format.ArithmeticBF16), "I16": plain("I16", 16, format.ArithmeticBF16),
	"U32": plain("U32", 32, format.ArithmeticBF16), "I32": plain("I32", 32, format.ArithmeticBF16),
	"U64": plain("U64", 64, format.ArithmeticBF16), "I64": plain("I64", 64, format.ArithmeticBF16),
	"F64": plain("F64", 64, format.ArithmeticBF16), "C64": plain("C64", 64, format.ArithmeticBF16),
}

// plain is a dtype without scales.
func plain(dtype string, bits int, a format.Arithmetic) *format.Format {
	return &format.Format{ID: strings.ToLower(dtype), Name: dtype, Bits: bits, Arithmetic: a, Source: "safetensors"}
}

// safetensorsEntry is the value of one tensor in the header.
type safetensorsEntry struct {
	Dtype   string  `json:"dtype"`
	Shape   []int64 `json:"shape"`
	Offsets []int64 `json:"data_offsets"`
}

// readSafetensors reads eight bytes of length and that much JSON. Layout:
// github.com/huggingface/safetensors, README, "Format".
func readSafetensors(f File) (*Inventory, error) {
	c := newCursor(f, 0, 8+maxHeader)
	prefix := c.take(8)
	if c.err != nil {
		return nil, c.err
	}
	length := binary.LittleEndian.Uint64(prefix)
	switch {
	case length > maxHeader:
		return nil, fmt.Errorf("%s: header: %d bytes announced: a safetensors header has at most %d", f.Name, length, maxHeader)
	case f.Size > 0 && 8+int64(length) > f.Size:
		return nil, fmt.Errorf("%s: header: %d bytes announced, but the file has %d: the download is not complete", f.Name, length, f.Size)
	}
	c.end = 8 + int64(length)
	v := &Inventory{Container: Safetensors, Files: []string{f.Name}}
	dataBytes := int64(0)
	if f.Size > 0 {
		dataBytes = f.Size - 8 - int64(length)
	}
	covered := int64(0)
	err := eachMember(c, func(name string, d *json.Decoder) error {
		if name == "__metadata__" {
			var any json.RawMessage
			return d.Decode(&any)
		}
		var e safetensorsEntry
		if err := d.Decode(&e); err != nil {
			return err
		}
		entry, err := e.entry(name)
		if err != nil {
			return err
		}
		if err := v.add(entry); err != nil {
			return err
		}
		covered = max(covered, e.Offsets[1])
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: header: %w", f.Name, jsonTruncated(err))
	}
	if f.Size > 0 && covered > dataBytes {
		v.note("%s holds %d bytes of tensors, but its header names %d: the download is not complete. The header is all that is needed here.", f.Name, dataBytes, covered)
	}
	if err := v.unique(); err != nil {
		return nil, fmt.Errorf("%s: header: %w", f.Name, err)
	}
	return v, nil
}

// entry checks what the header says of a tensor against itself.
func (e safetensorsEntry) entry(name string) (Entry, error) {
	if len(name) > maxName {
		return Entry{}, fmt.Errorf("a tensor name of %d bytes: %d at most would do", len(name), maxName)
	}
	if e.Dtype == "" || e.Offsets == nil {
		return Entry{}, fmt.Errorf("%q: dtype, shape and data_offsets are needed", name)
	}
	if _, err := count(e.Shape); err != nil {
		return Entry{}, fmt.Errorf("%q: shape %v: %w", name, e.Shape, err)
	}
	if len(e.Offsets) != 2 || e.Offsets[0] < 0 || e.Offsets[1] < e.Offsets[0] || e.Offsets[1] > maxCount {
		return Entry{}, fmt.Errorf("%q: data_offsets %v: want start and end of the tensor, in order", name, e.Offsets)
	}
	bytes := e.Offsets[1] - e.Offsets[0]
	stored, known := safetensorsTypes[e.Dtype]
	if !known { // exact for this tensor, whatever its bits mean
		stored = plain(e.Dtype, 0, format.ArithmeticBF16)
		stored.TensorBytes = int(bytes)
	}
	if want := stored.SizeOf(e.Shape).Bytes(); want != bytes {
		return Entry{}, fmt.Errorf("%q: shape %v in %s takes %d bytes, but data_offsets span %d", name, e.Shape, e.Dtype, want, bytes)
	}
	return Entry{Name: name, Type: stored.Name, Shape: e.Shape, Bytes: bytes, stored: stored}, nil
}

// count multiplies dimensions without overflow.
func count(shape []int64) (int64, error) {
	if len(shape) > maxDims {
		return 0, fmt.Errorf("%d dimensions: %d at most would do", len(shape), maxDims)
	}
	n := int64(1)
	for _, d := range shape {
		if d < 0 {
			return 0, errors.New("a dimension is negative")
		}
		if d > 0 && n > maxCount/64/d {
			return 0, fmt.Errorf("more than %d elements", int64(maxCount/64))
		}
		n *= d
	}
	return n, nil
}

// eachMember calls visit for every member of the one JSON object that the
// cursor holds, without keeping the others in memory.
func eachMember(c *cursor, visit func(name string, d *json.Decoder) error) error {
	d := json.NewDecoder(c)
	if open, err := d.Token(); err != nil {
		return err
	} else if open != json.Delim('{') {
		return errors.New("not a JSON object")
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		if err := visit(name.(string), d); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// jsonTruncated says in words that JSON ended early.
func jsonTruncated(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it ends in the middle: the file is truncated")
	}
	return err
}

// unique refuses a tensor that is there twice.
func (v *Inventory) unique() error {
	seen := make(map[string]bool, len(v.Tensors))
	for _, e := range v.Tensors {
		if seen[e.Name] {
			return fmt.Errorf("%q is there twice", e.Name)
		}
		seen[e.Name] = true
	}
	return nil
}

// add appends a tensor, as long as sums stay within reason.
func (v *Inventory) add(e Entry) error {
	v.Tensors = append(v.Tensors, e)
	v.Bytes += e.Bytes
	v.elements += e.Elements()
	switch {
	case len(v.Tensors) > maxTensors:
		return fmt.Errorf("more than %d tensors", maxTensors)
	case v.Bytes > maxCount || v.elements > maxCount:
		return fmt.Errorf("%q: more than %d bytes of tensors up to here: no checkpoint has so many", e.Name, int64(maxCount))
	}
	return nil
}

func (v *Inventory) note(format string, args ...any) {
	v.Notes = append(v.Notes, fmt.Sprintf(format, args...))
}
