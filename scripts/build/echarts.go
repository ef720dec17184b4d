package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// go-echarts' option structs come with code that runs when the program starts
// and that our options have no use for, but that the linker must keep: regular expressions
// that clean up JavaScript functions, and a random generator for the ids of its own
// pages. They cost the page 70 kB of compressed WebAssembly. The programs are therefore compiled
// against a copy of the module in which these files hold nothing but what the rest of it names.
const (
	echartsModule = "github.com/go-echarts/go-echarts/v2"
	echartsCopy   = "build/go-echarts" // relative: the path is part of the program
)

var echartsReplaced = map[string]string{
	"opts/js.go":            "package opts\n",
	"util/id_gennerator.go": "package util\n\n// GenerateUniqueID gives none: no page of go-echarts is made here.\nfunc GenerateUniqueID() string { return \"\" }\n",
}

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
	if err := os.RemoveAll(echartsCopy); err != nil {
		return "", err
	}
	replaced := 0
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
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			content, err := os.ReadFile(file)
			if err != nil {
				return "", err
			}
			if instead, is := echartsReplaced[filepath.ToSlash(name)]; is {
				content = []byte(instead)
				replaced++
			}
			if err := writeFile(filepath.Join(echartsCopy, name), content); err != nil {
				return "", err
			}
		}
	}
	if replaced != len(echartsReplaced) {
		return "", fmt.Errorf("%s: %d of the %d files that are replaced are there: see what became of them", echartsModule, replaced, len(echartsReplaced))
	}
	modfile = "build/page.mod"
	for from, to := range map[string]string{"go.sum": "build/page.sum", "go.mod": modfile} {
		content, err := os.ReadFile(from)
		if err != nil {
			return "", err
		}
		if err := writeFile(to, content); err != nil {
			return "", err
		}
	}
	_, err = run(".", "go", "mod", "edit", "-replace="+echartsModule+"=./"+echartsCopy, modfile)
	return modfile, err
}

func writeFile(name string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, content, 0o644)
}
