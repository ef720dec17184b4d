package story

import (
	"strings"
	"testing"

	"moecost/core/quantity"
	"moecost/core/report"
)

// Every figure that an embed can show says something by itself, in one sentence without a gap, whose numbers open
// their arithmetic.
func TestEveryFigureHasAHeadline(t *testing.T) {
	for _, query := range append(queries, "model=qwen3-30b-a3b&gpu=rtx4090&gpus=1&ram=64&batch=8", "gpus=8", "tpot=50", "model=mixtral-8x7b&gpus=1&gpu=h200", "gpus=64&tp=1&eplb=static&spare=32") {
		page, r := build(t, query)
		seen := map[string]bool{}
		for _, s := range page.Sections {
			for i := range s.Frames {
				f := &s.Frames[i]
				seen[f.Chart] = true
				if got := SectionOf(f.Chart); got != s.ID {
					t.Errorf("%s: SectionOf gives %q, and it stands in %q", f.Chart, got, s.ID)
				}
				ask, _ := report.Catalogue().Decode(query)
				line := Headline(ask, r, f)
				text := line.plain()
				if text == "" || strings.Contains(text, "NaN") || strings.Contains(text, " "+quantity.Unknown) || strings.HasSuffix(text, ".") && f.Chart != "routing" {
					t.Errorf("%q, %s: the headline is %q", query, f.Chart, text)
				}
				for _, span := range line {
					if span.Figure == "" {
						continue
					}
					if _, err := r.Explain(span.Figure); err != nil {
						t.Errorf("%q, %s: %v", query, f.Chart, err)
					}
				}
			}
		}
		for _, c := range append(append(report.Charts[:0:0], report.Charts...), report.Tables...) {
			if !seen[c.ID] {
				t.Errorf("%q: no section has a figure %s", query, c.ID)
			}
		}
		if want := len(report.Charts) + len(report.Tables); len(seen) != want {
			t.Errorf("%q: %d figures, of which a link can name %d", query, len(seen), want)
		}
	}
}

// The numbers of headlines are those of the report, put in by hand.
func TestHeadlinesOfTheDefault(t *testing.T) {
	page, r := build(t, "")
	ask, _ := report.Catalogue().Decode("")
	mem, d := &r.Memory, r.Decode
	si := func(x float64, digits int) string { return quantity.Significant(x, digits) }
	for chart, want := range map[string]string{
		"ledger":   "DeepSeek-V3 leaves " + si(float64(mem.PerGPU.Free)/1e9, 3) + " GB of " + si(float64(mem.GPUBytes)/1e9, 3) + " GB free on each of 16 H100s",
		"coverage": "A step for 64 sequences reads " + si(d.DistinctExperts, 3) + " of 256 experts",
		"tpot":     "At batch 64, each user waits " + si(1e3*d.TPOT, 2) + " ms (",
		"batch":    "A step for 64 sequences takes " + si(1e3*d.Step, 2) + " ms (",
		"bytes":    "A step for 64 sequences reads " + si(d.TouchedBytes/1e9, 3) + " GB of weights, " + si(d.TouchedBytes/64/1e9, 3) + " GB for each of them",
		"kv":       "A sequence of 5,120 tokens keeps ",
	} {
		for _, s := range page.Sections {
			for i := range s.Frames {
				if s.Frames[i].Chart != chart {
					continue
				}
				got := strings.NewReplacer("\u00a0", " ").Replace(Headline(ask, r, &s.Frames[i]).plain())
				if !strings.HasPrefix(got, want) {
					t.Errorf("%s: got %q, want %q", chart, got, want)
				}
			}
		}
	}
}

// What an embed says of its section is what the whole page says.
func TestExcerptIsPartOfThePage(t *testing.T) {
	for _, query := range queries {
		page, r := build(t, query)
		ask, _ := report.Catalogue().Decode(query)
		for i, want := range page.Sections {
			got := Excerpt(ask, r, want.ID).Sections
			if len(got) != len(page.Sections) || got[i].Finding.plain() != want.Finding.plain() || len(got[i].Frames) != len(want.Frames) {
				t.Errorf("%q, %s: the excerpt is not the section", query, want.ID)
			}
			for k := range got {
				if k != i && got[k].ID != "" {
					t.Errorf("%q: an excerpt of %s has %s, too", query, want.ID, got[k].ID)
				}
			}
		}
	}
}
