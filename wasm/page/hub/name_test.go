package hub

import (
	"strings"
	"testing"
	"unicode/utf8"
)

var configs = map[string]string{
	`{"_name_or_path": "Qwen/Qwen3-30B-A3B"}`:                    "Qwen3-30B-A3B",
	`{"x": Infinity, "_name_or_path" :"/data/models/my model/"}`: "my model",
	`{"_name_or_path":"C:\\models\\mine"}`:                       "mine",
	`{"_name_or_path":"a\/b"}`:                                   "b",
	`{"_name_or_path": "Gemini 1.5, as assumed"}`:                "Gemini 1.5, as assumed",
	`{"_name_or_path": "<img src=x>"}`:                           "<img src=x>", // text, and shown as text
	`{"hidden_size": 5}`:                                         "",
	`{"_name_or_path": null}`:                                    "",
	`{"_name_or_path": "open`:                                    "",
	`{"_name_or_path": ""}`:                                      "",
	`{"_name_or_path": "./"}`:                                    "",
	`{"_name_or_path": "a\u202eb"}`:                              "", // turns the writing round
	`"_name_or_path"`:                                            "",
}

func TestName(t *testing.T) {
	for config, want := range configs {
		if got := Name(config); got != want {
			t.Errorf("Name(%s): got %q, want %q", config, got, want)
		}
	}
	if got := Name(`{"_name_or_path": "` + strings.Repeat("é", 61) + `"}`); got != "" {
		t.Errorf("a name of 61 letters: got %q, want none", got)
	}
}

func FuzzName(f *testing.F) {
	for config := range configs {
		f.Add(config)
	}
	f.Fuzz(func(t *testing.T, config string) {
		if name := Name(config); !utf8.ValidString(name) || strings.ContainsAny(name, "\n/\x00") {
			t.Fatalf("Name(%q): got %q", config, name)
		}
	})
}
