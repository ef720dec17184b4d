package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync/atomic"
)

// assetsPath is where the hashed files lie. They never change, so a host may
// let a browser keep them for ever.
const assetsPath = "/assets/"

// output is the directory being built. It starts empty and takes the place of
// the last build when it is whole, so that a server or a test never sees half a site.
type output struct {
	directory    string
	final        string
	assets       map[string]string // plain name -> address: "main.css" -> "/assets/main-1a2b3c4d5e.css"
	fingerprints map[string]fingerprint
	files        []string // addresses of all files, in the order written

	others     atomic.Int64 // files that publish wrote
	otherBytes atomic.Int64
}

func newOutput(final string) (*output, error) {
	if err := os.MkdirAll("build", 0o755); err != nil {
		return nil, err
	}
	directory, err := os.MkdirTemp("build", final+"-")
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(directory, 0o755); err != nil {
		return nil, err
	}
	return &output{directory: directory, final: final, assets: map[string]string{}, fingerprints: map[string]fingerprint{}}, nil
}

// discard removes a build that did not finish.
func (o *output) discard() {
	if o.directory != o.final {
		os.RemoveAll(o.directory)
	}
}

// finish puts the build in the place of the last one.
func (o *output) finish() error {
	if err := os.RemoveAll(o.final); err != nil {
		return err
	}
	if err := os.Rename(o.directory, o.final); err != nil {
		return err
	}
	o.directory = o.final
	return nil
}

// asset writes a file under a name with its hash and remembers the address.
func (o *output) asset(name string, content []byte) error {
	sum := sha256.Sum256(content)
	extension := path.Ext(name)
	address := assetsPath + strings.TrimSuffix(name, extension) + "-" + hex.EncodeToString(sum[:5]) + extension
	o.assets[name] = address
	o.fingerprints[name] = fingerprint{address, len(content), "sha256-" + base64.StdEncoding.EncodeToString(sum[:])}
	return o.write(address, content)
}

// write puts a file at its address below the root of the site.
func (o *output) write(address string, content []byte) error {
	file := filepath.Join(o.directory, filepath.FromSlash(address))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	o.files = append(o.files, address)
	return os.WriteFile(file, content, 0o644)
}

// publish writes a file that a first visit does not fetch and that hosts compress by themselves. Several may be
// published at once.
func (o *output) publish(address string, content []byte) error {
	file := filepath.Join(o.directory, filepath.FromSlash(address))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	o.others.Add(1)
	o.otherBytes.Add(int64(len(content)))
	return os.WriteFile(file, content, 0o644)
}

// address of an asset, for the templates.
func (o *output) address(name string) (string, error) {
	address, ok := o.assets[name]
	if !ok {
		return "", fmt.Errorf("asset %q: nothing of that name was built", name)
	}
	return address, nil
}
