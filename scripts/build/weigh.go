package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
)

// budget is what the first visit may cost, compressed, all files together.
const budget = 1_250_000

// compressedDirectory keeps the compressed files between builds and for
// scripts/serve. It is no part of the site: hosts compress by themselves.
const compressedDirectory = "build/brotli"

// later are the files that a first visit does not fetch by itself: the chart
// library comes with the reader's first move, the italic font with the first
// popover, the other letters with a text that has some, the reader of models with
// the first model of one's own, the planner and the worker that it runs in with the reader's first move, and
// the share dialog's scripts when it opens.
var later = map[string]bool{
	"charts.js": true, "reader.wasm": true, "planner.wasm": true, "worker.js": true, "share.js": true, "qr.js": true, "models.css": true,
	"compare.css": true, "compare.js": true, "embed.css": true, "embed-first.js": true, "embed-start.js": true,
	"figure-serif-italic.woff2": true, "figure-sans-more.woff2": true, "figure-serif-more.woff2": true,
}

// weigh compresses every file as a host does, prints the sizes and fails above
// the budget.
func (o *output) weigh(w io.Writer) error {
	var todo bytes.Buffer
	for _, address := range o.files {
		to := compressed(address)
		if _, err := os.Stat(to); err == nil && strings.HasPrefix(address, assetsPath) {
			continue // the name has the hash of the content
		}
		fmt.Fprintf(&todo, "%s\t%s\n", filepath.Join(o.directory, address), to)
	}
	if _, err := runWith(".", todo.Bytes(), nil, "node", "site/js/brotli.mjs"); err != nil {
		return err
	}
	plain := map[string]string{}
	for name, address := range o.assets {
		plain[address] = name
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	total := 0
	row := func(address, when string) error {
		raw, err := os.Stat(filepath.Join(o.directory, address))
		if err != nil {
			return err
		}
		small, err := os.Stat(compressed(address))
		if err != nil {
			return err
		}
		size := min(small.Size(), raw.Size())
		if when == "" {
			total += int(size)
		}
		fmt.Fprintf(table, "%d\t%d\t  %s%s\n", raw.Size(), size, address, when)
		return nil
	}
	var afterwards []string
	for _, address := range o.files {
		switch {
		case strings.HasPrefix(address, "/licences/") || address == "/_headers" || address == "/robots.txt":
		case later[plain[address]] || address == workerPath:
			afterwards = append(afterwards, address)
		default:
			if err := row(address, ""); err != nil {
				return err
			}
		}
	}
	fmt.Fprintf(table, "\t%d\t  first visit, brotli, of %d\n", total, budget)
	for _, address := range afterwards {
		if err := row(address, ", later"); err != nil {
			return err
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if total > budget {
		return fmt.Errorf("size: the first visit costs %d bytes, the budget is %d: look for what %s newly imports", total, budget, programs[0].source)
	}
	return nil
}

func compressed(address string) string {
	return filepath.Join(compressedDirectory, filepath.FromSlash(address)+".br")
}
