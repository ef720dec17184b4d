package workerd

import (
	"bytes"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"moecost/core/card"
	"moecost/core/report"
)

var (
	headline = regexp.MustCompile(`<h1 id="headline" data-slot="headline">([^<]*)</h1>`)
	noscript = regexp.MustCompile(`(?s)<noscript>(.*?)</noscript>`)
	opens    = regexp.MustCompile(`<a data-open href="([^"]*)"`)
	kicker   = regexp.MustCompile(`<span data-slot="kicker">([^<]*)</span>`)
	picture  = regexp.MustCompile(`(?:src|srcset)="([^"]+)"`)
)

// An embed says what it shows before any script has run, and where none runs has its picture, if there is one.
func TestEmbedsSayWhatTheyShow(t *testing.T) {
	file := string(dist(t, "embed/index.html"))
	for _, c := range report.Charts {
		query := "model=kimi-k2&gpu=h200&gpus=16&chart=" + c.ID
		res := get(t, "/embed/?"+query)
		page, _ := native(t, query)
		text := string(res.body)
		said := func(pattern *regexp.Regexp) string {
			found := pattern.FindAllStringSubmatch(text, -1)
			if len(found) != 1 {
				t.Fatalf("%s: %d of %v", c.ID, len(found), pattern)
			}
			return html.UnescapeString(found[0][1])
		}
		if said(headline) == "" || said(title) != page.Title || said(kicker) != page.Kicker.Plain() {
			t.Errorf("%s: got %q, %q, %q", c.ID, said(headline), said(title), said(kicker))
		}
		if open, err := url.Parse(said(opens)); err != nil || open.Path != "/" || open.Query().Get("model") != "kimi-k2" || open.Query().Has("chart") || open.Fragment == "" {
			t.Errorf("%s: these numbers open at %s", c.ID, said(opens))
		}
		still := noscript.FindStringSubmatch(text)[1]
		pictures := picture.FindAllStringSubmatch(still, -1)
		if want := slices.Contains(card.ChartNames(), c.ID); want != (len(pictures) == 2) || !strings.Contains(still, "JavaScript") {
			t.Errorf("%s: without scripts there is %s", c.ID, still)
		}
		for _, p := range pictures {
			if drawn := get(t, html.UnescapeString(p[1])); drawn.StatusCode != 200 || drawn.Header.Get("Content-Type") != "image/svg+xml" {
				t.Errorf("%s: %s gives %d", c.ID, p[1], drawn.StatusCode)
			}
		}
		for _, name := range []string{"Cross-Origin-Embedder-Policy", "Cross-Origin-Resource-Policy", "Content-Security-Policy"} {
			if res.Header.Get(name) == "" {
				t.Errorf("%s lacks the header %s", c.ID, name)
			}
		}
		if res.Header.Get("X-Frame-Options") != "" || strings.Contains(res.Header.Get("Content-Security-Policy"), "frame-ancestors") {
			t.Errorf("%s may not be framed: %v", c.ID, res.Header)
		}
		if before, _, _ := strings.Cut(file, "<figure"); !strings.Contains(text, before[strings.Index(before, "</head>"):]) || strings.Count(text, "<script") != strings.Count(file, "<script") {
			t.Errorf("%s: more than words was changed", c.ID)
		}
	}
}

// Where there is nothing to say, the embed is the file.
func TestEmbedsPassThrough(t *testing.T) {
	file := dist(t, "embed/index.html")
	for _, query := range []string{"?model=custom", "?model=no-such-model&chart=tpot", "?gpu=nothing", "?" + strings.Repeat("x", 16000) + "=1&model=none"} {
		if res := get(t, "/embed/"+query); res.StatusCode != 200 || !bytes.Equal(res.body, file) {
			t.Errorf("%.40q: got %d and %d bytes, want the file of %d", query, res.StatusCode, len(res.body), len(file))
		}
	}
}

// oEmbed offers the live chart, pinned, and what it offers can be had.
func TestOEmbedGivesTheLiveChart(t *testing.T) {
	var e struct{ Type, HTML string }
	res := get(t, "/oembed?url="+url.QueryEscape(address+"/?model=kimi-k2&gpu=h200&gpus=16&chart=coverage"))
	if err := json.Unmarshal(res.body, &e); err != nil || e.Type != "rich" {
		t.Fatalf("got %s, %v", res.body, err)
	}
	src := regexp.MustCompile(`^<iframe src="([^"]+)"`).FindStringSubmatch(e.HTML)
	if src == nil {
		t.Fatalf("the frame is %s", e.HTML)
	}
	frame := html.UnescapeString(src[1])
	if !strings.HasPrefix(frame, address+"/embed/?") || !strings.Contains(frame, "chart=coverage") || !strings.Contains(frame, "tp=") {
		t.Errorf("the frame is of %s", frame)
	}
	if got := get(t, strings.TrimPrefix(frame, address)); got.StatusCode != 200 || !headline.Match(got.body) || len(headline.FindSubmatch(got.body)[1]) == 0 {
		t.Errorf("the frame gives %d, %q", got.StatusCode, headline.FindSubmatch(got.body))
	}
}

// Whatever a link holds, an embed shows it as text.
func TestEmbedsHoldNoMarkup(t *testing.T) {
	const markup = "%3C%2Fh1%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"
	plain := get(t, "/embed/?chart=coverage")
	for _, query := range []string{"chart=coverage&gpu=custom~mem:80g~bw:3t~name:" + markup, "chart=coverage&" + markup + "=1", "chart=coverage&theme=" + markup, "chart=" + markup} {
		res := get(t, "/embed/?"+query)
		if strings.Count(string(res.body), "<script") != strings.Count(string(plain.body), "<script") || strings.Contains(string(res.body), "<img src=x") {
			t.Errorf("%.60s: markup came through", query)
		}
	}
}
