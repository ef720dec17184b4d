package checkpoint

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

func TestSafetensorsHeader(t *testing.T) {
	// The example of the safetensors README: two tensors, the second with offsets behind the first.
	text := `{"__metadata__":{"format":"pt"},"a":{"dtype":"F16","shape":[1,16,256],"data_offsets":[0,8192]},"b":{"dtype":"I64","shape":[],"data_offsets":[8192,8200]}}`
	data := append(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text...)
	v, err := Read(InMemory("m.safetensors", append(data, make([]byte, 8200)...)))
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Tensors) != 2 || v.Bytes != 8200 || len(v.Notes) != 0 || !v.Exact() {
		t.Errorf("got %+v", v)
	}
	a := v.Tensors[0]
	if f, ok := a.Format(); a.Name != "a" || a.Type != "FP16" || !slices.Equal(a.Shape, []int64{1, 16, 256}) || a.Bytes != 8192 || !ok || f.Bits != 16 {
		t.Errorf("got %+v", a)
	}
	if v.Tensors[1].Elements() != 1 {
		t.Errorf("a scalar has one element, got %d", v.Tensors[1].Elements())
	}
}

// A header of 123 bytes begins like JSON text, with an opening brace.
func TestHeaderOf123Bytes(t *testing.T) {
	header := safetensorsHeader([]stored{{name: "a", dtype: "BF16", shape: []int64{3}}})
	text := string(header[8:]) + strings.Repeat(" ", '{'-len(header)+8)
	v, err := Read(headerOnly("m.safetensors", append(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text...)))
	if err != nil || len(v.Tensors) != 1 {
		t.Errorf("got %v, %v", v, err)
	}
}

// Only the header may be asked for: the tensors behind it can be terabytes.
func TestReadsOnlyTheHeader(t *testing.T) {
	header := safetensorsHeader([]stored{{name: "w", dtype: "BF16", shape: []int64{1 << 20, 1 << 20}}})
	furthest := int64(0)
	f := File{Name: "big.safetensors", Size: int64(len(header)) + 2<<40, ReadAt: func(offset int64, n int) ([]byte, error) {
		furthest = max(furthest, offset+int64(n))
		out := make([]byte, n)
		if offset < int64(len(header)) {
			copy(out, header[offset:])
		}
		return out, nil
	}}
	v, err := Read(f)
	if err != nil || v.Bytes != 2<<40 {
		t.Fatalf("got %v, %v", v, err)
	}
	if furthest > chunk+16 {
		t.Errorf("read up to byte %d; a header of %d bytes needs one chunk of %d", furthest, len(header), chunk)
	}
}

func TestSafetensorsRefuses(t *testing.T) {
	check := func(length uint64, text, want string) {
		t.Helper()
		if length == 0 {
			length = uint64(len(text))
		}
		data := append(binary.LittleEndian.AppendUint64(nil, length), text...)
		_, err := Read(InMemory("x.safetensors", data))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "x.safetensors: ") {
			t.Errorf("for %.60q, got %v, want an error with %q", text, err, want)
		}
	}
	check(1<<63, `{}`, "at most 100000000")
	check(99_000_000, `{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}`, "download is not complete")
	check(0, `{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}`, "truncated")
	check(0, `{"a":{"dtype":"F16","shape":[3],"data_offsets":[0,2]}}`, "takes 6 bytes, but data_offsets span 2")
	check(0, `{"a":{"dtype":"F16","shape":[3],"data_offsets":[0,8]}}`, "takes 6 bytes, but data_offsets span 8")
	check(0, `{"a":{"dtype":"F16","shape":[-1],"data_offsets":[0,2]}}`, "negative")
	check(0, `{"a":{"dtype":"F16","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,2]}}`, "more than")
	check(0, `{"a":{"dtype":"F16","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,2]}}`, "9 dimensions")
	check(0, `{"a":{"dtype":"F16","shape":[1],"data_offsets":[2,0]}}`, "in order")
	check(0, `{"a":{"dtype":"F16","shape":[1],"data_offsets":[0]}}`, "start and end")
	check(0, `{"a":{"shape":[1],"data_offsets":[0,2]}}`, "are needed")
	check(0, `{"a":{"dtype":"F16","shape":[1.5],"data_offsets":[0,2]}}`, "shape")
	check(0, `{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}`, "twice")
	check(0, `{"a":7}`, "cannot unmarshal")
	check(0, `{"`+strings.Repeat("n", maxName+1)+`":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}`, "tensor name")
	check(0, `{"a":`+strings.Repeat("[", 20000), "depth")
	var many strings.Builder
	for _, name := range []string{"a", "b", "c"} {
		many.WriteString(`,"` + name + `":{"dtype":"NEW","shape":[140737488355328],"data_offsets":[0,4503599627370496]}`)
	}
	check(0, "{"+many.String()[1:]+"}", "no checkpoint has so many")
}

// A dtype that is not known is counted by its offsets.
func TestSafetensorsUnknownDtype(t *testing.T) {
	text := `{"a":{"dtype":"F3","shape":[8],"data_offsets":[0,3]}}`
	v := read(t, "x.safetensors", append(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text...))
	if f, _ := v.Tensors[0].Format(); v.Bytes != 3 || f.SizeOf([]int64{8}).Bytes() != 3 {
		t.Errorf("got %d bytes, want 3", v.Bytes)
	}
}

func TestForeignFiles(t *testing.T) {
	for start, want := range map[string]string{
		"":                             "empty",
		"PK\x03\x04 pytorch_model.bin": "pickle",
		"version https://git-lfs.github.com/spec/v1\n": "Git LFS pointer",
		"<!doctype html><html>":                        "web page",
		"ggjt....................":                     "convert it to GGUF",
		"the quick brown fox jumps":                    "not a checkpoint header",
		`{"model_type": "llama", "hidden_size": 1}`:    "config.json",
		"{": "truncated",
	} {
		_, err := Read(InMemory("f", []byte(start)))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("for %.20q, got %v, want an error with %q", start, err, want)
		}
	}
}

func TestIndexAndShards(t *testing.T) {
	index := `{"metadata":{"total_size":14},"weight_map":{"a":"m-1.safetensors","b":"m-2.safetensors"}}`
	v := read(t, "model.safetensors.index.json", []byte(index))
	if v.Container != Index || v.Bytes != 14 || len(v.Tensors) != 2 || v.Exact() || !slices.Equal(v.Missing, []string{"m-1.safetensors", "m-2.safetensors"}) {
		t.Errorf("index: got %+v", v)
	}
	one := read(t, "m-1.safetensors", safetensorsHeader([]stored{{name: "a", dtype: "BF16", shape: []int64{3}}}))
	two := read(t, "m-2.safetensors", safetensorsHeader([]stored{{name: "b", dtype: "F32", shape: []int64{2}}}))

	half, err := Merge(v, one)
	if err != nil || half.Exact() || half.Bytes != 14 || len(half.Tensors) != 2 || !slices.Equal(half.Missing, []string{"m-2.safetensors"}) {
		t.Errorf("index and one shard: got %+v, %v", half, err)
	}
	whole, err := Merge(two, v, one)
	if err != nil || !whole.Exact() || whole.Bytes != 14 || len(whole.Tensors) != 2 || len(whole.Notes) != 0 {
		t.Errorf("index and both shards: got %+v, %v", whole, err)
	}
	bare, err := Merge(one, two)
	if err != nil || !bare.Exact() || bare.Bytes != 14 {
		t.Errorf("shards without index: got %+v, %v", bare, err)
	}
	if _, err := Merge(one, one); err == nil || !strings.Contains(err.Error(), `"a" stands in m-1.safetensors too`) {
		t.Errorf("the same shard twice: got %v", err)
	}
	if _, err := Merge(); err == nil {
		t.Error("nothing to merge: want an error")
	}
}

func TestIndexRefuses(t *testing.T) {
	for text, want := range map[string]string{
		`{"metadata":{"total_size":1}}`:           "weight_map: missing",
		`{"weight_map":[]}`:                       "not an object",
		`{"weight_map":{"a":1}}`:                  "not a string",
		`{"weight_map":{"a":"x","a":"y"}}`:        "twice",
		`{"weight_map":{"a":"x"`:                  "truncated",
		`{"metadata":[1],"weight_map":{"a":"x"}}`: "metadata",
	} {
		if _, err := Read(InMemory("i.json", []byte(text))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("for %s, got %v, want an error with %q", text, err, want)
		}
	}
}
