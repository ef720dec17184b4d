//go:build js && wasm

package main

import (
	"strings"
	"syscall/js"

	"honnef.co/go/js/dom/v2"
)

// listenToFiles takes files that are chosen in the dialog or dropped anywhere.
func (p *page) listenToFiles() {
	on("change", func(e *dom.BasicEvent) {
		if at := target(e); element(at).HasAttribute("data-files") {
			p.takeFiles(fileList(at.Get("files")))
			at.Set("value", "") // the same file may be chosen again, after it was mended
		}
	})
	on("drop", func(e *dom.BasicEvent) {
		if transfer := e.Underlying().Get("dataTransfer"); transfer.Truthy() {
			p.takeFiles(fileList(transfer.Get("files")))
		}
	})
}

func fileList(list js.Value) []js.Value {
	if !list.Truthy() {
		return nil
	}
	files := make([]js.Value, list.Length())
	for i := range files {
		files[i] = list.Index(i)
	}
	return files
}

// takeFiles reads a config.json and the headers of checkpoints. In the open
// dialog the reader confirms; files dropped on the page are used at once.
func (p *page) takeFiles(files []js.Value) {
	if len(files) == 0 {
		return
	}
	d := &p.dialog
	confirm := d.at.Get("open").Bool()
	config := "" // what came before, for headers that come without
	if d.read != nil {
		config = d.read.config
	}
	var names []string
	for _, f := range files {
		name := f.Get("name").String()
		names = append(names, name)
		if strings.HasSuffix(name, ".json") && !strings.HasSuffix(name, ".index.json") {
			config = ""
		}
	}
	if confirm {
		d.summary(p, "Reading "+some(names)+" …")
	}
	later(func() {
		reading, config, err := readFiles(files, config)
		if err != nil {
			d.open(p, "")
			d.fail(p, err.Error())
			return
		}
		d.found(p, &given{reading: reading, config: config, headers: len(files) > 1 || config == "" || isHeader(names[0]), from: some(names)})
		if !confirm {
			d.use(p)
		}
	})
}

func isHeader(name string) bool {
	return strings.HasSuffix(name, ".index.json") || strings.HasSuffix(name, ".safetensors") || strings.HasSuffix(name, ".gguf")
}
