package checkpoint

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"slices"
	"testing"
)

// The writers here follow the published layouts of the two containers, apart
// from the readers: docs/gguf.md of ggml, README of huggingface/safetensors.

// stored is a tensor to be written to a safetensors header.
type stored struct {
	name  string
	dtype string
	shape []int64
}

// widths of the dtypes that the tests write, in bytes.
var dtypeBytes = map[string]int64{"F8_E4M3": 1, "U8": 1, "BF16": 2, "F16": 2, "F32": 4, "I32": 4, "I64": 8}

// safetensorsHeader writes a header without the data behind it.
func safetensorsHeader(ts []stored) []byte {
	type entry struct {
		Dtype   string   `json:"dtype"`
		Shape   []int64  `json:"shape"`
		Offsets [2]int64 `json:"data_offsets"`
	}
	header := map[string]any{"__metadata__": map[string]string{"format": "pt"}}
	at := int64(0)
	for _, t := range ts {
		n := dtypeBytes[t.dtype]
		for _, d := range t.shape {
			n *= d
		}
		header[t.name] = entry{t.dtype, append([]int64{}, t.shape...), [2]int64{at, at + n}}
		at += n
	}
	text, err := json.Marshal(header)
	if err != nil {
		panic(err)
	}
	return slices.Concat(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text)
}

// ggufWriter collects a GGUF header.
type ggufWriter struct {
	pairs, tensors   bytes.Buffer
	nPairs, nTensors uint64
	offset           uint64
}

func put(b *bytes.Buffer, values ...any) {
	for _, v := range values {
		if s, ok := v.(string); ok {
			put(b, uint64(len(s)))
			b.WriteString(s)
			continue
		}
		if err := binary.Write(b, binary.LittleEndian, v); err != nil {
			panic(err)
		}
	}
}

// set writes one metadata pair: string, int, float32, bool, or a list of those.
func (w *ggufWriter) set(key string, value any) *ggufWriter {
	w.nPairs++
	put(&w.pairs, key)
	switch v := value.(type) {
	case string:
		put(&w.pairs, uint32(8), v)
	case int:
		put(&w.pairs, uint32(4), uint32(v))
	case float32:
		put(&w.pairs, uint32(6), v)
	case bool:
		put(&w.pairs, uint32(7), v)
	case []int32:
		put(&w.pairs, uint32(9), uint32(5), uint64(len(v)), v)
	case []bool:
		put(&w.pairs, uint32(9), uint32(7), uint64(len(v)), v)
	case []float32:
		put(&w.pairs, uint32(9), uint32(6), uint64(len(v)), v)
	case []string:
		put(&w.pairs, uint32(9), uint32(8), uint64(len(v)))
		for _, s := range v {
			put(&w.pairs, s)
		}
	default:
		panic("no GGUF type")
	}
	return w
}

// add writes one tensor info. shape is as arch has it, the file's order is the reverse. Blocks of bytes per elements come from
// gguf-py's GGML_QUANT_SIZES, as far as the tests use them.
func (w *ggufWriter) add(name string, kind uint32, shape ...int64) *ggufWriter {
	blocks := map[uint32][2]uint64{0: {1, 4}, 1: {1, 2}, 8: {32, 34}, 12: {256, 144}, 14: {256, 210}, 30: {1, 2}, 39: {32, 17}, 26: {1, 4}}
	w.nTensors++
	put(&w.tensors, name, uint32(len(shape)))
	n := uint64(1)
	for i := range shape {
		put(&w.tensors, uint64(shape[len(shape)-1-i]))
		n *= uint64(shape[i])
	}
	put(&w.tensors, kind, w.offset)
	if b, ok := blocks[kind]; ok {
		w.offset += n / b[0] * b[1]
	}
	w.offset = (w.offset + 31) / 32 * 32
	return w
}

func (w *ggufWriter) bytes(version uint32) []byte {
	var out bytes.Buffer
	out.WriteString("GGUF")
	put(&out, version, w.nTensors, w.nPairs)
	out.Write(w.pairs.Bytes())
	out.Write(w.tensors.Bytes())
	return out.Bytes()
}

// headerOnly is a file of which the header alone is at hand and the size unknown.
func headerOnly(name string, header []byte) File {
	f := InMemory(name, header)
	f.Size = 0
	return f
}

func read(t *testing.T, name string, header []byte) *Inventory {
	t.Helper()
	v, err := Read(headerOnly(name, header))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}
