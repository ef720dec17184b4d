package workerd

import (
	"bytes"
	"encoding/json"
	"html"
	"image/png"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"moecost/core/card"
	"moecost/core/report"
	"moecost/core/story"
)

// native is what the library says on this machine.
func native(t *testing.T, query string) (story.Page, *report.Report) {
	t.Helper()
	s, problems := report.Catalogue().Decode(query)
	r, err := report.Build(report.Question{Scenario: s, Problems: problems})
	if err != nil {
		t.Fatal(err)
	}
	return story.Opening(s, r), r
}

func TestFilesPassThrough(t *testing.T) {
	assets, err := filepath.Glob(filepath.Join(root, "dist", "assets", "*"))
	if err != nil || len(assets) == 0 {
		t.Fatalf("no assets: %v", err)
	}
	files := []string{"robots.txt"}
	for _, a := range assets {
		files = append(files, "assets/"+filepath.Base(a))
	}
	for _, file := range files {
		res := get(t, "/"+file)
		if res.StatusCode != 200 || !bytes.Equal(res.body, dist(t, file)) {
			t.Errorf("%s: got %d and %d bytes, want the file", file, res.StatusCode, len(res.body))
		}
		if strings.HasPrefix(file, "assets/") && (!strings.Contains(res.Header.Get("Cache-Control"), "immutable") || res.Header.Get("Access-Control-Allow-Origin") != "*") {
			t.Errorf("%s lacks the headers of the site: %v", file, res.Header)
		}
		if strings.HasSuffix(file, ".wasm") && res.Header.Get("Content-Type") != "application/wasm" {
			t.Errorf("%s is %q", file, res.Header.Get("Content-Type"))
		}
	}
	if res := get(t, "/no/such/file"); res.StatusCode != 404 {
		t.Errorf("/no/such/file: got %d, want 404", res.StatusCode)
	}
	if res := get(t, "/-/head"); res.StatusCode != 404 {
		t.Errorf("what the worker asks of the program is open: got %d", res.StatusCode)
	}
}

var (
	title       = regexp.MustCompile(`<title>([^<]*)</title>`)
	description = regexp.MustCompile(`<meta name="description" content="([^"]*)">`)
	property    = regexp.MustCompile(`<meta property="([^"]+)" content="([^"]*)">`)
)

// The head says what the link asks for; the rest of the page is the file, byte for byte.
func TestPreviews(t *testing.T) {
	file := string(dist(t, "index.html"))
	_, rest, _ := strings.Cut(file, "</head>")
	for _, query := range []string{"", "?model=kimi-k2&gpu=h200&gpus=8", "?batch=1&utm_source=x", "?model=llama-3.1-70b&gpus=4&units=gib"} {
		res := get(t, "/"+query)
		page, _ := native(t, strings.TrimPrefix(query, "?"))
		head, body, ok := strings.Cut(string(res.body), "</head>")
		if !ok || body != rest {
			t.Errorf("%q: the body is not that of the file", query)
		}
		for name, c := range map[string]struct {
			pattern *regexp.Regexp
			want    string
		}{"title": {title, page.Title}, "description": {description, page.Description}} {
			found := c.pattern.FindAllStringSubmatch(head, -1)
			if len(found) != 1 || html.UnescapeString(found[0][1]) != c.want {
				t.Errorf("%q: got the %s %q, want one, %q", query, name, found, c.want)
			}
		}
		tags := map[string]string{}
		for _, m := range property.FindAllStringSubmatch(head, -1) {
			if tags[m[1]] != "" {
				t.Errorf("%q: %s is there twice", query, m[1])
			}
			tags[m[1]] = html.UnescapeString(m[2])
		}
		if tags["og:title"] != page.Title || tags["og:description"] != page.Description {
			t.Errorf("%q: got %v", query, tags)
		}
		for _, once := range []string{`name="twitter:card"`, `rel="canonical"`} {
			if n := strings.Count(head, once); n != 1 {
				t.Errorf("%q: %s is there %d times", query, once, n)
			}
		}
		image := get(t, strings.TrimPrefix(tags["og:image"], address))
		if !strings.HasPrefix(tags["og:image"], address+"/card.png") || image.StatusCode != 200 || image.Header.Get("Content-Type") != "image/png" {
			t.Errorf("%q: og:image is %q, which gives %d", query, tags["og:image"], image.StatusCode)
		}
		if got := res.Header.Get("Content-Security-Policy"); !strings.Contains(got, "default-src 'none'") {
			t.Errorf("%q: the policy is %q", query, got)
		}
		link := regexp.MustCompile(`type="application/json\+oembed" href="([^"]+)"`).FindStringSubmatch(head)
		if link == nil {
			t.Fatalf("%q: no link to oEmbed", query)
		}
		var e struct{ Title string }
		found := get(t, strings.TrimPrefix(html.UnescapeString(link[1]), address))
		if err := json.Unmarshal(found.body, &e); err != nil || e.Title != page.Title {
			t.Errorf("%q: oEmbed says %q, %v", query, e.Title, err)
		}
	}
}

// Where there is nothing to say about a link, the page is the file.
func TestPagesPassThrough(t *testing.T) {
	file := dist(t, "index.html")
	for _, query := range []string{"?model=custom", "?model=no-such-model", "?gpu=nothing", "?model=gemini-1.5", "?" + strings.Repeat("x", 16000) + "=1&model=none"} {
		if res := get(t, "/"+query); res.StatusCode != 200 || !bytes.Equal(res.body, file) {
			t.Errorf("%.40q: got %d and %d bytes, want the file of %d", query, res.StatusCode, len(res.body), len(file))
		}
	}
	res, err := send(http.MethodHead, address+"/?batch=3")
	if err != nil || res.StatusCode != 200 || len(res.body) != 0 {
		t.Errorf("HEAD: got %d, %d bytes, %v", res.StatusCode, len(res.body), err)
	}
}

// A worker whose program cannot even start serves the site all the same.
func TestABrokenProgramLeavesTheSite(t *testing.T) {
	const broken = "build/edge-broken"
	at := filepath.Join(root, broken)
	if err := os.MkdirAll(at, 0o755); err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(at)
	for _, name := range []string{"worker.mjs", "wasm_exec.js", "version.mjs"} {
		text, err := os.ReadFile(filepath.Join(root, "build/edge", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(at, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	empty := []byte("\x00asm\x01\x00\x00\x00") // a module without anything
	if err := os.WriteFile(filepath.Join(at, "edge.wasm"), empty, 0o644); err != nil {
		t.Fatal(err)
	}
	other, stop, err := start(broken)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	file := dist(t, "index.html")
	for range 2 {
		res, err := send(http.MethodGet, other+"/?batch=3")
		if err != nil || res.StatusCode != 200 || !bytes.Equal(res.body, file) {
			t.Errorf("the page: got %d and %d bytes, %v", res.StatusCode, len(res.body), err)
		}
		res, err = send(http.MethodGet, other+"/api/estimate")
		if err != nil || res.StatusCode != 500 || !bytes.Contains(res.body, []byte(`"error"`)) {
			t.Errorf("estimate: got %d %s, %v", res.StatusCode, res.body, err)
		}
	}
}

// The edge computes what this machine does: counts exactly, times to a relative 1e-12.
func TestEstimates(t *testing.T) {
	for _, query := range []string{"", "model=kimi-k2&gpu=h200&gpus=16&batch=256", "model=qwen3-235b-a22b&tpot=50", "model=llama-3.1-70b&gpus=1&units=gib"} {
		res := get(t, "/api/estimate?"+query)
		if res.StatusCode != 200 || res.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%q: got %d %v", query, res.StatusCode, res.Header)
		}
		_, r := native(t, query)
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var got, want any
		if err := json.Unmarshal(res.body, &got); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		same(t, query, got, want)
	}
}

func same(t *testing.T, at string, got, want any) {
	t.Helper()
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok || len(g) != len(w) {
			t.Errorf("%s: got %v, want %v", at, got, want)
			return
		}
		for k := range w {
			same(t, at+"."+k, g[k], w[k])
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			t.Errorf("%s: got %v, want %v", at, got, want)
			return
		}
		for i := range w {
			same(t, at, g[i], w[i])
		}
	case float64:
		g, ok := got.(float64)
		if !ok || math.Abs(g-w) > 1e-12*math.Abs(w) {
			t.Errorf("%s: got %v, want %v", at, got, want)
		}
	default:
		if got != want {
			t.Errorf("%s: got %v, want %v", at, got, want)
		}
	}
}

// The card is the one that is drawn on this machine; at edges of shapes a shade may differ by rounding.
func TestCards(t *testing.T) {
	const query = "model=kimi-k2&gpu=h200&gpus=16"
	res := get(t, "/card.png?"+query+"&theme=dark")
	got, err := png.Decode(bytes.NewReader(res.body))
	if err != nil {
		t.Fatal(err)
	}
	page, _ := native(t, query)
	file, err := card.Social(page, card.Dark).PNG()
	if err != nil {
		t.Fatal(err)
	}
	want, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if got.Bounds() != want.Bounds() {
		t.Fatalf("got %v, want %v", got.Bounds(), want.Bounds())
	}
	other := 0
	for y := range got.Bounds().Dy() {
		for x := range got.Bounds().Dx() {
			a, b, c, _ := got.At(x, y).RGBA()
			d, e, f, _ := want.At(x, y).RGBA()
			if a != d || b != e || c != f {
				other++
			}
		}
	}
	if pixels := got.Bounds().Dx() * got.Bounds().Dy(); other > pixels/1000 {
		t.Errorf("%d of %d pixels differ", other, pixels)
	}
}

func TestMethods(t *testing.T) {
	for _, c := range []struct {
		method, path string
		status       int
		empty        bool
	}{
		{http.MethodHead, "/api/estimate", 200, true},
		{http.MethodOptions, "/api/estimate", 204, true},
		{http.MethodPost, "/api/estimate", 405, false},
		{http.MethodDelete, "/oembed", 405, false},
		{http.MethodGet, "/api/nothing", 404, false},
		{http.MethodGet, "/api/estimate?gpu=h100sxm", 400, false},
		{http.MethodGet, "/api/estimate?model=custom", 422, false},
		{http.MethodGet, "/oembed", 400, false},
		{http.MethodGet, "/oembed?format=xml&url=x", 501, false},
		{http.MethodGet, "/chart.svg?chart=boards", 404, false},
	} {
		res, err := send(c.method, address+c.path)
		if err != nil {
			t.Fatalf("%s %s: %v", c.method, c.path, err)
		}
		if res.StatusCode != c.status || c.empty != (len(res.body) == 0) || res.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s %s: got %d with %d bytes, want %d; %v", c.method, c.path, res.StatusCode, len(res.body), c.status, res.Header)
		}
		if !c.empty && !json.Valid(res.body) {
			t.Errorf("%s %s: got %q, want JSON", c.method, c.path, res.body)
		}
	}
}

// Spellings of one question are drawn once, and an error is drawn again.
func TestTheCache(t *testing.T) {
	status := func(path string) string { return get(t, path).Header.Get("CF-Cache-Status") }
	const path = "/card.png?batch=77&theme=dark"
	if got := status(path); got == "HIT" {
		t.Errorf("first: got %q", got)
	}
	for _, again := range []string{path, "/card.png?theme=dark&batch=77", "/card.png?batch=77&gpu=h100&theme=dark&utm_source=x"} {
		if got := status(again); got != "HIT" {
			t.Errorf("%s: got %q, want HIT", again, got)
		}
	}
	if got := status("/card.png?batch=78&theme=dark"); got == "HIT" {
		t.Errorf("another question: got %q", got)
	}
	for range 2 {
		if got := status("/card.png?gpu=nothing"); got == "HIT" {
			t.Errorf("an error was kept")
		}
	}
}
