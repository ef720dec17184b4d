package main

import (
	"encoding/xml"
	"html/template"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"moecost/core/arch/preset"
	"moecost/core/scenario"
)

// Every preset has a row with its sizes, on a page that is in its place. Counts are held to published ones elsewhere.
func TestListing(t *testing.T) {
	t.Setenv("SITE_URL", "https://example.org/")
	o := testOutput(t)
	templates := testTemplates(t)
	var pages []presetPage
	for _, p := range preset.All() {
		page := presetPage{Preset: p, Origin: origin()}
		if p.Kind != preset.Closed {
			ask := scenario.Default()
			ask.Model = p.ID
			var err error
			if page.answer, err = newAnswer(ask, false); err != nil {
				t.Fatalf("%s: %v", p.ID, err)
			}
			row := newListRow(page)
			for what, cell := range map[string]string{"resident": row.Resident, "active": row.Active, "weights": row.Weights, "GPUs": row.GPUs} {
				if cell == "" || strings.HasPrefix(cell, "0") {
					t.Errorf("%s: %s: got %q", p.ID, what, cell)
				}
			}
		}
		pages = append(pages, page)
	}
	if err := o.listing(templates, pages); err != nil {
		t.Fatal(err)
	}
	html := wrote(t, o, "/m/index.html")
	for _, p := range pages {
		if !strings.Contains(html, `<a href="`+p.Path()+`">`) {
			t.Errorf("the list does not lead to %s", p.Path())
		}
	}
	for _, want := range []string{">671\u00a0B</td><td class=\"r\">37.6\u00a0B<", `<link rel="canonical" href="https://example.org/m/">`, "closed"} {
		if !strings.Contains(html, want) {
			t.Errorf("the list has no %s", want)
		}
	}

	var set struct {
		Locations []struct {
			Address string `xml:"loc"`
		} `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 url"`
	}
	if err := xml.Unmarshal([]byte(wrote(t, o, "/sitemap.xml")), &set); err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, l := range set.Locations {
		listed[l.Address] = true
	}
	if len(listed) != len(set.Locations) {
		t.Errorf("the sitemap lists %d pages %d times", len(listed), len(set.Locations))
	}
	for _, path := range []string{"/", "/m/", "/compare/"} {
		if !listed["https://example.org"+path] {
			t.Errorf("the sitemap lacks %s", path)
		}
	}
	for _, p := range pages {
		if !listed["https://example.org"+p.Path()] {
			t.Errorf("the sitemap lacks %s", p.Path())
		}
	}
}

// A name is text wherever it stands.
func TestNamesAreText(t *testing.T) {
	const evil = `</title><script>alert(1)</script>"'&`
	o := testOutput(t)
	p := presetPage{Preset: preset.Preset{ID: "x", Name: evil, Organisation: evil, Notes: evil, Source: evil, Kind: preset.Closed, Aliases: []string{"y"}}, Origin: "https://example.org"}
	if err := o.preset(nil, testTemplates(t), &p, true); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/m/x/index.html", "/m/y/index.html"} {
		if html := wrote(t, o, path); strings.Contains(html, "<script>alert") || !strings.Contains(html, "&lt;script&gt;") {
			t.Errorf("%s: the name is not text: %s", path, html)
		}
	}
	if html := wrote(t, o, "/m/y/index.html"); !strings.Contains(html, `content="0; url=/m/x/"`) || !strings.Contains(html, `href="https://example.org/m/x/"`) {
		t.Errorf("the alias does not lead on: %s", html)
	}
}

func TestSitemapEscapes(t *testing.T) {
	got, err := sitemap("https://example.org", []string{"/m/a&b/"})
	if err != nil {
		t.Fatal(err)
	}
	if want := "<loc>https://example.org/m/a&amp;b/</loc>"; !strings.Contains(string(got), want) {
		t.Errorf("got %s, want %s in it", got, want)
	}
}

func TestOrigin(t *testing.T) {
	for _, name := range []string{"NETLIFY", "DEPLOY_PRIME_URL", "URL", "SITE_URL"} {
		t.Setenv(name, "")
	}
	if got := origin(); got != "" {
		t.Errorf("told nothing: got %q", got)
	}
	t.Setenv("URL", "https://elsewhere.org") // many programs set it: only Netlify's counts
	t.Setenv("SITE_URL", "https://example.org/")
	if got, want := origin(), "https://example.org"; got != want {
		t.Errorf("told by SITE_URL: got %q, want %q", got, want)
	}
	t.Setenv("NETLIFY", "true")
	t.Setenv("DEPLOY_PRIME_URL", "https://preview.example.net")
	if got, want := origin(), "https://preview.example.net"; got != want {
		t.Errorf("on Netlify: got %q, want %q", got, want)
	}
}

// An id that is a path would write elsewhere; two that are equal would write twice.
func TestPathsOfPresets(t *testing.T) {
	seen := map[string]string{}
	for _, p := range preset.All() {
		for _, id := range append([]string{p.ID}, p.Aliases...) {
			if strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" || strings.HasPrefix(id, ".") {
				t.Errorf("%s: %q is no name of a directory", p.ID, id)
			}
			if other, ok := seen[id]; ok {
				t.Errorf("%s and %s are both at %s", p.ID, other, presetPath(id))
			}
			seen[id] = p.ID
		}
	}
}

func testOutput(t *testing.T) *output {
	return &output{directory: t.TempDir(), assets: map[string]string{}}
}

// testTemplates are the site's, with addresses for assets that were not built.
func testTemplates(t *testing.T) *template.Template {
	t.Helper()
	t.Chdir("../..")
	templates, err := (&output{}).templates()
	if err != nil {
		t.Fatal(err)
	}
	address := func(name string) string { return "/assets/" + name }
	return templates.Funcs(template.FuncMap{"asset": address, "integrity": address})
}

func wrote(t *testing.T, o *output, address string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(o.directory, address))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// A drawing does not depend on what its process drew before: two builds give the same bytes.
func TestDrawersDoNotRemember(t *testing.T) {
	t.Chdir("../..")
	a, err := newAnswer(scenario.Default(), false)
	if err != nil {
		t.Fatal(err)
	}
	drawn := map[string]string{}
	for range 2 {
		d, err := newDrawers()
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"coverage", "gpus", "coverage"} {
			a.drawings = nil
			svg, err := a.draw(d, name, box{"", 496, 380})
			if err != nil {
				t.Fatal(err)
			}
			if before, ok := drawn[name]; ok && before != svg {
				t.Errorf("%s: drawn again, it is another drawing", name)
			}
			drawn[name] = svg
		}
		if err := d.close(); err != nil {
			t.Error(err)
		}
	}
}
