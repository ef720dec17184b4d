//go:build js && wasm

package main

import (
	"strconv"
	"strings"

	"moecost/core/arch"
	"moecost/core/quantity"
)

// given is a model of the reader's own, as it was read.
type given struct {
	reading *arch.Reading
	encoded string // the same as a worker takes it
	config  string // the text that a link can hold; empty if there is none
	headers bool   // formats and bytes are those of a checkpoint's headers, which a link cannot hold
	from    string // "config.json", "the pasted text", "Qwen/Qwen3-30B-A3B"
	assumed string // a closed model that it stands for
}

// summary is what was read, in a line.
func (g *given) summary() string {
	m := g.reading.Model
	text := g.from + ": " + quantity.Parameters.Text(quantity.Decimal, float64(m.TotalParams())) + " resident"
	if experts := m.RoutedExperts(); experts > 0 {
		text += ", " + quantity.Parameters.Text(quantity.Decimal, float64(m.ActiveParams(arch.WithEmbeddingAndHead))) + " active; " +
			quantity.Integer(m.TopK()) + " of " + quantity.Integer(experts) + " experts in " + quantity.Integer(int64(m.MoELayers())) + " of " +
			quantity.Integer(int64(len(m.Blocks))) + " layers."
	} else {
		text += ", dense, " + quantity.Integer(int64(len(m.Blocks))) + " layers."
	}
	if !g.reading.Known {
		text += " The family is not known: only common keys were read."
	}
	if n := len(g.reading.Unread); n > 0 {
		text += " Keys not understood: " + some(g.reading.Unread) + "."
	}
	return text
}

// remarks are what the reader must know while the model is in use: defaults that
// stood in for missing keys, notes of the reading, what the link leaves out.
func (g *given) remarks(linkError string) [][2]string {
	var out [][2]string
	if g.assumed != "" {
		out = append(out, [2]string{"This architecture is yours, in place of " + g.assumed + ", which is closed.", "Every number here rests on what you assume."})
	}
	if n := len(g.reading.Assumed); n > 0 {
		var keys []string
		for _, a := range g.reading.Assumed {
			keys = append(keys, "`"+a.Key+"` = "+a.Value)
		}
		fact := strconv.Itoa(n) + " keys are missing and take the family's defaults."
		if n == 1 {
			fact = "A key is missing and takes the family's default."
		}
		out = append(out, [2]string{fact, strings.Join(keys, ", ") + "."})
	}
	for _, note := range g.reading.Notes {
		out = append(out, [2]string{note, ""})
	}
	switch {
	case g.config == "":
		out = append(out, [2]string{"A link cannot hold a model that was read from a checkpoint's headers.", "Whoever opens the link must have the file."})
	case linkError != "":
		out = append(out, [2]string{"The link leaves this model out.", linkError})
	case g.headers:
		out = append(out, [2]string{"The link holds the config, not the checkpoint's own formats.", "Whoever opens it sees the formats that the config states."})
	}
	return out
}

// some joins the first few names.
func some(names []string) string {
	const most = 4
	if len(names) > most {
		return strings.Join(names[:most], ", ") + " and " + strconv.Itoa(len(names)-most) + " more"
	}
	return strings.Join(names, ", ")
}
