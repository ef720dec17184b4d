package browser

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// audit is what Lighthouse says of the first page on a phone: a slow connection (150 ms, 1.6 Mb/s) and a processor of a quarter
// of this one's speed, both simulated from a load without them.
type audit struct {
	Categories map[string]struct{ Score float64 }
	Audits     map[string]struct {
		Score        float64
		NumericValue float64
		Details      struct{ Items json.RawMessage } // a list in most
	}
}

// lighthouse runs it, for some categories.
func lighthouse(t testing.TB, categories string) audit {
	t.Helper()
	path := os.Getenv("CHROME_PATH")
	for _, name := range chromiumNames {
		if path == "" {
			path, _ = exec.LookPath(name)
		}
	}
	file := filepath.Join(t.TempDir(), "report.json")
	command := exec.Command("node", "../../site/node_modules/lighthouse/cli/index.js", siteURL+"/", "--quiet", "--only-categories="+categories,
		"--output=json", "--output-path="+file, "--chrome-flags=--headless=new --no-sandbox --disable-gpu --host-resolver-rules='MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'")
	command.Env = append(os.Environ(), "CHROME_PATH="+path)
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("lighthouse: %v\n%s", err, out)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var a audit
	if err := json.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// requests is how many a first visit makes.
func (a audit) requests(t testing.TB) int {
	t.Helper()
	var list []json.RawMessage
	if err := json.Unmarshal(a.Audits["network-requests"].Details.Items, &list); err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// Accessibility, best practices and SEO are whole; nothing shifts; a first visit costs what it may. The times depend on what
// else the machine does, so they are measured (BenchmarkLighthouse), not tested.
func TestLighthouse(t *testing.T) {
	a := lighthouse(t, "accessibility,best-practices,seo,performance")
	for _, name := range []string{"accessibility", "best-practices", "seo"} {
		if got := a.Categories[name].Score; got != 1 {
			var faults []string
			for id, x := range a.Audits {
				if x.Score < 1 {
					faults = append(faults, id)
				}
			}
			t.Errorf("%s: got %g, want 1; look at %s", name, got, strings.Join(faults, ", "))
		}
	}
	if got := a.Audits["cumulative-layout-shift"].NumericValue; got > 0.01 {
		t.Errorf("cumulative layout shift: got %g, want at most 0.01", got)
	}
	if got := a.Audits["total-byte-weight"].NumericValue; got > 1_250_000 {
		t.Errorf("a first visit costs %.0f bytes, may cost 1,250,000", got)
	}
	if got := a.requests(t); got > 20 {
		t.Errorf("a first visit asks %d times, want at most 20", got)
	}
}

// BenchmarkLighthouse gives the medians of three runs.
func BenchmarkLighthouse(b *testing.B) {
	for b.Loop() {
		values := map[string][]float64{}
		for range 3 {
			a := lighthouse(b, "performance")
			values["score"] = append(values["score"], 100*a.Categories["performance"].Score)
			values["requests"] = append(values["requests"], float64(a.requests(b)))
			for unit, id := range map[string]string{"ms/FCP": "first-contentful-paint", "ms/LCP": "largest-contentful-paint", "ms/TBT": "total-blocking-time", "CLS": "cumulative-layout-shift", "bytes": "total-byte-weight"} {
				values[unit] = append(values[unit], a.Audits[id].NumericValue)
			}
		}
		for unit, all := range values {
			slices.Sort(all)
			b.ReportMetric(all[1], unit)
		}
	}
}
