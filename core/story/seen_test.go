package story

import (
	"encoding/csv"
	"os"
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

// The rows are what the table of measurements reads: its own head, and as many cells.
func TestSeenRows(t *testing.T) {
	s, _ := report.Catalogue().Decode("model=deepseek-v3&gpu=h200&gpus=8&seen=16:20.5~64:31.5:900")
	r, err := report.Build(report.Question{Scenario: s})
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(readMeasurements(t), "\r\n")
	rows, err := csv.NewReader(strings.NewReader(SeenRows(r))).ReadAll()
	if err != nil || len(rows) != 4 || strings.Join(rows[0], ",") != head {
		t.Fatalf("got %q, %v, want the head of serving.csv and three rows", rows, err)
	}
	if got := strings.Join(rows[3], "|"); !strings.HasPrefix(got, "own-deepseek-v3-h200-x8-b64-i4096-o1024-ttft|DeepSeek-V3|") || !strings.Contains(got, "|64|4096|1024|ttft|900|ms|") {
		t.Errorf("got %s", got)
	}
}

func readMeasurements(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../assets/measurements/serving.csv")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
