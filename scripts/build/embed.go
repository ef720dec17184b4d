package main

import (
	"bytes"

	"moecost/core/report"
	"moecost/core/scenario"
	"moecost/core/story"
)

// embedPath is the page that shows one figure in a frame. Its query says which, of which scenario.
const embedPath = "/embed/"

// hostPath is the script for pages that show embeds. It keeps its address.
const hostPath = "/embed.js"

// embedOwns are the controls of embeds: the one key that a figure is about. A figure has at most one.
var embedOwns = []struct {
	own
	figures string // by the names of their charts
}{
	{own{"slider", "batch", "Batch", ""}, "ledger account gpus routing boards coverage bytes tpot batch throughput roofline tail requests causes skewed offload vram"},
	{own{"slider", "skew", "Skew", ""}, "ranks placed imbalance"},
	{own{"slider", "recall", "Recall", ""}, "timeline saving"},
	{own{"slider", "cache", "Slots", ""}, "hits"},
	{own{"stepper", "draft", "Drafted tokens", ""}, "draft"},
	{own{"stepper", "spare", "Spare experts", ""}, "spare"},
	{own{"field", "in", "Prompt", "tokens"}, "kv"},
	{own{"field", "chunk", "Chunk", "tokens"}, "chunk"},
	{own{"segments", "fabric", "Fabric", ""}, "traffic"},
	{own{"segments", "points", "Measurements", ""}, "accuracy"},
}

// embedView is what the template of embeds sees.
type embedView struct {
	Controls []embedControl
}

type embedControl struct {
	*control
	Figures string
}

// embed writes the page of embeds with what is its own, and the script for the pages that show them.
func (o *output) embed() error {
	css, err := esbuild("css/embed.css", "--external:*.woff2")
	if err != nil {
		return err
	}
	for _, font := range fonts {
		css = bytes.ReplaceAll(css, []byte("../fonts/"+font), []byte(o.assets[font]))
	}
	if err := o.asset("embed.css", css); err != nil {
		return err
	}
	exec, err := wasmExec()
	if err != nil {
		return err
	}
	files, err := o.fetchedFlag()
	if err != nil {
		return err
	}
	for _, script := range []struct {
		name, entry string
		flags       []string
	}{
		{"embed-first.js", "js/embed-first.mjs", nil},
		{"embed-start.js", "js/embed.mjs", []string{"--format=esm", "--alias:wasm_exec=" + exec, "--external:util", "--log-level=error", files}},
	} {
		content, err := esbuild(script.entry, script.flags...)
		if err != nil {
			return err
		}
		if err := o.asset(script.name, content); err != nil {
			return err
		}
	}
	return o.embedPage()
}

func (o *output) embedPage() error {
	ask := scenario.Default()
	r, err := report.Build(report.Question{Scenario: ask})
	if err != nil {
		return err
	}
	form := story.Excerpt(ask, r, "").Form
	var v embedView
	for _, e := range embedOwns {
		c := newControl(form, e.key, e.label, e.unit)
		c.Kind, c.Fit = e.kind, true
		v.Controls = append(v.Controls, embedControl{c, e.figures})
	}
	templates, err := o.templates()
	if err != nil {
		return err
	}
	html, err := render(templates, "embed", v)
	if err != nil {
		return err
	}
	if err := o.publish(embedPath+"index.html", html); err != nil {
		return err
	}
	host, err := esbuild("js/embed-host.mjs", "--format=iife")
	if err != nil {
		return err
	}
	return o.publish(hostPath, host)
}
