// Build writes the deployable site to dist/: the page's program compiled to
// WebAssembly, the scripts and styles in one file each, the default answer
// rendered into the HTML, and the headers that a static host should send.
//
//	go run ./scripts/build
//
// Every file but the HTML carries its content's hash in its name. Two builds
// of the same tree give the same bytes. The build ends with what a first
// visit costs, compressed, and fails above the budget.
//
// It needs Node and npm: the chart library and the bundler come from the
// npm registry, at the versions of site/package-lock.json.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	only := flag.String("presets", "", "ids of the presets that get a page, with commas between them; all without it")
	flag.Parse()
	if err := build(strings.FieldsFunc(*only, func(r rune) bool { return r == ',' })); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

func build(only []string) error {
	root, err := repository()
	if err != nil {
		return err
	}
	if err := os.Chdir(root); err != nil {
		return err
	}
	if err := installNode(); err != nil {
		return err
	}
	out, err := newOutput("dist")
	if err != nil {
		return err
	}
	defer out.discard()
	if err := out.programs(); err != nil {
		return err
	}
	if err := out.bundle(); err != nil {
		return err
	}
	drawers, err := newDrawers()
	if err != nil {
		return err
	}
	defer drawers.close()
	if err := out.page(drawers); err != nil {
		return err
	}
	if err := out.presets(drawers, only); err != nil {
		return err
	}
	if err := out.embed(); err != nil {
		return err
	}
	if err := out.compare(drawers); err != nil {
		return err
	}
	if err := out.offline(); err != nil {
		return err
	}
	if err := out.headers(); err != nil {
		return err
	}
	if err := out.finish(); err != nil {
		return err
	}
	if err := out.weigh(os.Stdout); err != nil {
		return err
	}
	fmt.Printf("published besides: %d files, %.1f MB\n", out.others.Load(), float64(out.otherBytes.Load())/1e6)
	return nil
}

// repository finds the directory of go.mod from the working directory upwards.
func repository() (string, error) {
	directory, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(directory, "go.mod")); err == nil {
			if _, err := os.Stat(filepath.Join(directory, "site", "templates")); err == nil {
				return directory, nil
			}
		}
		parent := filepath.Dir(directory)
		if parent == directory {
			return "", fmt.Errorf("no moecost checkout here or above: run it inside one")
		}
		directory = parent
	}
}
