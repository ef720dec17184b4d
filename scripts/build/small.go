package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
)

// smaller lists packages of the standard library that come with more than a page
// can use, and that what the programs import names all over: each is compiled from a
// file of ours instead. Together they take 28 kB, 2 %, off the compressed page.
var smaller = map[string]string{
	"fmt":              "scripts/build/small/fmt/fmt.go",
	"internal/godebug": "scripts/build/small/godebug/godebug.go",
}

// overlay writes the file that tells the compiler so (go help build, -overlay).
func overlay() (file string, err error) {
	root, err := run(".", "go", "env", "GOROOT")
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	for name, ours := range smaller {
		files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(root)), "src", name, "*.go"))
		if err != nil {
			return "", err
		}
		if len(files) == 0 {
			return "", fmt.Errorf("small: %s: the toolchain has no such package: see what became of it", name)
		}
		for _, f := range files {
			replace[f] = "" // is not there
		}
		if replace[files[0]], err = filepath.Abs(ours); err != nil {
			return "", err
		}
	}
	content, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	file = "build/overlay.json"
	return file, writeFile(file, content)
}
