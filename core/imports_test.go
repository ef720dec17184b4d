// Package core holds no code: it is the folder of the library's packages.
package core

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// floors lists the rooms from the top of the house to the ground. A package may
// import only from lower floors or its own.
var floors = [][]string{
	{"wasm/page", "wasm/edge", "wasm/planner", "wasm/reader", "scripts"},
	{"core/card"},
	{"core/chart", "core/story"},
	{"core/claims", "core/compare", "core/sweep"},
	{"core/report"},
	{"core/plan", "core/launch", "core/measured"},
	{"core/tail", "core/offload", "core/draft"},
	{"core/serving"},
	{"core/balance"},
	{"core/routing"},
	{"core/scenario"},
	{"core/arch"},
	{"core/hardware"},
	{"core/format", "core/quantity"},
	{"core/axis", "core/board", "core/json"},
	{"assets"},
}

// floorOf is the index in floors of a package, -1 if it has none.
func floorOf(pkg string) int {
	for i, rooms := range floors {
		for _, room := range rooms {
			if pkg == room || strings.HasPrefix(pkg, room+"/") {
				return i
			}
		}
	}
	return -1
}

// impure packages would let the core see a machine, a clock or the network.
var impure = map[string]bool{
	"os": true, "net": true, "net/http": true, "time": true, "syscall/js": true, "os/exec": true, "io/ioutil": true,
	"regexp": true, "html/template": true, "text/template": true, // the page's program has no room for these
}

func TestImportsRunDownwards(t *testing.T) {
	files := 0
	visit := func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "browser" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		files++
		pkg := filepath.ToSlash(strings.TrimPrefix(filepath.Dir(path), ".."+string(filepath.Separator)))
		checkImports(t, path, pkg)
		return nil
	}
	for _, root := range []string{"../core", "../wasm", "../scripts", "../assets"} {
		if err := filepath.WalkDir(root, visit); err != nil {
			t.Fatal(err)
		}
	}
	if files < 50 {
		t.Errorf("saw %d files: the walk missed most of the house", files)
	}
}

func checkImports(t *testing.T, path, pkg string) {
	t.Helper()
	own := floorOf(pkg)
	if own < 0 {
		t.Errorf("%s: no floor is listed for %s", path, pkg)
		return
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range file.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		if strings.HasPrefix(pkg, "core/") && impure[name] {
			t.Errorf("%s imports %s: core is pure", path, name)
		}
		lower, ok := strings.CutPrefix(name, "moecost/")
		if !ok {
			continue
		}
		if floor := floorOf(lower); floor < own {
			t.Errorf("%s imports %s, which is above it", path, lower)
		}
	}
}
