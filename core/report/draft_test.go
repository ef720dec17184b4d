package report_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"moecost/core/report"
)

// What the section says of drafting is what reports with and without drafts say.
func TestDraftAgainstWholeReports(t *testing.T) {
	for _, query := range []string{
		"model=deepseek-v3&gpu=h200&gpus=16&batch=64", "model=qwen3-30b-a3b&gpu=h100-sxm&gpus=2&batch=16", "model=mixtral-8x7b&gpu=h200&gpus=1&batch=4&split=1",
		"model=deepseek-v3&gpu=h200&gpus=32&tp=1&ep=32&eplb=static&batch=512&measured_tpot=40", "model=llama-3.1-70b&gpu=h200&gpus=4&batch=8",
		"model=qwen3-30b-a3b&gpu=rtx4090&gpus=1&host=1&cache=0.2&in=1024&batch=1", // the CPU alone is as fast as dividing for one token, not for several
	} {
		plain := build(t, query)
		if plain.Draft == nil || plain.Draft.Speedup != 0 || plain.Draft.TokensPerStep != 0 || plain.Draft.BestSpeedup < 1 {
			t.Errorf("%s: without drafts, %+v", query, plain.Draft)
		}
		grid := plain.DraftGrid()
		for _, k := range []int{1, 3} {
			q := fmt.Sprintf("%s&draft=%d&accept=0.7", query, k)
			with, without := build(t, q), build(t, strings.ReplaceAll(q, fmt.Sprintf("draft=%d", k), "draft=0"))
			d := with.Draft
			if !strings.Contains(q, "measured") { // a measurement scales its own scenario only
				close(t, q+": speedup", d.Speedup, without.Decode.TPOT/with.Decode.TPOT)
				close(t, q+": step", d.Plain, without.Decode.Step)
			}
			close(t, q+": penalty", d.Penalty, d.Verify/d.Plain)
			close(t, q+": verification", d.Verify, with.Decode.Step-with.Decode.Parts["draft"])
			close(t, q+": tokens", d.TokensPerStep, with.Decode.TokensPerStep)
			if own := with.Decode.Parts["draft"] > 0; own != d.Own {
				t.Errorf("%s: modules %v, and their time is %g", q, d.Own, with.Decode.Parts["draft"])
			}
			if best := build(t, fmt.Sprintf("%s&draft=%d&accept=0.7", query, max(d.BestK, 1))).Draft; d.BestK > 0 && !strings.Contains(q, "measured") {
				close(t, q+": best", d.BestSpeedup, best.Speedup)
			}
			for _, edge := range []struct {
				batch int64
				gains bool
			}{{d.From, true}, {d.From - 1, false}, {d.Loss - 1, true}, {d.Loss, false}} {
				if edge.batch < 1 {
					continue
				}
				at := build(t, strings.Split(query, "&batch")[0]+fmt.Sprintf("&batch=%d&draft=%d&accept=0.7", edge.batch, k)+tail(query))
				if at.Draft != nil && (at.Draft.Speedup > 1) != edge.gains {
					t.Errorf("%s: at batch %d the speedup is %g, want a gain: %v", q, edge.batch, at.Draft.Speedup, edge.gains)
				}
			}
		}
		if grid == nil || len(grid.Rows) != 8 {
			t.Fatalf("%s: no grid", query)
		}
		for _, p := range []report.DraftPoint{grid.Rows[1][3], grid.Rows[3][5]} {
			with := build(t, strings.Split(query, "&batch")[0]+fmt.Sprintf("&batch=%d&draft=%d", p.Batch, p.Tokens)+tail(query))
			if with.Draft != nil && !strings.Contains(query, "measured") {
				close(t, query+": grid", p.Speedup, with.Draft.Speedup)
			}
		}
	}
}

// tail is what follows the batch in a query.
func tail(query string) string {
	_, rest, _ := strings.Cut(query, "&batch=")
	if _, after, ok := strings.Cut(rest, "&"); ok {
		return "&" + after
	}
	return ""
}

func close(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9*math.Abs(want)) {
		t.Errorf("%s: got %g, want %g", what, got, want)
	}
}

// A loss says so and names what would gain; drafts nobody can make are named.
func TestDraftWarnings(t *testing.T) {
	for _, c := range []struct{ query, id, apply string }{
		{"model=mixtral-8x7b&gpu=h200&gpus=1&batch=1&draft=4&accept=0.1", "draft.loss", "draft=0"},
		{"model=qwen3-30b-a3b&gpu=h100-sxm&gpus=2&batch=3&draft=16&accept=0.3", "draft.loss", "draft="},
		{"model=mixtral-8x7b&gpu=h200&gpus=1&batch=1&draft=2", "model.draft", "draft=0"},
		{"model=deepseek-v3&gpu=h200&gpus=8&batch=1&draft=2", "", ""},
	} {
		found := false
		for _, w := range build(t, c.query).Warnings {
			if w.ID == "draft.loss" && c.id == "" {
				t.Errorf("%s: %s", c.query, w.Text)
			}
			if w.ID == c.id {
				found = true
				if !strings.HasPrefix(w.Apply, c.apply) {
					t.Errorf("%s: the way out is %q, want %q", c.query, w.Apply, c.apply)
				}
			}
		}
		if !found && c.id != "" {
			t.Errorf("%s: no warning %s", c.query, c.id)
		}
	}
}
