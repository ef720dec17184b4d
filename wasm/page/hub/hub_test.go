package hub

import (
	"strings"
	"testing"
)

func TestModel(t *testing.T) {
	const want = "deepseek-ai/DeepSeek-V3.2"
	for _, text := range []string{
		want, " " + want + "\n", want + "/", "https://huggingface.co/" + want, "http://www.huggingface.co/" + want + "/tree/main",
		"hf.co/" + want + "?library=x", "https://huggingface.co/" + want + "/blob/main/config.json#L3", "huggingface.co/models/" + want,
	} {
		if got, err := Model(text); got != want || err != nil {
			t.Errorf("Model(%q): got %q, %v, want %q", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "DeepSeek-V3", "a/b/c", "../x", "./..", "a b/c", "https://example.com/" + want, "a/b%2e%2e", "//", strings.Repeat("a", 97) + "/b", "a/\xff",
	} {
		if got, err := Model(text); err == nil || !strings.Contains(err.Error(), "organisation/model") {
			t.Errorf("Model(%q): got %q, %v, want an error that says what would do", text, got, err)
		}
	}
}
