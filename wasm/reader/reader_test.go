package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"moecost/core/arch"
)

// answers runs the program under Node, which has the browser's Blob, and makes
// the calls of testdata/calls.mjs.
func answers(t *testing.T) map[string]struct{ Reading, Config, Rows, Curve, Points, Error string } {
	t.Helper()
	program := filepath.Join(t.TempDir(), "reader.wasm")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("node", "testdata/calls.mjs", filepath.Join(strings.TrimSpace(string(root)), "lib/wasm/wasm_exec.js"), program, "../../assets/models/configs").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var all map[string]struct{ Reading, Config, Rows, Curve, Points, Error string }
	if err := json.Unmarshal(out, &all); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return all
}

func TestCalls(t *testing.T) {
	got := answers(t)
	read := func(call, source string, total int64) {
		t.Helper()
		a := got[call]
		if a.Error != "" {
			t.Errorf("%s: %s", call, a.Error)
			return
		}
		r, err := arch.DecodeReading([]byte(a.Reading))
		if err != nil {
			t.Errorf("%s: %v", call, err)
			return
		}
		if r.Model.TotalParams() != total || r.Source != source || (a.Config == "") != (call == "gguf") {
			t.Errorf("%s: %d weights from %q, a config of %d bytes", call, r.Model.TotalParams(), r.Source, len(a.Config))
		}
	}
	const mixtral = 46702792704 // of all tensors that the Hub lists for the model
	read("config", "", mixtral)
	read("file", "", mixtral)
	read("index and known config", "", mixtral)
	read("gguf", "the header of tiny.gguf", 32*8+8*8)
	for call, want := range map[string]string{
		"broken config":    "closing brace",
		"no text":          "the text of a config.json is needed",
		"index alone":      "give the config.json of these weights",
		"no files":         "no files",
		"nonsense":         "an array of files",
		"unreadable file":  "lost.gguf: cannot be read: NotReadableError: moved away",
		"pickle":           "PyTorch or zip archive",
		"truncated header": "the file is truncated",

		"counts of another model": "3 experts in a layer, where the model has 4",
		"negative counts":         "layer 0, expert 1",
		"counts of nothing":       "a text or bytes",
	} {
		if a := got[call]; !strings.Contains(a.Error, want) || a.Reading+a.Rows != "" {
			t.Errorf("%s: got %+v, want something about %q", call, a, want)
		}
	}
	for call, want := range map[string]string{"counts": "1 2 3 4 \n4 3 2 1 \n", "counts in bytes": "0.5 1000 \n"} {
		if a := got[call]; a.Rows != want || a.Error != "" {
			t.Errorf("%s: got %+v, want the rows %q", call, a, want)
		}
	}
	if a := got["trace"]; a.Error != "" || !strings.HasPrefix(a.Curve, `{"name":"","experts":4,"layers":2,"steps":3,"topK":1`) {
		t.Errorf("trace: got %+v", a)
	}
	for call, want := range map[string]string{"trace of another model": "expert 9: ids are 0 to 3", "trace of nothing": "a text or bytes"} {
		if a := got[call]; !strings.Contains(a.Error, want) {
			t.Errorf("%s: got %q, want %q in it", call, a.Error, want)
		}
	}
	for call, want := range map[string]string{"measured": "2x4096x1024:31.5", "measured by hand": "16:20.5~64:31.5"} { // no more at once than there were
		if a := got[call]; a.Points != want || a.Error != "" {
			t.Errorf("%s: got %+v, want the points %q", call, a, want)
		}
	}
	if a := got["measured nothing"]; !strings.Contains(a.Error, "a text or bytes") {
		t.Errorf("measured nothing: got %q", a.Error)
	}
	if end := got["slices"].Config; end != "524288" { // one slice of half a megabyte
		t.Errorf("read a file of a terabyte up to byte %s", end)
	}
}
