package checkpoint

import (
	"errors"
	"os"
	"strings"
	"testing"

	"moecost/core/arch/hf"
)

// onDisk is a File of a preset's config.
func onDisk(t *testing.T, name string) File {
	t.Helper()
	text, err := os.ReadFile("../../../assets/models/configs/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return InMemory("config.json", text)
}

func TestDescribeConfig(t *testing.T) {
	config := onDisk(t, "allenai__OLMoE-1B-7B-0924.json")
	r, text, err := Describe("", config)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := config.ReadAt(0, hf.MaxBytes)
	if r.Model.TotalParams() != 6919161856 || r.Source != "" || text != string(want) { // 6.92 B: the model's card
		t.Errorf("got %d parameters from %q and a config of %d bytes", r.Model.TotalParams(), r.Source, len(text))
	}
}

// A config that is at hand stands in for one that the files lack.
func TestDescribeWithKnownConfig(t *testing.T) {
	other := onDisk(t, "allenai__OLMoE-1B-7B-0924.json")
	config := onDisk(t, "mistralai__Mixtral-8x7B-v0.1.json")
	known, err := config.ReadAt(0, hf.MaxBytes)
	if err != nil {
		t.Fatal(err)
	}
	index := InMemory("model.safetensors.index.json", []byte(`{"metadata":{"total_size":14},"weight_map":{"lm_head.weight":"m-1.safetensors"}}`))
	for _, c := range []struct {
		files []File
		want  string
	}{{[]File{index}, "mixtral"}, {[]File{other}, "olmoe"}, {[]File{index, other}, "olmoe"}} {
		r, text, err := Describe(string(known), c.files...)
		if err != nil {
			t.Fatal(err)
		}
		if r.Family != c.want || (text == string(known)) != (c.want == "mixtral") {
			t.Errorf("got family %q, want %q", r.Family, c.want)
		}
	}
}

// The headers of a checkpoint bring its own formats, whatever the order of the files.
func TestDescribeConfigWithHeaders(t *testing.T) {
	config := onDisk(t, "allenai__OLMoE-1B-7B-0924.json")
	plain, _, err := Describe("", config)
	if err != nil {
		t.Fatal(err)
	}
	ts := implied(plain.Model)
	for i := range ts {
		ts[i].dtype = "F32"
	}
	header := InMemory("model.safetensors", safetensorsHeader(ts))
	for _, files := range [][]File{{config, header}, {header, config}} {
		r, text, err := Describe("", files...)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := r.Model.CheckpointBytes().Bytes(), 2*plain.Model.CheckpointBytes().Bytes(); got != want {
			t.Errorf("in FP32: got %d bytes, want %d, twice those in BF16", got, want)
		}
		if text == "" || r.Source != "config.json and the header of model.safetensors" {
			t.Errorf("got source %q and a config of %d bytes", r.Source, len(text))
		}
		survives(t, r)
	}
}

func TestDescribeGGUF(t *testing.T) {
	w := (&ggufWriter{}).set("general.architecture", "llama").set("llama.block_count", 1).set("llama.attention.head_count", 2).
		add("token_embd.weight", f16, 32, 8).add("blk.0.attn_q.weight", f16, 8, 8)
	for _, known := range []string{"", "a config that is of no use"} {
		r, text, err := Describe(known, InMemory("tiny.gguf", w.bytes(3)))
		if err != nil || text != "" || r.Source != "the header of tiny.gguf" {
			t.Errorf("got %+v, config %q, %v", r, text, err)
		}
	}
}

func TestDescribeRefuses(t *testing.T) {
	config := onDisk(t, "allenai__OLMoE-1B-7B-0924.json")
	gguf := InMemory("tiny.gguf", (&ggufWriter{}).add("token_embd.weight", f16, 32, 8).bytes(3))
	broken := File{Name: "lost.gguf", ReadAt: func(int64, int) ([]byte, error) { return nil, errors.New("gone") }}
	for _, c := range []struct {
		files []File
		want  string
	}{
		{nil, "no files"},
		{[]File{config, config}, "config.json: a second config"},
		{[]File{gguf}, "general.architecture: missing"},
		{[]File{broken}, "lost.gguf: cannot be read: gone"},
		{[]File{{Name: "large.json", Size: 50 << 20, ReadAt: config.ReadAt}}, "52428800 bytes: a config.json is below"},
		{[]File{InMemory("empty.json", nil)}, "empty.json: config.json: empty"},
		{[]File{InMemory("notes.txt", []byte("Dear all, please find"))}, "notes.txt: config.json, line 1: not JSON"},
		{[]File{InMemory("pytorch_model.bin", []byte("PK\x03\x04 and so on"))}, "pytorch_model.bin: a PyTorch or zip archive"},
		{[]File{InMemory("model.safetensors", safetensorsHeader([]stored{{name: "a", dtype: "BF16", shape: []int64{4}}}))}, "give the config.json of these weights"},
	} {
		if _, _, err := Describe("", c.files...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%d files: got %v, want something about %q", len(c.files), err, c.want)
		}
	}
}
