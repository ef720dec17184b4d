package answer

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"html"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"moecost/core/report"
	"moecost/core/scenario"
)

const site = "https://example.org"

func get(t *testing.T, h *Handler, address string) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	u, err := url.Parse(site + address)
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	h.ServeHTTP(w, &http.Request{Method: http.MethodGet, URL: u, Header: http.Header{}})
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func into(t *testing.T, r *http.Response, value any) {
	t.Helper()
	if err := json.Unmarshal([]byte(body(t, r)), value); err != nil {
		t.Fatal(err)
	}
}

// The report is the library's own, as encoding/json writes it.
func TestEstimateIsTheReport(t *testing.T) {
	for _, q := range []string{"", "model=kimi-k2&gpu=h200&gpus=16&batch=256", "model=llama-3.1-70b&gpus=1&units=gib", "gpus=8&spare=x&nonsense=1"} {
		s, problems := report.Catalogue().Decode(q)
		r, err := report.Build(report.Question{Scenario: s, Problems: problems})
		if err != nil {
			t.Fatal(err)
		}
		want, _ := json.Marshal(r)
		var a, b any
		res := get(t, &Handler{}, "/api/estimate?"+q)
		if res.StatusCode != 200 || res.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%q: got %d, %v", q, res.StatusCode, res.Header)
		}
		into(t, res, &a)
		if err := json.Unmarshal(want, &b); err != nil {
			t.Fatal(err)
		}
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		if !bytes.Equal(x, y) {
			t.Errorf("%q: the answer is not the report", q)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		address string
		status  int
		field   string
		has     string
	}{
		{"/api/estimate?model=deepsek-v3", 400, "model", "Did you mean"},
		{"/api/estimate?gpu=h100sxm", 400, "gpu", "is not a known accelerator"},
		{"/api/estimate?gpu=custom~mem:80g", 400, "gpu", ""},
		{"/api/estimate?model=custom", 422, "model", "never leaves the browser"},
		{"/api/estimate?model=gemini-1.5", 422, "", ""},
		{"/api/estimate?" + strings.Repeat("a", LongestAddress+1), 414, "", "16 KB"},
		{"/card.png?model=nothing", 400, "model", ""},
		{"/chart.svg?chart=boards", 404, "chart", "ledger"},
		{"/chart.svg?chart=coverage&model=llama-3.1-70b", 404, "chart", ""},
		{"/oembed", 400, "url", "missing"},
		{"/oembed?url=%zz", 400, "url", "missing"},
		{"/oembed?url=https://elsewhere.org/", 404, "url", "not a page"},
		{"/oembed?url=" + site + "/assets/x", 404, "url", "not a page"},
		{"/oembed?url=ftp://example.org/", 404, "url", ""},
		{"/oembed?url=https://a@example.org/", 404, "url", ""},
		{"/oembed?url=https%3A%2F%2Fexample.org%5B%2F", 400, "url", "not an address"},
		{"/oembed?format=xml&url=" + site, 501, "format", "json"},
		{"/oembed?maxwidth=-1&url=" + site, 400, "maxwidth", "pixels"},
		{"/oembed?maxheight=1e9&url=" + site, 400, "maxheight", "pixels"},
		{"/oembed?url=" + url.QueryEscape(site+"/?model=custom"), 422, "model", ""},
		{"/nothing", 404, "", "/api/estimate"},
		{"/-/key/nothing", 404, "", ""},
		{"/-/key/card.png?model=x", 400, "model", ""},
	} {
		res := get(t, &Handler{}, c.address)
		var f fault
		into(t, res, &f)
		name := c.address[:min(len(c.address), 70)]
		if res.StatusCode != c.status || f.Error.Status != c.status || f.Error.Field != c.field || !strings.Contains(f.Error.Message, c.has) {
			t.Errorf("%s: got %d %+v, want %d on %q with %q", name, res.StatusCode, f.Error, c.status, c.field, c.has)
		}
		if res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: an error may be kept: %q", name, res.Header.Get("Cache-Control"))
		}
	}
}

func TestASuggestionWorks(t *testing.T) {
	var f fault
	into(t, get(t, &Handler{}, "/api/estimate?gpu=h100sxm"), &f)
	if res := get(t, &Handler{}, "/api/estimate?"+f.Error.Suggestion); f.Error.Suggestion == "" || res.StatusCode != 200 {
		t.Errorf("%q gives %d", f.Error.Suggestion, res.StatusCode)
	}
}

// A panic is an answer that says so, and the next request is answered.
func TestAFaultIsSaid(t *testing.T) {
	routes["/fault"] = func(*Handler, *http.Request) answer { panic("broken") }
	defer delete(routes, "/fault")
	var seen any
	h := &Handler{Fault: func(f any) { seen = f }}
	res := get(t, h, "/fault")
	if res.StatusCode != 500 || res.Header.Get(FaultHeader) == "" || seen != "broken" {
		t.Errorf("got %d, %q, %v", res.StatusCode, res.Header.Get(FaultHeader), seen)
	}
	if res := get(t, h, "/api/estimate"); res.StatusCode != 200 || res.Header.Get(FaultHeader) != "" {
		t.Errorf("the next request: got %d", res.StatusCode)
	}
}

// Spellings of one question share an address, and different questions do not.
func TestKeysAreCanonical(t *testing.T) {
	key := func(address string) string { return body(t, get(t, &Handler{}, "/-/key"+address)) }
	for _, same := range [][]string{
		{"/card.png", "/card.png?", "/card.png?batch=64", "/card.png?model=DeepSeek-V3&utm_source=x", "/card.png?chart=batch", "/card.png?theme=light", "/card.png?unknown=1"},
		{"/card.png?batch=8&theme=dark", "/card.png?theme=dark&batch=8", "/card.png?theme=dark&batch=8&theme=dark&gpu=h100"},
		{"/chart.svg?chart=coverage", "/chart.svg?batch=64&chart=coverage"},
	} {
		want := key(same[0])
		if want != same[0] {
			t.Errorf("%s: got the key %s", same[0], want)
		}
		for _, other := range same[1:] {
			if got := key(other); got != want {
				t.Errorf("%s: got the key %s, want %s", other, got, want)
			}
		}
	}
	if a, b := key("/card.png?batch=8"), key("/card.png?batch=9"); a == b {
		t.Errorf("two questions share the key %s", a)
	}
}

func TestPictures(t *testing.T) {
	res := get(t, &Handler{}, "/card.png?model=kimi-k2&gpu=h200&gpus=8&theme=dark")
	img, err := png.Decode(res.Body)
	if err != nil || img.Bounds().Dx() != 1200 || img.Bounds().Dy() != 630 {
		t.Errorf("card.png: got %v, %v", img, err)
	}
	if got := res.Header.Get("Content-Type"); got != "image/png" {
		t.Errorf("card.png is %q", got)
	}
	for _, q := range []string{"", "chart=coverage", "chart=ledger&theme=dark", "chart=tpot", "gpus=1"} {
		res := get(t, &Handler{}, "/chart.svg?"+q)
		if got := res.Header.Get("Content-Type"); got != "image/svg+xml" || res.StatusCode != 200 {
			t.Errorf("chart.svg?%s: %d, %q", q, res.StatusCode, got)
		}
		for d := xml.NewDecoder(res.Body); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("chart.svg?%s: %v", q, err)
			}
		}
	}
}

var content = regexp.MustCompile(`<meta (?:property|name)="([^"]+)" content="([^"]*)">`)

func TestHead(t *testing.T) {
	var h head
	into(t, get(t, &Handler{}, "/-/head?gpus=8&batch=8&utm_source=x&foo=%3Cscript%3E"), &h)
	tags := map[string]string{}
	for _, m := range content.FindAllStringSubmatch(h.Tags, -1) {
		tags[m[1]] = html.UnescapeString(m[2])
	}
	for name, want := range map[string]string{
		"og:title": h.Title, "og:description": h.Description, "og:url": site + "/?gpus=8&batch=8",
		"og:image": site + "/card.png?gpus=8&batch=8", "og:image:width": "1200", "og:image:height": "630", "twitter:card": "summary_large_image",
	} {
		if tags[name] != want {
			t.Errorf("%s: got %q, want %q", name, tags[name], want)
		}
	}
	if !strings.Contains(h.Title, "DeepSeek-V3 on 8") || !strings.Contains(h.Description, "does not fit") {
		t.Errorf("got %q, %q", h.Title, h.Description)
	}
	if strings.Contains(h.Tags, "<script") || strings.Contains(h.Tags, "foo") {
		t.Errorf("what the link holds besides is in the head: %s", h.Tags)
	}
	link := regexp.MustCompile(`href="([^"]+oembed[^"]+)"`).FindStringSubmatch(h.Tags)
	if link == nil {
		t.Fatal("no link to oEmbed")
	}
	res := get(t, &Handler{}, strings.TrimPrefix(html.UnescapeString(link[1]), site))
	if res.StatusCode != 200 {
		t.Errorf("%s gives %d", link[1], res.StatusCode)
	}
}

func TestOEmbed(t *testing.T) {
	of := url.QueryEscape(site + "/?model=kimi-k2&gpu=h200&batch=32&unknown=%22%3E%3Cscript%3E")
	var e embed
	into(t, get(t, &Handler{}, "/oembed?url="+of+"&maxwidth=600"), &e)
	if e.Version != "1.0" || e.Type != "photo" || e.Width != 600 || e.Height != 315 || e.URL != site+"/card.png?model=kimi-k2&gpu=h200&batch=32" || e.HTML != "" {
		t.Errorf("without embeds: got %+v", e)
	}
	e = embed{}
	into(t, get(t, &Handler{Embeds: true}, "/oembed?url="+of+"&maxheight=400&format=json"), &e)
	if e.Type != "rich" || e.Width != 720 || e.Height != 400 || e.URL != "" {
		t.Errorf("with embeds: got %+v", e)
	}
	src := regexp.MustCompile(`^<iframe src="([^"]+)" title="[^"]+" width="720" height="400" [^<>]*></iframe>$`).FindStringSubmatch(e.HTML)
	if src == nil {
		t.Fatalf("the frame is %s", e.HTML)
	}
	// The frame shows the same scenario, with nothing left open.
	frame, err := url.Parse(html.UnescapeString(src[1]))
	if err != nil || frame.Path != "/embed/" {
		t.Fatalf("the frame is of %v, %v", frame, err)
	}
	s, problems := report.Catalogue().Decode(frame.RawQuery)
	if len(problems) > 0 || s.Model != "kimi-k2" || s.Batch != 32 || s.GPUs == 0 || s.TP == 0 || s.EP == 0 || s.Chart == "" || s.Unknown != "" {
		t.Errorf("the frame asks for %+v, %v", s, problems)
	}
	if strings.Contains(e.HTML, "script>") {
		t.Errorf("the frame holds what the link said: %s", e.HTML)
	}
	e = embed{}
	into(t, get(t, &Handler{Embeds: true}, "/oembed?url="+url.QueryEscape(site+"/embed/?chart=kv&theme=dark")), &e)
	if !strings.Contains(e.HTML, "chart=kv&amp;theme=dark\"") {
		t.Errorf("of an embed with its colours: got %s", e.HTML)
	}
	e = embed{}
	into(t, get(t, &Handler{Embeds: true}, "/oembed?url="+of+"&maxwidth=200"), &e)
	if e.Type != "photo" || e.Width != 200 {
		t.Errorf("too narrow for a frame: got %+v", e)
	}
	e = embed{}
	into(t, get(t, &Handler{}, "/oembed?url="+url.QueryEscape(site+"/m/kimi-k2/?gpu=h200&batch=32")), &e)
	if e.URL != site+"/card.png?model=kimi-k2&gpu=h200&batch=32" {
		t.Errorf("the page of a preset: got %+v", e)
	}
	for _, path := range []string{"/m/", "/m/no-such-model/", "/n/kimi-k2/"} {
		if res := get(t, &Handler{}, "/oembed?url="+url.QueryEscape(site+path)); res.StatusCode < 400 || res.StatusCode >= 500 {
			t.Errorf("%s, which is no page: got %d", path, res.StatusCode)
		}
	}
}

// Answers do not depend on what was asked before.
func TestAnswersDoNotRemember(t *testing.T) {
	h := &Handler{}
	for i := range 3 * mostAnswers {
		q := "/api/estimate?" + []string{"batch=7", "batch=7&skew=0.5", "model=kimi-k2&batch=9", "model=mixtral-8x7b", "model=qwen3-30b-a3b&eplb=static&spare=8", "model=gpt-oss-120b", "model=llama-3.1-70b&gpus=8"}[i*i%7]
		if i%97 != 0 && i < 3*mostAnswers-7 {
			get(t, h, q)
			continue
		}
		if got, want := body(t, get(t, h, q)), body(t, get(t, &Handler{}, q)); got != want {
			t.Errorf("%s after %d others: got another answer than at first", q, i)
		}
	}
	if n := len(h.subjects.kept); n > mostSubjects {
		t.Errorf("%d subjects are kept", n)
	}
}

// Every number at 10^9, and below zero: an answer or a refusal, never a fault.
func TestExtremeNumbers(t *testing.T) {
	h := &Handler{}
	for _, value := range []string{"1000000000", "-1000000000", "NaN"} {
		all := ""
		for _, f := range scenario.Fields() {
			if f.Kind == scenario.KindChoice {
				continue
			}
			for _, path := range []string{"/api/estimate?", "/-/head?"} {
				if res := get(t, h, path+f.Key+"="+value); res.StatusCode >= 500 {
					t.Errorf("%s%s=%s: got %d", path, f.Key, value, res.StatusCode)
				}
			}
			all += "&" + f.Key + "=" + value
		}
		for path := range routes {
			if res := get(t, h, path+"?url="+site+"/?"+all[1:]); res.StatusCode >= 500 {
				t.Errorf("%s with all %s: got %d", path, value, res.StatusCode)
			}
		}
	}
}

func FuzzAnswers(f *testing.F) {
	for _, q := range []string{"", "model=kimi-k2&gpu=h200", "url=https://example.org/?batch=3&maxwidth=5", "chart=coverage&theme=dark", "gpu=custom~mem:80g~bw:3t~bf16:1p", "%zz&=&;&\x00"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		for _, path := range []string{"/api/estimate", "/-/head", "/oembed", "/-/key/card.png"} {
			w := httptest.NewRecorder()
			(&Handler{Fault: func(fault any) { t.Errorf("%s?%q: %v", path, query, fault) }}).ServeHTTP(w, &http.Request{
				Method: http.MethodGet, URL: &url.URL{Scheme: "https", Host: "example.org", Path: path, RawQuery: query}, Header: http.Header{},
			})
		}
	})
}
