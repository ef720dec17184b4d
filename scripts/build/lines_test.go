package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// program leans on all that the runtime reads from the tables: it collects
// garbage and moves stacks in deep recursion, switches goroutines, defers,
// recovers, and asks who called.
const program = `package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

type node struct {
	next *node
	name [3]string
}

//go:noinline
func deep(n int, list *node) (sum int) {
	defer func() { sum += len(list.name[n%3]) }()
	here := &node{list, [3]string{strings.Repeat("x", n%7), "a", fmt.Sprint(n)}}
	if n%500 == 0 {
		runtime.GC()
	}
	if n == 0 {
		pc, _, line, _ := runtime.Caller(1)
		fmt.Println("called by", runtime.FuncForPC(pc).Name(), line != 0)
		panic(fmt.Errorf("at the bottom"))
	}
	return deep(n-1, here) + len(here.next.name)
}

func main() {
	var results [4]chan string
	for i := range results {
		results[i] = make(chan string)
		go func() {
			defer func() {
				fault := recover()
				results[i] <- fmt.Sprint(i, fault, strings.Count(string(debug.Stack()), "panic(") > 90)
			}()
			deep(3000+i, &node{})
		}()
	}
	for i := range results {
		fmt.Println(<-results[i])
	}
	var nothing *node
	defer func() { fmt.Println(recover()) }()
	fmt.Println(nothing.name)
}
`

// A real program says the same before and after, but for line numbers.
func TestShrunkProgramRuns(t *testing.T) {
	directory := t.TempDir()
	source := filepath.Join(directory, "main.go")
	if err := os.WriteFile(source, []byte(program), 0o644); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(directory, "main.wasm")
	if _, err := runWith(directory, nil, []string{"GOOS=js", "GOARCH=wasm"}, "go", "build", "-o", file, source); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	after, err := shrink(before)
	if err != nil {
		t.Fatal(err)
	}
	glue, err := wasmExec()
	if err != nil {
		t.Fatal(err)
	}
	run := func(module []byte) string {
		if err := os.WriteFile(file, module, 0o644); err != nil {
			t.Fatal(err)
		}
		command := exec.Command("node", "--stack-size=8192", filepath.Join(filepath.Dir(glue), "wasm_exec_node.js"), file)
		command.Env = []string{"PATH=" + os.Getenv("PATH")}
		output, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		return string(output)
	}
	want := strings.ReplaceAll(run(before), "main.deep true", " false")
	if got := run(after); got != want || strings.Count(got, "at the bottom") != 4 {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestDropLinesRefusesOtherTables(t *testing.T) {
	endless := append(append([]byte{}, tablesMagic...), bytes.Repeat([]byte{0xff}, 200)...)
	for name, memory := range map[string][]byte{
		"none":          make([]byte, 500),
		"cut off":       tablesMagic,
		"absurd counts": endless,
	} {
		if err := dropLines(memory); !errors.Is(err, errTables) {
			t.Errorf("%s: got error %v, want %v", name, err, errTables)
		}
	}
}
