//go:build js && wasm

package main

import (
	"fmt"
	"strings"
	"syscall/js"

	"moecost/core/arch"
	"moecost/core/arch/checkpoint"
	"moecost/core/arch/hf"

	"honnef.co/go/js/dom/v2"
)

// listenToFiles takes files that are chosen in the dialog or dropped anywhere.
func (p *page) listenToFiles() {
	on("change", func(e dom.Event) {
		if at := target(e); at.Call("hasAttribute", "data-files").Bool() {
			p.takeFiles(fileList(at.Get("files")))
			at.Set("value", "") // the same file may be chosen again, after it was mended
		}
	})
	on("drop", func(e dom.Event) {
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

// takeFiles reads a config.json and the headers of checkpoints. In the open dialog the
// reader confirms; files dropped on the page are used at once.
func (p *page) takeFiles(files []js.Value) {
	if len(files) == 0 {
		return
	}
	confirm := p.dialog.at.Get("open").Bool()
	later(func() {
		g, err := p.readFiles(files)
		switch {
		case err != nil:
			p.dialog.open(p, "")
			p.dialog.fail(p, err.Error())
		default:
			p.dialog.found(p, g)
			if !confirm {
				p.dialog.use(p)
			}
		}
	})
}

func (p *page) readFiles(files []js.Value) (*given, error) {
	g := &given{}
	var headers []checkpoint.File
	var names []string
	for _, f := range files {
		file := fileOf(f)
		names = append(names, file.Name)
		head, err := file.ReadAt(0, 16)
		switch {
		case err != nil:
			return nil, err
		case isHeader(file.Name, head):
			headers = append(headers, file)
		case g.config != "":
			return nil, fmt.Errorf("%s: a second config: one at a time", file.Name)
		default:
			if g.reading, g.config, err = readConfigFile(file); err != nil {
				return nil, err
			}
		}
	}
	g.from = some(names)
	if len(headers) == 0 {
		return g, nil
	}
	config := g.reading
	if config == nil && p.dialog.read != nil && p.dialog.read.config != "" { // the config came first
		config, g.config = p.dialog.read.reading, p.dialog.read.config
	}
	reading, err := readCheckpoint(config, headers)
	if err != nil {
		return nil, err
	}
	g.reading, g.headers = reading, true
	return g, nil
}

// readConfigFile refuses by size before it reads: a config is small.
func readConfigFile(file checkpoint.File) (*arch.Reading, string, error) {
	if file.Size > hf.MaxBytes {
		return nil, "", fmt.Errorf("%s: %d bytes: a config.json has fewer than %d, and no .safetensors or .gguf begins like this", file.Name, file.Size, hf.MaxBytes)
	}
	content, err := file.ReadAt(0, int(file.Size))
	if err != nil {
		return nil, "", err
	}
	reading, err := readConfig(string(content))
	if err != nil {
		return nil, "", fmt.Errorf("%s", named(file.Name, err.Error()))
	}
	return reading, string(content), nil
}

// isHeader tells checkpoints from configs: GGUF by its first bytes, safetensors by the
// length in front of its JSON, an index by its name.
func isHeader(name string, head []byte) bool {
	return strings.HasPrefix(string(head), "GGUF") ||
		len(head) > 9 && head[8] == '{' && head[7] == 0 && head[6] == 0 ||
		strings.HasSuffix(name, ".index.json") || strings.HasSuffix(name, ".safetensors") || strings.HasSuffix(name, ".gguf")
}

// fileOf reads a file of the browser piece by piece. Its ReadAt waits and so needs a goroutine.
func fileOf(f js.Value) checkpoint.File {
	size := int64(f.Get("size").Float())
	name := f.Get("name").String()
	return checkpoint.File{Name: name, Size: size, ReadAt: func(offset int64, n int) ([]byte, error) {
		end := min(offset+int64(n), size)
		if offset < 0 || offset >= end {
			return nil, nil
		}
		buffer, err := await(f.Call("slice", float64(offset), float64(end)).Call("arrayBuffer"))
		if err != nil {
			return nil, fmt.Errorf("%s: the browser could not read it: %v: choose it again", name, err)
		}
		piece := make([]byte, end-offset)
		n = js.CopyBytesToGo(piece, js.Global().Get("Uint8Array").New(buffer))
		return piece[:n], nil
	}}
}
