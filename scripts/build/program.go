package main

import (
	"os"
	"path/filepath"
	"strings"
)

// programs are the page, and the reader of configs and checkpoints, which the
// page fetches when a visitor brings a model of their own.
var programs = []struct{ name, source string }{
	{"page.wasm", "./wasm/page"},
	{"reader.wasm", "./wasm/reader"},
}

// inlining keeps the program small: calls are inlined only where the step of a
// deployment is timed. It takes 11 % off the compressed size (1,420 to 1,266 kB)
// and 0.8 µs stay 0.8 µs (BenchmarkStep of core/serving, in Node).
var inlining = []string{
	"-gcflags=all=-l",
	"-gcflags=math=",
	"-gcflags=moecost/core/routing=",
	"-gcflags=moecost/core/serving=",
}

// programs compiles both to WebAssembly.
func (o *output) programs() error {
	modfile, err := lighterModules()
	if err != nil {
		return err
	}
	for _, p := range programs {
		if _, err := os.Stat(p.source); os.IsNotExist(err) {
			continue
		}
		if err := o.program(p.name, p.source, modfile); err != nil {
			return err
		}
	}
	return nil
}

// program compiles one package. The flags leave out what differs between two
// machines: paths, build id, version control.
func (o *output) program(name, source, modfile string) error {
	directory, err := os.MkdirTemp("", "moecost-build-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)
	file := filepath.Join(directory, name)
	arguments := append([]string{"build", "-modfile=" + modfile, "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid="}, inlining...)
	_, err = runWith(".", nil, []string{"GOOS=js", "GOARCH=wasm"}, "go", append(arguments, "-o", file, source)...)
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
