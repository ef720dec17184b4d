package main

import (
	"os"
	"path/filepath"
	"strings"
)

// programs are the page; the reader of configs and checkpoints, which the page fetches when a visitor brings a
// model of their own; and the planner, for what is long or rare, fetched once a visitor does anything.
var programs = []struct{ name, source string }{
	{"page.wasm", "./wasm/page"},
	{"reader.wasm", "./wasm/reader"},
	{"planner.wasm", "./wasm/planner"},
}

// smaller settings keep the programs small: no call is inlined, which takes 12 % off
// the compressed size, and the garbage collector is the older, smaller one. A step is
// then timed in 1.3 times the time (BenchmarkStep of core/serving, in Node).
const (
	inlining  = "-gcflags=all=-l"
	collector = "GOEXPERIMENT=nogreenteagc"
)

// programs compiles them to WebAssembly.
func (o *output) programs() error {
	modfile, err := lighterModules()
	if err != nil {
		return err
	}
	standard, err := overlay()
	if err != nil {
		return err
	}
	for _, p := range programs {
		if _, err := os.Stat(p.source); os.IsNotExist(err) {
			continue
		}
		if err := o.program(p.name, p.source, modfile, standard); err != nil {
			return err
		}
	}
	return nil
}

// program compiles one package. The flags leave out what differs between two
// machines: paths, build id, version control.
func (o *output) program(name, source, modfile, standard string) error {
	directory, err := os.MkdirTemp("", "moecost-build-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)
	file := filepath.Join(directory, name)
	arguments := []string{"build", "-modfile=" + modfile, "-overlay=" + standard, "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=", inlining, "-o", file, source}
	_, err = runWith(".", nil, []string{"GOOS=js", "GOARCH=wasm", collector}, "go", arguments...)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	content, err = shrink(content)
	if err != nil {
		return err
	}
	return o.asset(name, content)
}

// wasmExec is the path of Go's JavaScript glue. It must come from the toolchain
// that compiles the program.
func wasmExec() (string, error) {
	root, err := run(".", "go", "env", "GOROOT")
	if err != nil {
		return "", err
	}
	return filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"), nil
}
