package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// vectors are cases with what must come out, read without this program's own types.
const vectors = "../../core/balance/testdata/eplb_vectors.json"

func eplb(t *testing.T, stdin string, args ...string) (lines []answer, stderr string, code int) {
	t.Helper()
	var out, errors bytes.Buffer
	code = run(args, strings.NewReader(stdin), &out, &errors)
	for decoder := json.NewDecoder(&out); decoder.More(); {
		var a answer
		if err := decoder.Decode(&a); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, a)
	}
	return lines, errors.String(), code
}

func TestVectors(t *testing.T) {
	data, err := os.ReadFile(vectors)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []json.RawMessage `json:"cases"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	list, err := json.Marshal(file.Cases)
	if err != nil {
		t.Fatal(err)
	}
	one := ""
	for _, c := range file.Cases {
		one += string(c) + "\n"
	}
	// In a file, as a list, and one object after another.
	for _, from := range []struct{ stdin, name string }{{"", vectors}, {string(list), "-"}, {one, "-"}} {
		lines, stderr, code := eplb(t, from.stdin, from.name)
		if code != 0 || len(lines) != len(file.Cases) {
			t.Fatalf("exit %d, %d lines: %s", code, len(lines), stderr)
		}
		for i, c := range file.Cases {
			var want struct {
				Policy string
				Expect answer
			}
			if err := json.Unmarshal(c, &want); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(lines[i].PhyToLog, want.Expect.PhyToLog) || !reflect.DeepEqual(lines[i].LogToPhy, want.Expect.LogToPhy) ||
				!reflect.DeepEqual(lines[i].LogCnt, want.Expect.LogCnt) || lines[i].Policy != want.Policy {
				t.Errorf("case %d differs", i)
			}
		}
	}
}

// Loads and ratios of the README's example were added up apart.
func TestLoads(t *testing.T) {
	lines, stderr, code := eplb(t, `{"weight":[[90,132,40,61,104,165,39,4,73,56,183,86]],"num_replicas":16,"num_groups":4,"num_nodes":2,"num_gpus":8}`, "-")
	if code != 0 || len(lines) != 1 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	if want := []float64{121.5, 86.5, 125, 113, 147.5, 131.5, 156, 152}; !reflect.DeepEqual(lines[0].Loads[0], want) {
		t.Errorf("got loads %v, want %v", lines[0].Loads[0], want)
	}
	if after := lines[0].After[0]; after < 1.2080 || after > 1.2082 {
		t.Errorf("got max over mean %g after, want 1.2081", after)
	}
	lines, _, _ = eplb(t, `{"weight":[[90,132,40,61,104,165,39,4,73,56,183,86]],"args":{"num_replicas":12,"num_groups":1,"num_nodes":1}}`, "-gpus", "4", "-")
	if before := lines[0].Before[0]; before < 1.2777 || before > 1.2779 {
		t.Errorf("got max over mean %g before, want 1.2778", before)
	}
}

func TestCounts(t *testing.T) {
	name := filepath.Join(t.TempDir(), "counts.csv")
	if err := os.WriteFile(name, []byte("10,20,30,40,50,60\n60,50,40,30,20,10\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	lines, stderr, code := eplb(t, "", "-slots", "8", "-groups", "3", "-nodes", "2", "-gpus", "4", name)
	if code != 0 || len(lines) != 1 || len(lines[0].PhyToLog) != 2 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	if want := []int32{3, 0, 2, 4, 5, 4, 5, 1}; !reflect.DeepEqual(lines[0].PhyToLog[0], want) {
		t.Errorf("got %v, want %v", lines[0].PhyToLog[0], want)
	}
	// Slots are as many as experts, rounded up.
	lines, _, _ = eplb(t, `{"logical_count":[[[1,2,3],[4,5,6]],[[1,2,3],[4,5,6]]]}`, "-gpus", "2", "-")
	if len(lines) != 1 || len(lines[0].PhyToLog) != 2 || len(lines[0].PhyToLog[0]) != 4 {
		t.Errorf("got %+v, want two layers of four slots", lines)
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct {
		stdin string
		args  []string
		want  string
	}{
		{"", []string{"no such file"}, "eplb: no such file: no such file or directory"},
		{"", []string{"-"}, "counts: nothing is there"},
		{"1,2\n3,-4\n", []string{"-gpus", "1", "-"}, "line 2: layer 1, expert 1: -4 is negative"},
		{"1,2\n", []string{"-"}, "num_gpus: not given"},
		{"1,2\n", []string{"-gpus", "-3", "-"}, "num_gpus"},
		{`{"weight":[[1,-2]],"args":{"num_replicas":2,"num_groups":1,"num_nodes":1,"num_gpus":1}}`, []string{"-"}, "layer 0, expert 1: -2 is no load"},
		{`{"weight":[[1,1e39]],"args":{"num_replicas":2,"num_groups":1,"num_nodes":1,"num_gpus":1}}`, []string{"-"}, "layer 0, expert 1: +Inf is no load"},
		{`{"weight":[[1,null]],"args":{"num_gpus":1}}`, []string{"-"}, "weight: null is no load"},
		{`{"weight":[[1,2],[3]],"args":{"num_gpus":1}}`, []string{"-"}, "layer 1 has 1 experts"},
		{`{"weight":[1,2],"args":{"num_gpus":1}}`, []string{"-"}, "weight"},
		{`{"weight":[],"args":{"num_gpus":1}}`, []string{"-"}, "no expert's load"},
		{`{"weight":[[1,2]],"args":{"num_replicas":7,"num_gpus":4}}`, []string{"-"}, "slots: 7 do not divide over 4 ranks"},
		{`{"weight":[[1,2]],"args":{"num_gpus":"four"}}`, []string{"-"}, "num_gpus"},
		{`{"seed":1}`, []string{"-"}, `without "weight" or "cases"`},
		{`[{"weight":[[1]]`, []string{"-"}, "broken off"},
		{`{"weight":[[1,NaN]]}`, []string{"-"}, "invalid character 'N'"},
		{"", []string{}, "usage"},
		{"", []string{"a", "b"}, "usage"},
		{"", []string{"-ranks", "3", "-"}, "not defined"},
	} {
		lines, stderr, code := eplb(t, c.stdin, c.args...)
		if code != 2 || !strings.Contains(stderr, c.want) {
			t.Errorf("for %q %v, exit %d and %q, want 2 and %q", c.stdin, c.args, code, stderr, c.want)
		}
		for _, l := range lines {
			if l.PhyToLog != nil {
				t.Errorf("for %q, a plan", c.stdin)
			}
		}
	}
	// What follows a bad instance is placed.
	good := `{"weight":[[1,2]],"args":{"num_gpus":2}}`
	lines, _, code := eplb(t, "["+good+`,{"weight":[[1,-2]],"args":{"num_gpus":2}},`+good+"]", "-")
	if code != 2 || len(lines) != 3 || lines[1].PhyToLog != nil || !reflect.DeepEqual(lines[0], lines[2]) {
		t.Errorf("exit %d, %+v", code, lines)
	}
}
