package story

import (
	"reflect"
	"strings"
	"testing"

	"moecost/core/report"
)

// simulate builds a page of a report whose tail has been simulated.
func simulate(t *testing.T, query string) (Page, *report.Report) {
	t.Helper()
	s, problems := report.Catalogue().Decode(query)
	r, err := report.Build(report.Question{Scenario: s, Problems: problems})
	if err != nil {
		t.Fatalf("for %q: %v", query, err)
	}
	r.Simulate(true)
	return Build(s, r), r
}

func section(t *testing.T, p Page, id string) Section {
	t.Helper()
	for _, s := range p.Sections {
		if s.ID == id {
			return s
		}
	}
	t.Fatalf("no section %q", id)
	return Section{}
}

// TestTailSaysWhatWasSimulated: each finding is true of its scenario, and every number of the section opens its arithmetic.
func TestTailSaysWhatWasSimulated(t *testing.T) {
	for query, want := range map[string]string{
		"":                                   "because of the prompts of others",
		"split=1":                            "longer than the median",
		"rate=200":                           "More requests come than can be served",
		"model=llama-3.1-70b&gpus=4":         "because of the prompts of others",
		"model=mixtral-8x7b&gpus=1&in=99999": "no step can be timed",
		"model=mixtral-8x7b&gpus=1&host=0.8": "experts off the GPUs",
		"without=routing,batch,domain,prefill,moves,speed": "hardly differ",
	} {
		p, r := simulate(t, query)
		s := section(t, p, "tail")
		if got := strings.ReplaceAll(s.Finding.plain(), "\u00a0", " "); !strings.Contains(got, want) {
			t.Errorf("for %q: got %q, want %q in it", query, got, want)
		}
		for _, text := range []Text{s.Finding, s.Prose} {
			words := text.plain()
			for _, bad := range []string{"NaN", "Inf", "  ", " .", "..", ",,"} {
				if strings.Contains(words, bad) {
					t.Errorf("for %q: %q holds %q", query, words, bad)
				}
			}
			if !strings.HasSuffix(words, ".") && words != "" {
				t.Errorf("for %q: %q does not end", query, words)
			}
			for _, span := range text {
				if span.Figure != "" {
					if _, err := r.Explain(span.Figure); err != nil {
						t.Errorf("for %q: %v", query, err)
					}
				}
			}
		}
		for _, f := range s.Frames {
			if _, err := r.Explain(f.Derivation); err != nil {
				t.Errorf("for %q, %s: %v", query, f.Chart, err)
			}
			if (r.Tail == nil) != (f.Run == "") || f.Pending {
				t.Errorf("for %q, %s: run %q, pending %v", query, f.Chart, f.Run, f.Pending)
			}
		}
	}
}

// TestTailWaitsForItsSimulation: before it, the section says so and has no number that could be taken for a result.
func TestTailWaitsForItsSimulation(t *testing.T) {
	p, _ := build(t, "batch=48")
	s := section(t, p, "tail")
	if text := s.Finding.plain() + s.Prose.plain(); strings.ContainsAny(text, "0123456789") {
		t.Errorf("before the simulation: %q", text)
	}
	for _, f := range s.Frames {
		if !f.Pending || f.Empty == nil && !f.TableOnly {
			t.Errorf("%s: pending %v, empty %v", f.Chart, f.Pending, f.Empty)
		}
	}
}

func TestRunLine(t *testing.T) {
	done := Frame{Run: "2,000 steps, seed 1."}
	for want, c := range map[string]struct {
		run      Run
		previous bool
	}{
		"2,000 steps, seed 1.":                                   {Run{State: RunDone}, false},
		"From the previous run. ":                                {Run{State: RunWaiting}, true},
		"From the previous run. Simulating, 3 of 9 steps drawn.": {Run{State: RunUnder, Shown: true, Done: 3, Total: 9}, true},
		"Stopped at 3 of 9 steps drawn.":                         {Run{State: RunStopped, Done: 3, Total: 9}, false},
		"The simulation failed: lost.":                           {Run{State: RunFailed, Reason: "lost"}, false},
	} {
		if got := c.run.Line(done, c.previous).plain(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestRefine: what is said anew of a refined simulation is what is said of the whole page.
func TestRefine(t *testing.T) {
	for _, query := range []string{"", "model=mixtral-8x7b&gpus=2&tpot=5", "model=mixtral-8x7b&gpus=1&host=0.8"} {
		before, r := build(t, query)
		r.Simulate(true)
		s, _ := report.Catalogue().Decode(query)
		whole := Build(s, r)
		refined := Refine(&before, s, r)
		if want := section(t, whole, "tail"); !reflect.DeepEqual(*refined, want) || !reflect.DeepEqual(before, whole) {
			t.Errorf("for %q: got %+v, want %+v", query, *refined, want)
		}
	}
}
