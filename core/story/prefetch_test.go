package story

import (
	"strings"
	"testing"
)

// elsewhere are scenarios whose experts are not all on the GPUs, in every way that the section
// tells apart, and what its finding says.
var elsewhere = map[string]string{
	"":                    "All experts fit on 16\u00a0H100s",
	"model=llama-3.1-70b": "is dense",
	"gpus=2":              "could wait in host memory",
	"model=gpt-oss-120b&gpu=rtx4090&gpus=1&ram=128&batch=1":                                 "With missing experts on the CPU",
	"model=gpt-oss-120b&gpu=rtx3090&gpus=1&ram=64&batch=1&engine=llamacpp":                  "have no room for",
	"model=deepseek-v3&gpu=rtx4090&gpus=1&ram=128&batch=1":                                  "every token waits for the drive",
	"model=qwen3-235b-a22b&gpu=dgx-spark&gpus=1&ram=128&batch=1&weights=q4_k_m":             "Memory has no room for",
	"model=qwen3-30b-a3b&gpu=h100-sxm&gpus=1&host=1&cache=0&experts=copy&batch=1&cpu=0.1":   "Prefetch",
	"model=qwen3-30b-a3b&gpu=rtx4090&gpus=1&host=1&cache=0.1&batch=64&cpu=1&units=gib":      "Prefetch",
	"model=qwen3-30b-a3b&gpu=rtx4090&gpus=1&host=0.9&evict=global&prefetch=router&batch=1":  "",
	"model=qwen3-30b-a3b&gpu=rtx4090&gpus=1&host=1&cache=1&batch=1":                         "",
	"model=mixtral-8x7b&gpu=rtx3090&gpus=1&host=1&cache=0.2&batch=4&evict=lfu&refetch=0":    "",
	"model=glm-4.7-flash&gpu=h100-sxm&gpus=1&host=0.5&batch=1&draft=2&link=400&nvme=0.1":    "",
	"model=qwen3-30b-a3b&gpu=custom~like:h100-sxm~name:xx&gpus=1&host=0.5&batch=1":          "",
	"model=qwen3-30b-a3b&gpu=rtx4090&gpus=2&host=0.5&batch=16&law=power&skew=1.2&in=100000": "",
}

func TestPrefetchSection(t *testing.T) {
	for query, want := range elsewhere {
		p, r := build(t, query)
		var section Section
		for _, s := range p.Sections {
			if s.ID == "prefetch" {
				section = s
			}
		}
		finding := section.Finding.plain()
		if !strings.Contains(finding, want) || !strings.HasSuffix(finding, ".") || strings.Contains(finding+section.Prose.plain(), "NaN") || strings.Contains(section.Prose.plain(), "–") {
			t.Errorf("%q: the finding is %q, want %q in it", query, finding, want)
		}
		for _, text := range []Text{section.Finding, section.Prose} {
			for _, s := range text {
				if s.Figure == "" {
					continue
				}
				if _, err := r.Explain(s.Figure); err != nil {
					t.Errorf("%q: %v", query, err)
				}
			}
		}
		shown := 0
		for _, f := range section.Frames {
			if _, err := r.Explain(f.Derivation); err != nil {
				t.Errorf("%q, %s: %v", query, f.Chart, err)
			}
			if !f.Absent {
				shown++
			}
			if f.Absent && f.Empty == nil {
				t.Errorf("%q: %s is absent and does not say why", query, f.Chart)
			}
			for _, row := range f.Table.Rows {
				for _, cell := range row.Cells {
					if strings.Contains(cell, "NaN") || strings.Contains(cell, "Inf") {
						t.Errorf("%q: %s has a cell of %s", query, f.Chart, cell)
					}
				}
			}
			if f.Empty == nil && !f.Absent && len(f.Table.Rows) == 0 {
				t.Errorf("%q: %s has no table", query, f.Chart)
			}
		}
		if shown < 2 {
			t.Errorf("%q: only %d figures show", query, shown)
		}
	}
}

// Two presses from the default answer to a machine of one card and 128 GB: the section's link, and a model.
func TestHomeMachineIsALinkAway(t *testing.T) {
	p, _ := build(t, "")
	for _, s := range p.Sections {
		if s.ID != "prefetch" {
			continue
		}
		var links []string
		for _, span := range s.Prose {
			if span.Apply != "" {
				links = append(links, span.Apply)
			}
		}
		if len(links) != 2 {
			t.Fatalf("%d links, want one card's and one of shared memory", len(links))
		}
		for _, link := range links {
			if page, r := build(t, "model=gpt-oss-120b&"+strings.TrimPrefix(link, "model=deepseek-v3&")); r.Scenario.GPUs != 1 || !r.Memory.Fits {
				t.Errorf("%s: %s", link, page.Answer.plain())
			}
		}
	}
}

// A card that holds a part of the experts is not said to hold the model.
func TestAnswerSaysWhereExpertsAre(t *testing.T) {
	const model = "model=gpt-oss-120b&gpus=1&batch=1&gpu="
	for query, want := range map[string]string{
		model + "rtx3090&ram=128":    "of its experts in host memory, and serves 1",
		model + "rtx3090&ram=64":     "of its experts in host memory and on the drive, and serves",
		model + "dgx-spark&ram=128":  "fits on one",
		model + "h200":               "fits on one",
		model + "h100-sxm&host=0.25": "of its experts in host memory, and serves",
	} {
		p, _ := build(t, query)
		if !strings.Contains(p.Answer.plain(), want) {
			t.Errorf("%q: %s, want %q", query, p.Answer.plain(), want)
		}
	}
}

// An LRU cache is offered where it is the better one: to a single sequence, not to many.
func TestBetterCacheIsOffered(t *testing.T) {
	const machine = "model=qwen3-30b-a3b&gpu=rtx4090&gpus=1&ram=128"
	for query, want := range map[string]bool{machine + "&batch=1": true, machine + "&batch=1&evict=lru": false, machine + "&batch=32": false} {
		p, _ := build(t, query)
		for _, s := range p.Sections {
			if s.ID == "prefetch" && strings.Contains(s.Prose.plain(), "an LRU cache") != want {
				t.Errorf("%q: %s", query, s.Prose.plain())
			}
		}
	}
}
