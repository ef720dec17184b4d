package story

import (
	"reflect"
	"strings"
	"testing"

	"moecost/core/arch/preset"
	"moecost/core/report"
)

func build(t *testing.T, query string) (Page, *report.Report) {
	t.Helper()
	s, problems := report.Catalogue().Decode(query)
	r, err := report.Build(report.Question{Scenario: s, Problems: problems})
	if err != nil {
		t.Fatalf("for %q: %v", query, err)
	}
	return Build(s, r), r
}

// texts are all sentences of a page, with their places.
func texts(p Page) map[string]Text {
	out := map[string]Text{"kicker": p.Kicker, "answer": p.Answer, "second": p.Second, "foot": p.Foot, "board": p.Board.Caption}
	for _, c := range p.Strip {
		out["strip "+c.Label] = Text{c.Value}
	}
	for _, s := range p.Sections {
		out[s.ID+".finding"], out[s.ID+".prose"] = s.Finding, s.Prose
		for _, f := range s.Frames {
			out[f.Chart+".source"] = f.Source
		}
	}
	for _, n := range p.Notices {
		out["notice at "+n.At] = append(n.Fact, n.WayOut...)
	}
	for key, hint := range p.Form.Hints {
		out["hint "+key] = hint
	}
	return out
}

var queries = []string{
	"", "model=kimi-k2&gpu=h200&gpus=8", "model=llama-3.1-70b&gpus=1&units=gib", "model=qwen3-next-80b-a3b",
	"model=gpt-oss-120b&gpus=1&batch=512", "gpu=h100sxm&batch=1e12&tp=7", "model=deepseek-v3&gpu=rtx3090&gpus=1",
}

// Every number that can be pressed opens its arithmetic.
func TestEveryFigureOfThePageHasADerivation(t *testing.T) {
	check := func(query string) {
		p, r := build(t, query)
		for place, text := range texts(p) {
			for _, s := range text {
				if s.Figure == "" {
					continue
				}
				if _, err := r.Explain(s.Figure); err != nil {
					t.Errorf("%q, %s: %v", query, place, err)
				}
			}
		}
		for _, section := range p.Sections {
			for _, f := range section.Frames {
				if section.ID == "accuracy" && f.Derivation == "" {
					continue // measurements and errors are data, not figures of this report
				}
				if _, err := r.Explain(f.Derivation); err != nil {
					t.Errorf("%q, %s: %v", query, f.Chart, err)
				}
			}
		}
	}
	for _, q := range queries {
		check(q)
	}
	for _, p := range preset.All() {
		if p.Kind != preset.Closed {
			check("model=" + p.ID)
		}
	}
}

// Sentences are finished: no empty figure, no double space, no NaN, a full stop.
func TestSentencesAreWhole(t *testing.T) {
	for _, p := range preset.All() {
		if p.Kind == preset.Closed {
			continue
		}
		for _, rest := range []string{"", "&gpus=1&gpu=rtx4090", "&gpus=64&batch=4096&units=gib"} {
			q := "model=" + p.ID + rest
			page, _ := build(t, q)
			for place, text := range texts(page) {
				for _, s := range text {
					if s.Figure != "" && s.Text == "" {
						t.Errorf("%q, %s: a figure without text", q, place)
					}
				}
				words := text.plain()
				for _, bad := range []string{"NaN", "Inf", "  ", "%!", "<nil>", " ."} {
					if strings.Contains(words, bad) {
						t.Errorf("%q, %s: %q holds %q", q, place, words, bad)
					}
				}
			}
			for _, place := range []string{"answer", "second", "memory.finding", "memory.prose"} {
				if words := texts(page)[place].plain(); !strings.HasSuffix(words, ".") {
					t.Errorf("%q, %s: %q does not end", q, place, words)
				}
			}
		}
	}
}

func TestAnswerSaysWhatTheReportSays(t *testing.T) {
	check := func(query, want string) {
		t.Helper()
		p, _ := build(t, query)
		if got := strings.ReplaceAll(p.Answer.plain(), "\u00a0", " "); !strings.Contains(got, want) {
			t.Errorf("for %q, got %q, want %q in it", query, got, want)
		}
	}
	check("", "DeepSeek-V3 fits on 16 H100s with")
	// 671 B of FP8 weights are more than 8 x 85.5 GB less what an engine keeps.
	check("gpus=8", "DeepSeek-V3 does not fit on 8 H100s")
	check("gpus=8", "16 would do.")
	check("model=llama-3.1-8b&gpu=rtx4090&gpus=1&batch=1", "Llama 3.1 8B fits on one GeForce RTX 4090 with")
}

// 256 routed experts of 58 layers of 3 x 7168 x 2048 weights are 653.9 of 671.0
// billion: 97 %; 8 of 256 are 3.1 %.
func TestFindingOfDeepSeek(t *testing.T) {
	p, _ := build(t, "")
	want := "Routed experts are 97 % of the weights, and a token uses 3.1 % of them."
	if got := strings.ReplaceAll(p.Sections[0].Finding.plain(), "\u202f", " "); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDenseModelsHaveNoBoard(t *testing.T) {
	p, _ := build(t, "model=llama-3.1-70b")
	if p.Board.Resident != 0 || len(p.Strip) != 8 {
		t.Errorf("got a board of %d and a strip of %d, want none and 8", p.Board.Resident, len(p.Strip))
	}
	if _, ok := p.Form.Fields["skew"]; ok {
		t.Error("a dense model has a control for expert skew")
	}
}

// The account is a ledger: its lines add up to its subtotals and total, as printed.
func TestAccountAddsUp(t *testing.T) {
	for _, q := range queries {
		_, r := build(t, q)
		p, m := r.Memory.PerGPU, r.Memory
		if p.Weights() != m.PerGPUWeightsBytes {
			t.Errorf("%q: weights are %d, the account says %d", q, p.Weights(), m.PerGPUWeightsBytes)
		}
		if p.Used()+p.Free != m.GPUBytes || p.Used() != m.PerGPUUsedBytes {
			t.Errorf("%q: used %d and free %d are not %d", q, p.Used(), p.Free, m.GPUBytes)
		}
	}
}

func TestBadKeysAreNoticesAtTheAnswer(t *testing.T) {
	p, _ := build(t, "gpu=h100sxm&batch=many&weights=fp3")
	n := 0
	for _, notice := range p.Notices {
		if notice.Kind == NoticeError && notice.At == "answer" {
			n++
		}
	}
	if n != 3 {
		t.Errorf("got %d notices at the answer, want 3", n)
	}
}

// A name from a link is text: nothing in story makes markup of it.
func TestNamesStayText(t *testing.T) {
	p, _ := build(t, "gpu=custom~like:h100-sxm~name:xx&model=deepseek-v3")
	if strings.ContainsAny(p.Kicker.plain()+p.Answer.plain(), "<>") {
		t.Error("markup in a sentence")
	}
}

func TestCardsAreNamedAsPeopleDo(t *testing.T) {
	for _, c := range []struct {
		n          int
		name, want string
	}{
		{16, "H100 SXM", "16\u00a0H100s"}, {1, "H100 SXM", "one\u00a0H100"}, {2, "GeForce RTX 4090", "2\u00a0GeForce RTX 4090s"},
		{72, "GB200 NVL72 (per GPU)", "72\u00a0GB200 NVL72s"},
	} {
		if got := cards(c.n, c.name); got != c.want {
			t.Errorf("for %d x %s, got %q, want %q", c.n, c.name, got, c.want)
		}
	}
}

func TestWeightsChangeWordsWhereTheyPrint(t *testing.T) {
	for _, c := range []struct {
		n    float64
		want string
	}{{999.4e6, "999 million"}, {999.6e6, "1.00 billion"}, {37.552e9, "37.6 billion"}, {1.026e12, "1.03 trillion"}, {512, "512"}} {
		if got := strings.ReplaceAll(weights(c.n), "\u00a0", " "); got != c.want {
			t.Errorf("for %g, got %q, want %q", c.n, got, c.want)
		}
	}
}

func TestAddressesOfSources(t *testing.T) {
	for _, c := range []struct{ cell, href, short string }{
		{"https://github.com/a/b", "https://github.com/a/b", "github.com/a/b"},
		{"https://x.example/1 ; https://y.example", "https://x.example/1", "x.example/1"},
		{"javascript:alert(1)", "", "javascript:alert(1)"},
		{"vLLM", "", "vLLM"},
	} {
		if href, short := Address(c.cell); href != c.href || short != c.short {
			t.Errorf("for %q, got %q and %q, want %q and %q", c.cell, href, short, c.href, c.short)
		}
	}
}

// The objective is repeated as it was typed, and its batch is the report's.
func TestTheObjectiveIsRepeated(t *testing.T) {
	p, r := build(t, "tpot=50")
	for _, f := range p.Sections[2].Frames {
		if f.Chart == "tpot" && !strings.Contains(strings.ReplaceAll(f.Title, "\u00a0", " "), "50 ms holds up to batch") {
			t.Errorf("got %q with best batch %d", f.Title, r.Decode.BestBatch)
		}
	}
}

// A suggestion that leads to the default answer is a link all the same.
func TestTheWayToTheDefaultsIsALink(t *testing.T) {
	p, _ := build(t, "model=llama-3.1-70b")
	for _, s := range p.Sections[1].Frames[0].Empty {
		if s.Apply == "model=deepseek-v3" {
			return
		}
	}
	t.Errorf("got %+v, want a link to DeepSeek-V3", p.Sections[1].Frames[0].Empty)
}

// The switch changes the word of every column of bytes.
func TestUnitsReachEveryTable(t *testing.T) {
	for query, foreign := range map[string]string{"units=gib": "GB", "": "GiB"} {
		p, _ := build(t, query)
		for _, section := range p.Sections {
			for _, f := range section.Frames {
				for _, c := range f.Table.Columns {
					if c.Unit == foreign {
						t.Errorf("%q: %s has a column in %s", query, f.Chart, c.Unit)
					}
				}
			}
		}
	}
}

// Sections can be said one by one, by the ids of their elements; what is not said anew stays.
func TestRebuild(t *testing.T) {
	page, _ := build(t, "gpus=16")
	want, second := build(t, "gpus=16&batch=256&skew=0.5")
	ask, _ := report.Catalogue().Decode("gpus=16&batch=256&skew=0.5")
	for i := range page.Sections {
		id := page.Sections[i].ID
		got := Rebuild(ask, second, page.Sections, func(section string) bool { return section == id })
		for j := range got.Sections {
			from := &page.Sections[j]
			if i == j {
				from = &want.Sections[j]
			}
			if !reflect.DeepEqual(got.Sections[j], *from) {
				t.Errorf("with %s said anew, %s is not as expected", id, got.Sections[j].ID)
			}
		}
		kept := Rebuild(ask, second, page.Sections, func(string) bool { return false })
		if section := Resay(&kept, ask, second, id); section == nil || !reflect.DeepEqual(*section, want.Sections[i]) || !reflect.DeepEqual(kept.Sections[i], want.Sections[i]) {
			t.Errorf("%s said alone is not as expected", id)
		}
	}
}
