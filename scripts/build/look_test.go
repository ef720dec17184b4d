package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"moecost/core/chart"
)

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile("../../site/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// The charts hold the palette as data, the page as a style sheet.
func TestChartsAndPageHaveOnePalette(t *testing.T) {
	page := map[string][2]string{}
	for _, m := range regexp.MustCompile(`--([\w-]+): light-dark\((#[0-9A-F]{6}), (#[0-9A-F]{6})\)`).FindAllStringSubmatch(read(t, "css/tokens.css"), -1) {
		page[m[1]] = [2]string{m[2], m[3]}
	}
	light, dark := chart.Light.Tokens(), chart.Dark.Tokens()
	if len(light) < 20 || len(light) != len(dark) {
		t.Fatalf("got %d light and %d dark tokens, want at least 20 of each", len(light), len(dark))
	}
	for i := range light {
		if got, want := [2]string{light[i].Colour, dark[i].Colour}, page[light[i].Name]; got != want {
			t.Errorf("%s: the charts have %v, the page has %v", light[i].Name, got, want)
		}
	}
}

// A drawing made for a height that its box does not have would be scaled.
func TestDrawingsFitTheirBoxes(t *testing.T) {
	css := read(t, "css/chart.css")
	wide, narrow, found := strings.Cut(css, "@media (max-width: 640px)")
	if !found {
		t.Fatal("chart.css has no rule for phones")
	}
	height := func(css, name string) string {
		for _, selector := range []string{`.plot[data-chart="` + name + `"]`, ".plot"} {
			if m := regexp.MustCompile(regexp.QuoteMeta(selector) + ` \{[^}]*\bheight: (\d+)px`).FindStringSubmatch(css); m != nil {
				return m[1]
			}
		}
		return "none"
	}
	for _, name := range []string{"ledger", "models", "gpus", "kv", "another"} {
		for _, b := range boxes(name) {
			in := wide
			if b.Class == "narrow" {
				in = narrow
			}
			if got, want := fmt.Sprint(b.Height), height(in, name); got != want {
				t.Errorf("%s, %s: drawn %s px high, its box is %s", name, b.Class, got, want)
			}
		}
	}
}

// The policy forbids inline styles and scripts: none may come from a template.
func TestTemplatesHaveNothingInline(t *testing.T) {
	entries, err := os.ReadDir("../../site/templates")
	if err != nil {
		t.Fatal(err)
	}
	inline := regexp.MustCompile(`\sstyle=|\son\w+=|<style|<script(?:\s[^>]*)?>[^<]`)
	for _, e := range entries {
		if found := inline.FindString(read(t, "templates/"+e.Name())); found != "" {
			t.Errorf("%s: inline %q", e.Name(), found)
		}
	}
}

// Only the lock file decides what is installed, from whatever registry is set up.
func TestLockNamesNoRegistry(t *testing.T) {
	lock := read(t, "package-lock.json")
	for _, address := range []string{`"resolved"`, "http://", "registry."} {
		for _, line := range strings.Split(lock, "\n") {
			if strings.Contains(line, address) && !strings.Contains(line, `"url"`) {
				t.Errorf("package-lock.json: %s", strings.TrimSpace(line))
				break
			}
		}
	}
}
