package chart

import (
	"encoding/json"
	"testing"

	"moecost/core/arch/preset"
	"moecost/core/report"
	"moecost/core/scenario"
)

// What a published link shows is what was seen: for every preset, with all on the GPUs and with experts
// elsewhere, the pinned query decodes without a problem to the same report and the same drawings. Two
// things may differ: the query itself, and which values are moecost's own choice.
func TestPinnedDrawsTheSame(t *testing.T) {
	catalogue := report.Catalogue()
	ask := func(query string) (scenario.Scenario, *report.Report) {
		s, problems := catalogue.Decode(query)
		if len(problems) > 0 {
			t.Fatalf("%s: %v", query, problems)
		}
		r, err := report.Build(report.Question{Scenario: s})
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		return s, r
	}
	answer := func(r report.Report) string {
		r.Scenario.Query, r.Scenario.Chosen = "", report.Chosen{}
		r.Scenario.Link, r.Scenario.CPU, r.Scenario.NVMe = 0, 0, 0 // the rates in use show in the times
		text, err := json.Marshal(&r)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	variants := []string{
		"", "&gpus=8", "&gpu=h200&eplb=static&spare=16&batch=2048&draft=2&units=gib", "&gpu=rtx4090&gpus=2&host=0.5",
		"&gpus=1&ram=128&engine=llamacpp&prefetch=router", "&tpot=50&rate=2&without=prefill&measured_tpot=31",
	}
	for i, p := range preset.All() {
		if p.Kind == preset.Closed {
			continue
		}
		for _, variant := range []string{variants[i%len(variants)]} {
			query := "model=" + p.ID + variant
			s, r := ask(query)
			pinned := scenario.EncodePinned(r.Pinned(s, "ledger"))
			again, same := ask(pinned)
			if again.Chart != "ledger" || again.GPUs == 0 || again.TP == 0 || again.KV == "" {
				t.Errorf("%s: %s leaves open what was chosen", query, pinned)
			}
			if got, want := answer(*same), answer(*r); got != want {
				t.Errorf("%s: pinned as %s, the answer is\n%s\nand was\n%s", query, pinned, got, want)
			}
			for _, name := range Names() {
				if got, want := drawing(t, name, same), drawing(t, name, r); got != want {
					t.Errorf("%s, %s: pinned as %s, the drawing differs", query, name, pinned)
				}
			}
		}
	}
}

func drawing(t *testing.T, name string, r *report.Report) string {
	t.Helper()
	option, err := Draw(name, r, Box{Width: 680, Height: 380}, Light)
	if err != nil {
		t.Fatal(err)
	}
	text, err := option.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
