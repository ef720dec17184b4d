//go:build js && wasm

package main

import (
	"strings"

	"moecost/core/arch/preset"
	"moecost/core/quantity"
	"moecost/core/report"
	"moecost/core/scenario"
	"syscall/js"
)

// modelGroups is the list of models: recent ones, mixtures by organisation,
// dense ones, and the reader's own.
func (p *page) modelGroups() []group {
	list := presets()
	groups := []group{{title: "Recent"}}
	byID := map[string]option{}
	organisations := map[string]int{}
	var dense group
	for _, m := range list {
		byID[m.id] = m.option
		switch {
		case m.dense:
			dense.options = append(dense.options, m.option)
		default:
			at, ok := organisations[m.organisation]
			if !ok {
				at = len(groups)
				organisations[m.organisation] = at
				groups = append(groups, group{title: m.organisation})
			}
			groups[at].options = append(groups[at].options, m.option)
		}
	}
	for _, id := range recent() {
		if o, ok := byID[id]; ok {
			groups[0].options = append(groups[0].options, o)
		}
	}
	dense.title = "Dense, for comparison"
	own := group{title: "Your own"}
	if p.ask.Model == scenario.ModelCustom {
		own.options = append(own.options, option{id: scenario.ModelCustom, name: p.story.Form.Fields["model"].Value, also: "custom own"})
	}
	own.options = append(own.options, option{id: pasteConfig, name: "Paste, drop or fetch a config.json", also: "custom own"})
	return append(groups, dense, own)
}

// pasteConfig stands for the row that opens the dialog. No preset can have it as its id.
const pasteConfig = "(config)"

type listedModel struct {
	option
	organisation string
	dense        bool
}

var presetList []listedModel

// presets lists what the combobox offers, with the sizes that tell models apart.
func presets() []listedModel {
	if presetList != nil {
		return presetList
	}
	sizes := map[string]report.Published{}
	for _, s := range report.AllPublished() {
		sizes[s.ID] = s
	}
	for _, m := range preset.All() {
		l := listedModel{organisation: m.Organisation, dense: m.Kind == preset.Dense}
		l.id, l.name = m.ID, m.Name
		l.also = strings.Join(append([]string{m.ID, m.HubID, m.Organisation, m.TotalPublished, m.ActivePublished}, m.Aliases...), " ")
		switch s, ok := sizes[m.ID]; {
		case !ok:
			l.columns = [2]string{"closed", ""}
		default:
			total := quantity.Parameters.Text(quantity.Decimal, float64(s.Total))
			active := quantity.Parameters.Text(quantity.Decimal, float64(s.Active))
			l.columns = [2]string{total, active}
			l.also += " " + unspaced(total) + " a" + unspaced(active)
			if l.dense {
				l.columns[1] = "dense"
				l.also += " dense"
			}
		}
		presetList = append(presetList, l)
	}
	return presetList
}

func unspaced(text string) string { return strings.ReplaceAll(text, "\u00a0", "") }

// pickModel chooses a model, or opens the way to one of the reader's own.
func (p *page) pickModel(o option) {
	if o.id == pasteConfig {
		p.dialog.open(p, "")
		return
	}
	if m, ok := preset.ByID(o.id); ok && m.Kind == preset.Closed {
		p.dialog.openFor(p, m)
		return
	}
	if o.id == p.ask.Model {
		return
	}
	p.link.flush(p)
	if p.edit("model", o.id) {
		remember(o.id)
		p.link.chosen(p)
	}
}

// The last models chosen, kept where the browser allows it.
const (
	recentKey  = "models"
	recentMost = 5
)

func recent() []string {
	var ids []string
	try(func() {
		if kept := js.Global().Get("localStorage").Call("getItem", recentKey); kept.Type() == js.TypeString {
			ids = strings.Fields(kept.String())
		}
	})
	return ids[:min(len(ids), recentMost)]
}

func remember(id string) {
	ids := []string{id}
	for _, old := range recent() {
		if old != id {
			ids = append(ids, old)
		}
	}
	try(func() { js.Global().Get("localStorage").Call("setItem", recentKey, strings.Join(ids, " ")) })
}
