package hf

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"moecost/core/arch"
	"moecost/core/format"
)

// described checks that a reading survives being handed to another program.
func described(t *testing.T, r *Reading) {
	t.Helper()
	text, err := arch.EncodeReading(r)
	if err != nil {
		t.Fatal(err)
	}
	back, err := arch.DecodeReading(text)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(r, back) {
		t.Errorf("described and read again: got %+v, want %+v\nfrom %s", back.Model, r.Model, text)
	}
}

// Read takes any bytes: it gives an error or a model whose counts are counts,
// never a panic. The fuzzing engine itself stops at an input that hangs. Seeded with every real config.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob(configs + "*.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("no configs: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, c := range hostileConfigs {
		f.Add([]byte(c.text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Read(data)
		if err != nil {
			return
		}
		for i, n := range []int64{
			r.Model.TotalParams(), r.Model.MTPParams(), r.Model.VisionParams(), r.Model.ActiveParams(0),
			r.Model.CheckpointBytes().Bytes(), r.Model.StateBytesPerSequence(), r.Model.KVBytesPerSequence(1<<20, format.BF16),
		} {
			if n < 0 {
				t.Errorf("count %d is %d", i, n)
			}
		}
		described(t, r)
	})
}
