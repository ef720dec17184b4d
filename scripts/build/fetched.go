package main

import (
	"encoding/json"
	"fmt"
)

// fetched are the files that scripts fetch by their plain name (site/js/download.mjs). A script knows those
// that were built before it.
var fetched = []string{"page.wasm", "reader.wasm", "planner.wasm", "charts.js", "worker.js", "share.js", "qr.js"}

// fingerprint is what tells whether a file has arrived as it was built.
type fingerprint struct {
	Address   string `json:"address"`
	Size      int    `json:"size"`      // in bytes
	Integrity string `json:"integrity"` // as browsers check it
}

// fetchedFlag has esbuild write the files into site/js/files.mjs.
func (o *output) fetchedFlag() (string, error) {
	files := map[string]fingerprint{}
	for _, name := range fetched {
		if file, ok := o.fingerprints[name]; ok {
			files[name] = file
		}
	}
	list, err := json.Marshal(files)
	return "--define:FILES=" + string(list), err
}

// integrity of an asset, for the templates.
func (o *output) integrity(name string) (string, error) {
	file, ok := o.fingerprints[name]
	if !ok {
		return "", fmt.Errorf("integrity of %q: nothing of that name was built", name)
	}
	return file.Integrity, nil
}
