//go:build js && wasm

package main

import (
	"strings"
	"syscall/js"
	"time"

	"moecost/core/arch/preset"
	"moecost/core/scenario"

	"honnef.co/go/js/dom/v2"
)

// configDialog is the way to a model of the reader's own: pasted, from files, or from the Hub.
type configDialog struct {
	at, text, id js.Value
	typed        *timer
	read         *given         // the last thing that could be read
	closed       *preset.Preset // the closed model that somebody asked for
	busy         bool
}

func (p *page) listenToDialog() {
	d := &p.dialog
	d.at = first("dialog#config")
	d.text = first(`[data-config="text"]`)
	d.id = first(`[data-config="hub"]`)
	d.typed = newTimer(rest, func() { d.pasted(p) })
	p.verb("config", func(js.Value) { d.open(p, "") })
	p.verb("fetch-config", func(button js.Value) { p.fetchConfig(button) })
	p.verb("use-config", func(js.Value) {
		if d.typed.stop() {
			later(func() {
				if d.take(p) {
					d.use(p)
				}
			})
			return
		}
		if d.read != nil {
			d.use(p)
		} else {
			later(func() {
				if d.take(p) {
					d.use(p)
				}
			})
		}
	})
	on("input", func(e *dom.BasicEvent) {
		if target(e).Equal(d.text) {
			d.typed.restart()
		}
	})
	on("keydown", func(e *dom.BasicEvent) {
		if target(e).Equal(d.id) && e.Underlying().Get("key").String() == "Enter" {
			e.PreventDefault()
			p.fetchConfig(first(`[data-verb="fetch-config"]`))
		}
	})
	p.listenToFiles()
}

// open shows the dialog, with an error if something has gone wrong before.
func (d *configDialog) open(p *page, fault string) {
	if !d.at.Get("open").Bool() {
		d.at.Call("showModal")
	}
	d.say(p, fault)
}

// openFor shows it for a closed model: what is public, and a form to fill in.
func (d *configDialog) openFor(p *page, m preset.Preset) {
	d.closed = &m
	d.open(p, "")
	if strings.TrimSpace(d.text.Get("value").String()) == "" {
		d.text.Set("value", strings.ReplaceAll(form, "NAME", m.Name))
	}
	p.show("notices:config", []*node{notice("warning", marked(m.Name+" is closed. "+m.Notes),
		[]*node{words("Replace each null with what you assume. Every number will then rest on your assumptions, and say so.")})})
}

// form is a config.json to fill in: a mixture of experts in every layer, with
// grouped key-value heads.
const form = `{
  "model_type": "mixtral",
  "_name_or_path": "NAME, as assumed",
  "hidden_size": null,
  "num_hidden_layers": null,
  "num_attention_heads": null,
  "num_key_value_heads": null,
  "head_dim": null,
  "intermediate_size": null,
  "num_local_experts": null,
  "num_experts_per_tok": null,
  "vocab_size": null,
  "max_position_embeddings": null,
  "tie_word_embeddings": false
}
`

// say writes a fault into the dialog, or takes the last one away.
func (d *configDialog) say(p *page, fault string) {
	if fault == "" {
		p.show("notices:config", nil)
		return
	}
	p.show("notices:config", []*node{notice("error", marked(fault), nil)})
}

func (d *configDialog) summary(p *page, text string) { p.show("config.summary", marked(text)) }

// pasted reads the text as it stands, once the reader pauses.
func (d *configDialog) pasted(p *page) {
	if strings.TrimSpace(d.text.Get("value").String()) == "" {
		d.read = nil
		d.say(p, "")
		d.summary(p, "The model is read here, in this page.")
		return
	}
	later(func() { d.take(p) })
}

// take reads the pasted text and says what it is or why it is nothing.
func (d *configDialog) take(p *page) bool {
	text := d.text.Get("value").String()
	if strings.TrimSpace(text) == "" {
		d.say(p, "There is no model yet: paste a config.json, choose files, or name a model on the Hub.")
		return false
	}
	return d.accept(p, text, "the pasted text")
}

// accept reads a config from anywhere. What cannot be read changes nothing else.
func (d *configDialog) accept(p *page, text, from string) bool {
	g, err := readConfig(text, from)
	if err != nil {
		d.fail(p, named(from, err.Error()))
		return false
	}
	d.found(p, g)
	return true
}

func (d *configDialog) found(p *page, g *given) {
	if d.closed != nil {
		g.assumed = d.closed.Name
	}
	d.read = g
	d.say(p, "")
	d.summary(p, g.summary())
}

func (d *configDialog) fail(p *page, fault string) {
	d.read = nil
	d.say(p, fault)
	d.summary(p, "Nothing was changed.")
}

// named puts the name of the file in front of what was wrong with it.
func named(from, fault string) string {
	const generic = "config.json: "
	if from != "config.json" && strings.HasPrefix(fault, generic) {
		return from + ": " + strings.TrimPrefix(fault, generic)
	}
	if strings.HasPrefix(fault, from) || strings.HasPrefix(fault, generic) {
		return fault
	}
	return from + ": " + fault
}

// use makes what was read the model of the page.
func (d *configDialog) use(p *page) {
	g := d.read
	if g == nil {
		return
	}
	p.link.flush(p)
	p.own, p.config, p.reading = g, g.config, g.reading
	p.ask.Model, p.ask.Weights = scenario.ModelCustom, ""
	p.mended("model")
	delete(p.refusals, "model")
	d.read, d.closed = nil, nil
	d.at.Call("close")
	p.chosen()
}

// timeout is how long the Hub may take to answer.
const timeout = 20 * time.Second
