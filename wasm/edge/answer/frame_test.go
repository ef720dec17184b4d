package answer

import (
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"moecost/core/card"
	"moecost/core/report"
)

// Every figure says something where no script runs; those that can be drawn here have their picture, light and dark.
func TestFrames(t *testing.T) {
	sources := regexp.MustCompile(`(?:src|srcset)="([^"]+)"`)
	for _, c := range append(slices.Clone(report.Charts), report.Tables...) {
		var f frame
		into(t, get(t, &Handler{}, "/-/frame?model=kimi-k2&gpu=h200&gpus=16&utm_source=x&chart="+c.ID), &f)
		if f.Headline == "" || f.Unit == "" || !strings.HasPrefix(f.Description, f.Headline) || !strings.Contains(f.Kicker, "Kimi K2") || !strings.Contains(f.Still, "needs JavaScript") {
			t.Errorf("%s: got %+v", c.ID, f)
		}
		open, err := url.Parse(f.Open)
		if err != nil || open.Query().Get("model") != "kimi-k2" || open.Query().Has("chart") || open.Query().Has("utm_source") || open.Fragment == "" {
			t.Errorf("%s: these numbers open at %s, %v", c.ID, f.Open, err)
		}
		pictures := sources.FindAllStringSubmatch(f.Still, -1)
		if drawn := slices.Contains(card.ChartNames(), c.ID); drawn != (len(pictures) == 2) {
			t.Errorf("%s: %d pictures in %s", c.ID, len(pictures), f.Still)
		}
		for _, p := range pictures {
			if res := get(t, &Handler{}, html.UnescapeString(p[1])); res.StatusCode != 200 {
				t.Errorf("%s gives %d", p[1], res.StatusCode)
			}
		}
	}
}

func TestFramesPinColours(t *testing.T) {
	for theme, want := range map[string]int{"": 2, "theme=light&": 1, "theme=dark&": 1, "theme=blue&": 2} {
		var f frame
		into(t, get(t, &Handler{}, "/-/frame?"+theme+"control=0&chart=ledger"), &f)
		if strings.Contains(f.Still+f.Open+f.Tags, "control") {
			t.Errorf("%q: how the frame looks is in %+v", theme, f)
		}
		if n := strings.Count(f.Still, "/chart.svg"); n != want || strings.Contains(theme, "dark") != (want == 1 && strings.Contains(f.Still, "theme=dark")) {
			t.Errorf("%q: got %s", theme, f.Still)
		}
	}
}

// What somebody wrote into a link is no markup in a frame.
func TestFramesHoldNoMarkup(t *testing.T) {
	var f frame
	into(t, get(t, &Handler{}, "/-/frame?chart=coverage&gpu=custom~mem:80g~bw:3t~name:%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&foo=%22%3E%3Cscript%3E"), &f)
	for _, text := range []string{f.Still, f.Tags} {
		if strings.Contains(text, "<img src=x") || strings.Contains(text, "script>") {
			t.Errorf("got %s", text)
		}
	}
	if res := get(t, &Handler{}, "/-/frame?chart=nothing&model=none"); res.StatusCode != 400 {
		t.Errorf("a model that there is not gives %d", res.StatusCode)
	}
}
