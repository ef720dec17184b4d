package story

import (
	"strings"
	"testing"

	"moecost/core/report"
)

// What was measured stands beside what is predicted, and can be taken away.
func TestSeenHint(t *testing.T) {
	s, _ := report.Catalogue().Decode("model=deepseek-v3&gpu=h200&gpus=8&seen=16:20.5~64:31.5:900")
	r, err := report.Build(report.Question{Scenario: s})
	if err != nil {
		t.Fatal(err)
	}
	hint := Build(s, r).Form.Hints["measured"]
	for _, want := range []string{"16\u00a0users 20.5\u00a0ms;", "64\u00a0users to the first token 900\u00a0ms;"} {
		if !strings.Contains(hint.plain(), want) {
			t.Errorf("got %q, want %q in it", hint.plain(), want)
		}
	}
	if last := hint[len(hint)-1]; last.Apply != "gpu=h200&gpus=8" {
		t.Errorf("taking them away leads to %q", last.Apply)
	}
}
