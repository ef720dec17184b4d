//go:build js && wasm

package main

import (
	"errors"
	"strings"
	"syscall/js"

	"moecost/core/quantity"

	"honnef.co/go/js/dom/v2"
)

// paste is a dialog for a text that wasm/reader reads, pasted or out of one file: counts of a router. What
// was read is said at once and used when the reader of the page presses the button; what cannot be read is said, and the
// text stays. The element dialog#NAME holds textarea[data-paste], input[data-paste-file], [data-notices=NAME] and
// [data-slot=NAME.summary]; button[data-verb=NAME] opens it, use-NAME uses what was read, drop-NAME no longer.
type paste struct {
	name    string
	invite  string                             // what the dialog says before there is a text
	largest int64                              // bytes of a file that is worth reading
	advice  string                             // what would do in place of a larger one
	read    func(data js.Value) (taken, error) // data is a text or a Uint8Array; it may wait
	drop    func()                             // forgets what is in use
	at      js.Value
	text    js.Value
	file    string // whose content is read, in place of the text
	typed   *timer
	found   *taken
}

// taken is what was read: what to say of it, and what to do with it.
type taken struct {
	summary string
	use     func()
}

func (p *page) listenToPaste(d *paste) {
	d.at = first("dialog#" + d.name)
	d.text = d.at.Call("querySelector", "[data-paste]")
	d.typed = newTimer(rest, func() { later(func() { d.take(p) }) })
	p.verb(d.name, func(js.Value) {
		d.open()
		d.say(p, "")
	})
	p.verb("use-"+d.name, func(js.Value) {
		later(func() {
			if d.typed.stop() || d.found == nil {
				d.take(p)
			}
			if d.found != nil {
				d.at.Call("close")
				d.found.use()
				d.found = nil
			}
		})
	})
	p.verb("drop-"+d.name, func(js.Value) {
		d.drop()
		p.changed()
		if at := first(`[data-verb="` + d.name + `"]`); !at.IsNull() {
			at.Call("focus")
		}
	})
	on("input", func(e *dom.BasicEvent) {
		if target(e).Equal(d.text) {
			d.file = ""
			d.typed.restart()
		}
	})
	on("change", func(e *dom.BasicEvent) {
		if at := target(e); closest(at, "dialog").Equal(d.at) && element(at).HasAttribute("data-paste-file") {
			if files := fileList(at.Get("files")); len(files) > 0 {
				d.takeFile(p, files[0])
			}
			at.Set("value", "")
		}
	})
}

func (d *paste) isOpen() bool { return d.at.Get("open").Bool() }

func (d *paste) open() {
	if !d.isOpen() {
		d.at.Call("showModal")
	}
}

// say writes a fault into the dialog, or takes the last one away.
func (d *paste) say(p *page, fault string) {
	if fault == "" {
		p.show("notices:"+d.name, nil)
		return
	}
	d.found = nil
	p.show("notices:"+d.name, []*node{notice("error", marked(fault), nil)})
	d.summary(p, "Nothing was changed.")
}

func (d *paste) summary(p *page, text string) { p.show(d.name+".summary", marked(text)) }

// take reads the text as it stands.
func (d *paste) take(p *page) {
	if d.file != "" {
		return // it was read when it was chosen
	}
	text := d.text.Get("value")
	if strings.TrimSpace(text.String()) == "" {
		d.found = nil
		d.say(p, "")
		d.summary(p, d.invite)
		return
	}
	d.accept(p, text, "")
}

// takeFile reads a file, unless it is too large to be what is asked for.
func (d *paste) takeFile(p *page, file js.Value) {
	d.open()
	name, size := file.Get("name").String(), int64(file.Get("size").Float())
	if size > d.largest {
		d.file = ""
		bytes := func(n int64) string { return quantity.Bytes.Text(quantity.Decimal, float64(n)) }
		d.say(p, name+" has "+bytes(size)+" and was not read: up to "+bytes(d.largest)+" are. "+d.advice)
		return
	}
	d.file, d.found = name, nil
	d.say(p, "")
	d.summary(p, "Reading "+name+" …")
	later(func() {
		buffer, err := await(file.Call("arrayBuffer"))
		if err != nil {
			d.say(p, name+" cannot be read: choose it again. ("+err.Error()+")")
			return
		}
		d.accept(p, js.Global().Get("Uint8Array").New(buffer), name)
	})
}

func (d *paste) accept(p *page, data js.Value, from string) {
	found, err := d.read(data)
	if err != nil {
		if from != "" {
			from += ": "
		}
		d.file = ""
		d.say(p, from+err.Error())
		return
	}
	d.found = &found
	d.say(p, "")
	if from != "" {
		from += ": "
	}
	d.summary(p, from+found.summary)
}

// ask calls a function of the reader that answers with texts, now or by a promise,
// and gives one of them.
func ask(call, text string, args ...any) (string, error) {
	reader, err := loadReader()
	if err != nil {
		return "", err
	}
	answer, err := await(js.Global().Get("Promise").Call("resolve", reader.Call(call, args...)))
	if err != nil {
		return "", err
	}
	if fault := answer.Get("error"); fault.Truthy() {
		return "", errors.New(fault.String())
	}
	return answer.Get(text).String(), nil
}

func integers(ns []int) js.Value {
	list := js.Global().Get("Array").New()
	for _, n := range ns {
		list.Call("push", n)
	}
	return list
}
