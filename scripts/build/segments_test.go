package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestSignedNumbers(t *testing.T) {
	for _, v := range []int64{0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, -8192, 1 << 31, -1 << 31, 1<<62 - 1} {
		b := appendSigned(nil, v)
		if got, n := signed(b); got != v || n != len(b) {
			t.Errorf("%d: written as %x, read as %d in %d bytes", v, b, got, n)
		}
	}
	// -123456 is the worked example of signed LEB128 in the literature on DWARF.
	if got := appendSigned(nil, -123456); !bytes.Equal(got, []byte{0xc0, 0xbb, 0x78}) {
		t.Errorf("-123456: got % x, want c0 bb 78", got)
	}
}

// Joining leaves every byte of the initial memory as it was.
func TestJoinKeepsTheMemory(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var segments []segment
		at := int64(random.IntN(5000))
		for range random.IntN(60) {
			s := segment{at, make([]byte, random.IntN(40))}
			for i := range s.bytes {
				s.bytes[i] = byte(random.Uint32())
			}
			segments = append(segments, s)
			at += int64(len(s.bytes) + random.IntN(3*widestGap))
		}
		joined, err := readSegments(writeSegments(join(segments)))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := memory(joined), memory(segments); !bytes.Equal(got, want) {
			t.Fatalf("memory differs: %d segments, %d joined", len(segments), len(joined))
		}
		if len(joined) > len(segments) {
			t.Errorf("%d segments became %d", len(segments), len(joined))
		}
	}
}

func memory(segments []segment) []byte {
	image := make([]byte, 1<<16)
	for _, s := range segments {
		copy(image[s.offset:], s.bytes)
	}
	return image
}

// A real program says the same before and after.
func TestJoinedProgramRuns(t *testing.T) {
	directory := t.TempDir()
	source := filepath.Join(directory, "main.go")
	if err := os.WriteFile(source, []byte("package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(map[string]float64{\"b\": 1.5, \"a\": 2}) }\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(directory, "main.wasm")
	if _, err := runWith(directory, nil, []string{"GOOS=js", "GOARCH=wasm"}, "go", "build", "-o", program, source); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	after, err := joinSegments(before)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, after, 0o644); err != nil {
		t.Fatal(err)
	}
	glue, err := wasmExec()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command("node", filepath.Join(filepath.Dir(glue), "wasm_exec_node.js"), program)
	command.Env = []string{"PATH=" + os.Getenv("PATH")}
	got, err := command.CombinedOutput()
	if want := "map[a:2 b:1.5]\n"; err != nil || string(got) != want {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
}

func TestJoinRefusesWhatGoDoesNotWrite(t *testing.T) {
	section := func(id byte, body []byte) []byte {
		return append(binary.AppendUvarint([]byte{id}, uint64(len(body))), body...)
	}
	head := []byte("\x00asm\x01\x00\x00\x00")
	for name, module := range map[string][]byte{
		"no module":       []byte("hello, hello"),
		"section cut off": append(append([]byte{}, head...), dataSection, 9, 1),
		"passive segment": append(append([]byte{}, head...), section(dataSection, []byte{1, 1, 2, 0xaa, 0xbb})...),
		"segment cut off": append(append([]byte{}, head...), section(dataSection, []byte{1, 0, 0x41, 0x10, 0x0b, 9, 0xaa})...),
		"computed place":  append(append([]byte{}, head...), section(dataSection, []byte{1, 0, 0x41, 0x10, 0x6a, 0x0b, 0})...),
	} {
		if _, err := joinSegments(module); !errors.Is(err, errWasm) {
			t.Errorf("%s: got error %v, want %v", name, err, errWasm)
		}
	}
}
