// Package hub reads what people paste to name a model on the Hugging Face Hub.
package hub

import (
	"errors"
	"strings"
)

// Model is the "organisation/model" in a text: the id itself, or the address of one of its pages.
// The error says what would do.
func Model(text string) (string, error) {
	id := strings.TrimSpace(text)
	if id == "" {
		return "", errors.New("the Hub: no model named: write organisation/model, as on the model's page")
	}
	id, _, _ = strings.Cut(id, "?")
	id, _, _ = strings.Cut(id, "#")
	for _, prefix := range []string{"https://", "http://", "www.", "huggingface.co/", "hf.co/", "models/"} {
		id = strings.TrimPrefix(id, prefix)
	}
	parts := strings.Split(strings.Trim(id, "/"), "/")
	if len(parts) > 2 && (parts[2] == "tree" || parts[2] == "blob" || parts[2] == "resolve" || parts[2] == "raw") {
		parts = parts[:2]
	}
	if len(parts) != 2 || !plain(parts[0]) || !plain(parts[1]) {
		return "", errors.New("the Hub: " + clip(text) + " does not name a model: write organisation/model, as on the model's page")
	}
	return parts[0] + "/" + parts[1], nil
}

// plain is what the Hub allows in a name.
func plain(name string) bool {
	if name == "" || len(name) > 96 || strings.Trim(name, ".") == "" {
		return false
	}
	for _, r := range name {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		if !letter && r != '-' && r != '_' && r != '.' {
			return false
		}
	}
	return true
}

func clip(text string) string {
	runes := []rune(strings.ToValidUTF8(text, "\ufffd"))
	if len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return string(runes)
}
