package report

import (
	"strings"
	"testing"
)

// A layout that engines refuse must not make the load look as if nothing held it.
func TestRefusedLayoutLeavesTheFewestGPUs(t *testing.T) {
	build := func(query string) *Report {
		t.Helper()
		s, problems := Catalogue().Decode(query)
		r, err := Build(Question{Scenario: s, Problems: problems})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	free, refused := build(""), build("tp=7")
	if refused.Memory.MinGPUs != free.Memory.MinGPUs || refused.Memory.MinGPUsEngine != free.Memory.MinGPUsEngine {
		t.Errorf("with tp=7, got %d and %d GPUs, want %d and %d as without", refused.Memory.MinGPUs, refused.Memory.MinGPUsEngine, free.Memory.MinGPUs, free.Memory.MinGPUsEngine)
	}
	found := false
	for _, w := range refused.Warnings {
		found = found || w.ID == "layout" && strings.Contains(w.Text, "tp 7") && strings.Contains(w.Text, "128")
	}
	if !found {
		t.Errorf("no warning names tp 7 and the 128 heads: %+v", refused.Warnings)
	}
	if pinned := build("tp=4"); pinned.Memory.MinGPUsEngine == 0 || pinned.Scenario.TP != 4 {
		t.Errorf("with tp=4, got TP %d on %d GPUs, want TP 4", pinned.Scenario.TP, pinned.Memory.MinGPUsEngine)
	}
}
