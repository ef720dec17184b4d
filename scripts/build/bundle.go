package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

var fonts = []string{"figure-sans.woff2", "figure-sans-more.woff2", "figure-serif.woff2", "figure-serif-more.woff2", "figure-serif-italic.woff2"}

// bundle writes fonts, icons, styles and scripts, in the order in which they
// name each other.
func (o *output) bundle() error {
	for _, font := range fonts {
		if err := o.copyAsset(filepath.Join("site", "fonts", font)); err != nil {
			return err
		}
	}
	licence, err := os.ReadFile(filepath.Join("site", "fonts", "OFL.md"))
	if err != nil {
		return err
	}
	if err := o.write("/licences/fonts-OFL.md", licence); err != nil {
		return err
	}
	if err := o.copyAsset(filepath.Join("site", "icons", "favicon.svg")); err != nil {
		return err
	}
	manifest, err := os.ReadFile(filepath.Join("site", "icons", "manifest.webmanifest"))
	if err != nil {
		return err
	}
	manifest = bytes.ReplaceAll(manifest, []byte("{{favicon.svg}}"), []byte(o.assets["favicon.svg"]))
	if err := o.asset("manifest.webmanifest", manifest); err != nil {
		return err
	}
	if err := o.styles(); err != nil {
		return err
	}
	return o.scripts()
}

func (o *output) copyAsset(file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return o.asset(filepath.Base(file), content)
}

// styles bundles site/css into one file that names the hashed fonts.
func (o *output) styles() error {
	css, err := esbuild("css/main.css", "--external:*.woff2")
	if err != nil {
		return err
	}
	for _, font := range fonts {
		from := []byte("../fonts/" + font)
		if !bytes.Contains(css, from) {
			return fmt.Errorf("styles: no rule uses %s: remove the font or name it in fonts.css", font)
		}
		css = bytes.ReplaceAll(css, from, []byte(o.assets[font]))
	}
	if err := o.asset("main.css", css); err != nil {
		return err
	}
	if css, err = esbuild("css/models.css"); err != nil {
		return err
	}
	return o.asset("models.css", css)
}

func (o *output) scripts() error {
	exec, err := wasmExec()
	if err != nil {
		return err
	}
	for _, script := range []struct {
		name, entry string
		flags       []string
	}{
		{"first.js", "js/first.mjs", nil},
		{"charts.js", "js/engine.mjs", []string{"--format=esm"}},
		{"worker.js", "js/worker.mjs", []string{"--format=iife", "--alias:wasm_exec=" + exec, "--external:util", "--log-level=error"}},
		{"share.js", "js/share.mjs", []string{"--format=esm"}},
		{"qr.js", "js/qr.mjs", []string{"--format=esm"}},
		{"start.js", "js/start.mjs", []string{"--format=esm", "--alias:wasm_exec=" + exec, "--external:util", "--log-level=error"}},
	} {
		files, err := o.fetchedFlag()
		if err != nil {
			return err
		}
		content, err := esbuild(script.entry, append(script.flags, files)...)
		if err != nil {
			return err
		}
		if err := o.asset(script.name, content); err != nil {
			return err
		}
	}
	return nil
}

// esbuild bundles one entry of site/ and minifies it.
func esbuild(entry string, flags ...string) ([]byte, error) {
	arguments := append([]string{entry, "--bundle", "--minify", "--target=es2023", "--legal-comments=none", "--charset=utf8"}, flags...)
	return run("site", "node_modules/.bin/esbuild", arguments...)
}
