package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
)

// workerPath is where the service worker lies: it may keep what lies beside and below it.
const workerPath = "/sw.js"

// offlineToo are files that a first visit fetches later and that it cannot do
// without when the connection is gone. Those that no visit fetches at first are
// kept after their first use, or in a later visit.
var offlineToo = []string{"charts.js", "planner.wasm", "worker.js", "figure-serif-italic.woff2"}

// keptPages are kept with the site. A preset's own page is not: without a connection the first page shows the same.
var keptPages = []string{"/", embedPath, presetsPath, comparePath}

// keptVersion is what the service worker knows of the build (site/js/sw.mjs).
type keptVersion struct {
	Version string                 `json:"version"`
	Start   string                 `json:"start"`
	Files   map[string]fingerprint `json:"files"` // by address
	Pages   []string               `json:"pages"`
	First   []string               `json:"first"`
}

// offline writes the service worker, which knows every other file.
func (o *output) offline() error {
	v := keptVersion{Start: o.assets["start.js"], Files: map[string]fingerprint{}, Pages: keptPages}
	for name, file := range o.fingerprints {
		v.Files[file.Address] = file
		if !later[name] || slices.Contains(offlineToo, name) {
			v.First = append(v.First, file.Address)
		}
	}
	v.First = append(v.First, "/")
	slices.Sort(v.First)
	unnamed, err := json.Marshal(v)
	if err != nil {
		return err
	}
	sum := sha256.New()
	sum.Write(unnamed)
	for _, page := range keptPages { // words may change where no file does
		html, err := os.ReadFile(filepath.Join(o.directory, filepath.FromSlash(page), "index.html"))
		if err != nil {
			return err
		}
		sum.Write(html)
	}
	v.Version = hex.EncodeToString(sum.Sum(nil)[:5])
	known, err := json.Marshal(v)
	if err != nil {
		return err
	}
	worker, err := esbuild("js/sw.mjs", "--format=iife", "--define:BUILD="+string(known))
	if err != nil {
		return err
	}
	return o.write(workerPath, worker)
}
