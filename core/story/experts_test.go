package story

import (
	"math"
	"strings"
	"testing"

	"moecost/core/report"
	"moecost/core/routing"
)

const wide = "model=deepseek-v3&gpu=h200&gpus=32&tp=1&dp=32&ep=32&in=1000&out=200&batch="

// hot are scenarios in every way that the section tells apart, and what its finding says.
var hot = map[string]string{
	"":                                   "with 16 spare experts, but a step takes",
	wide + "8192":                        "with 32 spare experts; a step is",
	wide + "8192&eplb=static":            "with EPLB; a step is",
	wide + "8192&eplb=online&spare=64":   "with 64 spare experts; a step is",
	wide + "65536&skew=0":                "there is little to even out",
	wide + "2000000":                     "times its share, and",
	"model=llama-3.1-70b&gpus=4":         "has no experts",
	"model=qwen3-30b-a3b&gpus=1&batch=1": "One GPU holds all experts",
	"model=qwen3-30b-a3b&gpu=h100-sxm&gpus=8&tp=8":                                  "Every GPU holds a part of each expert",
	"model=qwen3-30b-a3b&gpu=rtx4090&gpus=2&tp=2&ep=2&host=0.5&batch=8":             "times its share, and",
	"model=qwen3-30b-a3b&gpus=8&tp=1&law=power&skew=1.2&place=distinct&eplb=static": "times its share, and",
}

func TestHotSection(t *testing.T) {
	for query, want := range hot {
		p, r := build(t, query)
		section := sectionOf(t, p, "hot")
		finding := strings.ReplaceAll(section.Finding.plain(), "\u00a0", " ")
		if !strings.Contains(finding, want) || !strings.HasSuffix(finding, ".") || strings.Contains(finding+section.Prose.plain(), "NaN") || strings.Contains(section.Prose.plain(), quantityUnknown) {
			t.Errorf("%q: the finding is %q, want %q in it; the prose %q", query, finding, want, section.Prose.plain())
		}
		for _, f := range section.Frames {
			if _, err := r.Explain(f.Derivation); err != nil {
				t.Errorf("%q, %s: %v", query, f.Chart, err)
			}
			if f.Empty == nil && (len(f.Table.Rows) == 0 || f.Name == "") || f.Absent && f.Empty == nil {
				t.Errorf("%q, %s: neither a drawing nor why there is none", query, f.Chart)
			}
		}
	}
}

// quantityUnknown is the en dash with spaces that an unknown number leaves in prose.
const quantityUnknown = " – "

// TestHotOffers: what an empty figure offers has something to show.
func TestHotOffers(t *testing.T) {
	for _, query := range []string{"model=qwen3-30b-a3b&gpus=1&batch=1", "model=qwen3-30b-a3b&gpu=h100-sxm&gpus=8&tp=8", "model=llama-3.1-70b&gpus=4", "model=mixtral-8x7b&gpu=h100-sxm&gpus=16&tp=16&batch=1"} {
		p, _ := build(t, query)
		offered := ""
		for _, s := range sectionOf(t, p, "hot").Frames[0].Empty {
			if s.Apply != "" {
				offered = s.Apply
			}
		}
		after, r := build(t, offered)
		if offered == "" || r.LoadedLayer() == nil || sectionOf(t, after, "hot").Frames[0].Empty != nil {
			t.Errorf("%q: %q is offered, and shows nothing", query, offered)
		}
	}
}

// TestHotCounts: counts are named wherever the law would be.
func TestHotCounts(t *testing.T) {
	s, _ := report.Catalogue().Decode("model=qwen3-30b-a3b&gpu=h100-sxm&gpus=8&tp=1&dp=8&ep=8")
	row := make([]float64, 128)
	for i := range row {
		row[i] = math.Pow(float64(i+1), 1.5)
	}
	r, err := report.Build(report.Question{Scenario: s, Counts: &routing.Counts{Layers: [][]float64{row, row}}})
	if err != nil {
		t.Fatal(err)
	}
	p := Build(s, r)
	frames := sectionOf(t, p, "hot").Frames
	if !strings.Contains(frames[0].Unit, "layer 1 of the 2 counted") || !strings.Contains(frames[0].Source.plain(), "Your counts") || !strings.Contains(frames[2].Source.plain(), "your counts") {
		t.Errorf("got %q, %q and %q", frames[0].Unit, frames[0].Source.plain(), frames[2].Source.plain())
	}
	if p.Form.Fields["layer"].Idle || !p.Form.Fields["law"].Idle {
		t.Errorf("with counts, the choice of a layer is idle: %t, that of a law: %t", p.Form.Fields["layer"].Idle, p.Form.Fields["law"].Idle)
	}
}

func sectionOf(t *testing.T, p Page, id string) Section {
	t.Helper()
	for _, s := range p.Sections {
		if s.ID == id {
			return s
		}
	}
	t.Fatalf("there is no section %q", id)
	return Section{}
}
