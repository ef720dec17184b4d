package chart

import (
	"bytes"
	std "encoding/json"
	"testing"

	"moecost/core/json"
	"moecost/core/report"
	"moecost/core/scenario"
)

// Options and reports read the same as from encoding/json, byte for byte.
func TestJSONAsEncodingJSON(t *testing.T) {
	for _, query := range []string{"", "model=qwen3.5-397b-a17b&gpu=b200&draft=1", "model=llama-3.1-8b&gpu=rtx4090&units=gib", "model=deepseek-v4-pro&weights=nvfp4&batch=0.5e3"} {
		ask, _ := report.Catalogue().Decode(query)
		r, err := report.Build(report.Question{Scenario: ask})
		if err != nil {
			t.Fatal(err)
		}
		same(t, r)
		for _, name := range Names() {
			o, err := Draw(name, r, Box{Width: 700, Height: 300}, Light)
			if err != nil {
				continue // nothing to draw for this model
			}
			same(t, o)
		}
	}
	same(t, scenario.Default())
}

func same(t *testing.T, v any) {
	t.Helper()
	want, err := std.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := json.Marshal(v); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%T: got\n%s (%v), want\n%s", v, got, err, want)
	}
}
