package main

import (
	"strings"
	"testing"
)

// What the page and the planner must not import, and what to use instead: each costs some tens of
// kilobytes.
var tooHeavy = map[string]string{
	"encoding/json":                 "moecost/core/json",
	"html/template":                 "nodes, as wasm/page makes them",
	"math/big":                      "int64 and float64",
	"moecost/assets/models/configs": "the presets' descriptions",
	"moecost/core/arch/checkpoint":  "wasm/reader, a program of its own",
	"moecost/core/arch/hf":          "wasm/reader, a program of its own",
	"net/http":                      "the browser's fetch",
	"net/url":                       "core/scenario's own codec",
	"regexp":                        "package strings",
	"text/template":                 "package strings",
}

func TestThePageIsLight(t *testing.T) {
	for _, p := range programs {
		if p.name != "reader.wasm" {
			t.Run(p.name, func(t *testing.T) { mustBeLight(t, p.source) })
		}
	}
}

func mustBeLight(t *testing.T, source string) {
	list, err := runWith("../..", nil, []string{"GOOS=js", "GOARCH=wasm"}, "go", "list", "-deps", "-f", `{{.ImportPath}} {{join .Imports " "}}`, source)
	if err != nil {
		t.Fatal(err)
	}
	ours := 0
	for line := range strings.Lines(string(list)) {
		words := strings.Fields(line)
		if !strings.HasPrefix(words[0], "moecost/") {
			continue
		}
		ours++
		for _, imported := range words[1:] {
			if instead, heavy := tooHeavy[imported]; heavy {
				t.Errorf("%s imports %s, which is too heavy for it: use %s", words[0], imported, instead)
			}
		}
	}
	if ours < 10 {
		t.Errorf("%d packages of moecost: is %s still what it was?", ours, source)
	}
}
