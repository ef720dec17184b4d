package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// go-echarts' option structs come with a file that cleans up JavaScript
// functions for options, by regular expressions compiled when the program starts. Our
// options hold no functions, but the linker cannot know that package regexp is not needed: it costs
// the page 64 kB of compressed WebAssembly. The programs are therefore
// compiled against a copy of the module without that file; nothing else of the
// module's options names what is in it.
const (
	echartsModule    = "github.com/go-echarts/go-echarts/v2"
	echartsCopy      = "build/go-echarts" // relative: the path is part of the program
	echartsFunctions = "opts/js.go"
)

// lighterModules writes a go.mod that puts the copy in the module's place.
func lighterModules() (modfile string, err error) {
	if _, err := run(".", "go", "mod", "download", echartsModule); err != nil {
		return "", err
	}
	list, err := run(".", "go", "list", "-m", "-f", "{{.Dir}}", echartsModule)
	if err != nil {
		return "", err
	}
	source := strings.TrimSpace(string(list))
	if _, err := os.Stat(filepath.Join(source, echartsFunctions)); err != nil {
		return "", fmt.Errorf("%s: %s is not there any more: see whether it still needs a copy: %w", echartsModule, echartsFunctions, err)
	}
	if err := os.RemoveAll(echartsCopy); err != nil {
		return "", err
	}
	for _, part := range []string{"go.mod", "opts/*.go", "types/*.go", "util/*.go"} {
		files, err := filepath.Glob(filepath.Join(source, part))
		if err != nil {
			return "", err
		}
		for _, file := range files {
			name, err := filepath.Rel(source, file)
			if err != nil {
				return "", err
			}
			if filepath.ToSlash(name) == echartsFunctions || strings.HasSuffix(name, "_test.go") {
				continue
			}
			if err := copyFile(file, filepath.Join(echartsCopy, name)); err != nil {
				return "", err
			}
		}
	}
	modfile = "build/page.mod"
	if err := copyFile("go.sum", "build/page.sum"); err != nil {
		return "", err
	}
	if err := copyFile("go.mod", modfile); err != nil {
		return "", err
	}
	_, err = run(".", "go", "mod", "edit", "-replace="+echartsModule+"=./"+echartsCopy, modfile)
	return modfile, err
}

func copyFile(from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o644)
}
