package checkpoint

import (
	"fmt"
	"math"
	"slices"

	"moecost/core/format"
)

// Numbers of the GGUF header. Source: ggml, docs/gguf.md.
const (
	ggufAlignment = 32 // default of general.alignment
	maxMetadata   = 1 << 16
)

// ggufTensor is what the header says of one tensor.
type ggufTensor struct {
	entry  Entry
	number uint32 // enum ggml_type
	offset uint64 // in the data section
}

// readGGUF reads magic, version, metadata and tensor infos of a GGUF file.
func readGGUF(f File) (*Inventory, error) {
	c := newCursor(f, 4, maxHeader) // after the magic
	version := c.uint32()
	if c.err == nil && version != 2 && version != 3 {
		return nil, fmt.Errorf("%s: GGUF version %d: 2 and 3 can be read; convert the file with a current llama.cpp", f.Name, version)
	}
	tensors, pairs := c.uint64(), c.uint64()
	switch {
	case c.err != nil:
		return nil, c.err
	case tensors > maxTensors:
		return nil, fmt.Errorf("%s: header: %d tensors announced: %d at most would do", f.Name, tensors, maxTensors)
	case pairs > maxMetadata:
		return nil, fmt.Errorf("%s: header: %d metadata entries announced: %d at most would do", f.Name, pairs, maxMetadata)
	}
	v := &Inventory{Container: GGUF, Files: []string{f.Name}, Metadata: Metadata{}}
	for range pairs {
		readPair(c, v.Metadata)
		if c.err != nil {
			return nil, c.err
		}
	}
	var infos []ggufTensor
	for range tensors {
		t := readTensorInfo(c)
		if c.err != nil {
			return nil, c.err
		}
		infos = append(infos, t)
	}
	alignment, ok := v.Metadata.Int("general.alignment")
	if !ok || alignment <= 0 || alignment > 1<<20 {
		alignment = ggufAlignment
	}
	dataStart := (c.at() + alignment - 1) / alignment * alignment
	if err := v.addGGUF(f, infos, dataStart); err != nil {
		return nil, err
	}
	return v, nil
}

func readTensorInfo(c *cursor) ggufTensor {
	t := ggufTensor{entry: Entry{Name: c.text(maxName, "tensor name")}}
	n := c.uint32()
	if n > maxDims {
		c.fail("%q: %d dimensions: %d at most would do", t.entry.Name, n, maxDims)
		return t
	}
	for range n {
		d := c.uint64()
		if d > maxCount {
			c.fail("%q: a dimension of %d: %d at most would do", t.entry.Name, d, int64(maxCount))
			return t
		}
		t.entry.Shape = append(t.entry.Shape, int64(d))
	}
	slices.Reverse(t.entry.Shape) // GGUF names the contiguous dimension first
	t.number, t.offset = c.uint32(), c.uint64()
	if _, err := count(t.entry.Shape); err != nil {
		c.fail("%q: shape %v: %v", t.entry.Name, t.entry.Shape, err)
	}
	if t.offset > math.MaxInt64/2 {
		c.fail("%q: offset %d: beyond any file", t.entry.Name, t.offset)
	}
	return t
}

// addGGUF gives every tensor its format and bytes.
func (v *Inventory) addGGUF(f File, infos []ggufTensor, dataStart int64) error {
	end := int64(0)
	for _, t := range infos {
		e := t.entry
		stored, known := format.ByGGMLType(t.number)
		if !known {
			bytes, err := spanned(f, infos, t, dataStart)
			if err != nil {
				return err
			}
			// All bytes of a type that is not known count as one constant: exact for this tensor.
			stored = format.Format{ID: fmt.Sprintf("ggml-%d", t.number), Name: fmt.Sprintf("GGUF type %d", t.number), TensorBytes: int(bytes), Arithmetic: format.ArithmeticBF16, Source: f.Name}
			v.note("%s: the number format of %q (type %d) is newer than moecost; its bytes were taken from the distance to the next tensor.", f.Name, e.Name, t.number)
		}
		if row := lastDim(e.Shape); known && stored.BlockCols > 0 && row%int64(stored.BlockCols) != 0 {
			return fmt.Errorf("%s: %q: rows of %d elements cannot be stored in %s, which has blocks of %d", f.Name, e.Name, row, stored.Name, stored.BlockCols)
		}
		e.Type, e.stored, e.Bytes = stored.Name, &stored, stored.SizeOf(e.Shape).Bytes()
		if err := v.add(e); err != nil {
			return fmt.Errorf("%s: header: %w", f.Name, err)
		}
		end = max(end, int64(t.offset)+e.Bytes)
	}
	if f.Size > 0 && len(infos) > 0 && dataStart+end > f.Size {
		v.note("%s has %d bytes, but its header names tensors up to byte %d: the download is not complete. The header is all that is needed here.", f.Name, f.Size, dataStart+end)
	}
	if err := v.unique(); err != nil {
		return fmt.Errorf("%s: header: %w", f.Name, err)
	}
	return nil
}

// spanned is the distance from a tensor to the next one, or to the end of the
// file: its bytes with at most one alignment's padding.
func spanned(f File, infos []ggufTensor, t ggufTensor, dataStart int64) (int64, error) {
	next := uint64(0)
	if f.Size > dataStart {
		next = uint64(f.Size - dataStart)
	}
	for _, other := range infos {
		if other.offset > t.offset && (next <= t.offset || other.offset < next) {
			next = other.offset
		}
	}
	if next <= t.offset || next-t.offset > math.MaxInt32*1024 {
		return 0, fmt.Errorf("%s: %q: number format %d is not known, and nothing follows that would tell its size", f.Name, t.entry.Name, t.number)
	}
	return int64(next - t.offset), nil
}

func lastDim(shape []int64) int64 {
	if len(shape) == 0 {
		return 1
	}
	return shape[len(shape)-1]
}
