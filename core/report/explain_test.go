package report

import "testing"

// Values and explanations are two tables, so that a program can be linked without the second.
func TestEveryFigureHasOneExplanation(t *testing.T) {
	explained := map[string]int{}
	for _, section := range explanations() {
		for _, e := range section() {
			explained[e.id]++
			if find(e.id) == nil {
				t.Errorf("%s is explained, and no figure has that id", e.id)
			}
			if e.of == nil {
				t.Errorf("%s has an explanation that is nil", e.id)
			}
		}
	}
	seen := map[string]bool{}
	for _, e := range entries {
		if seen[e.id] {
			t.Errorf("%s stands twice in the table of figures", e.id)
		}
		seen[e.id] = true
		if n := explained[e.id]; n != 1 {
			t.Errorf("%s has %d explanations, want 1", e.id, n)
		}
	}
	if len(entries) < 200 {
		t.Errorf("%d figures: is the table whole?", len(entries))
	}
}
