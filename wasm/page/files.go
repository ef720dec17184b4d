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

// takeFiles finds out what files are meant for: those of a model, or counts of a router.
func (p *page) takeFiles(files []js.Value) {
	if len(files) == 0 {
		return
	}
	if p.counting.isOpen() {
		p.counting.takeFile(p, files[0])
		return
	}
	if p.tracing.isOpen() {
		p.tracing.takeFile(p, files[0])
		return
	}
	if len(files) == 1 && !p.dialog.at.Get("open").Bool() {
		later(func() {
			switch text := beginning(files[0]); {
			case looksTraced(text):
				p.tracing.takeFile(p, files[0])
			case looksCounted(text):
				p.counting.takeFile(p, files[0])
			default:
				p.takeModel(files)
			}
		})
		return
	}
	p.takeModel(files)
}

// beginning is the first text of a file.
func beginning(file js.Value) string {
	text, err := await(file.Call("slice", 0, 4096).Call("text"))
	if err != nil {
		return ""
	}
	return text.String()
}

// looksCounted tells whether a text may be counts of a router: a list or a table of
// numbers, or one of the forms in which engines write them.
func looksCounted(text string) bool {
	text = strings.TrimSpace(text)
	for _, mark := range []string{`"logical_count"`, "expert_id", "# HELP", "expert="} {
		if strings.Contains(text, mark) {
			return true
		}
	}
	line, _, _ := strings.Cut(text, "\n")
	return strings.HasPrefix(text, "[") || line != "" && strings.Trim(line, "0123456789.,;eE+- \t\r") == ""
}

// takeModel reads a config.json and the headers of checkpoints. In the open
// dialog the reader confirms; files dropped on the page are used at once.
func (p *page) takeModel(files []js.Value) {
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
		g, err := readFiles(files, config, some(names))
		if err != nil {
			d.open(p, "")
			d.fail(p, err.Error())
			return
		}
		g.headers = len(files) > 1 || g.config == "" || isHeader(names[0])
		d.found(p, g)
		if !confirm {
			d.use(p)
		}
	})
}

func isHeader(name string) bool {
	return strings.HasSuffix(name, ".index.json") || strings.HasSuffix(name, ".safetensors") || strings.HasSuffix(name, ".gguf")
}
