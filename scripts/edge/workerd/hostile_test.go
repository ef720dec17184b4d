package workerd

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"moecost/core/scenario"
)

// hostile is what somebody might write where a name or a number belongs: markup, scripts, formulas of
// spreadsheets, Markdown, entities, and what readers of text stumble over.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'onmouseover='alert(1)`, `</title><svg onload=alert(1)>`, `--><script>`,
	`=HYPERLINK("https://example.org","x")`, `+cmd|' /C calc'!A0`, `@SUM(1+1)`, "-2+3",
	`[x](javascript:alert(1))`, `![x](https://example.org/x.png)`, "`code`", `&lt;script&gt;`, `%3Cscript%3E`,
	`<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>`, `]]>`, "\x00\x1b[31m", "\u202egpj.exe", "🧠模型", `{{.}}`, `${alert(1)}`, `%zz`, `javascript:alert(1)`, `__proto__`, `constructor`, `](x) ![y](z`, "=1\t2", strings.Repeat("A", 9000), `../../etc/passwd`, "a\r\nSet-Cookie: x=1",
}

// harmless checks that an answer holds no markup of the request.
func harmless(t *testing.T, path string, res response) {
	t.Helper()
	short := path[:min(len(path), 90)]
	if res.StatusCode >= 500 && res.StatusCode != 501 {
		t.Errorf("%s: got %d: %.200s", short, res.StatusCode, res.body)
	}
	if res.Header.Get("Set-Cookie") != "" {
		t.Errorf("%s: a header of the request's making", short)
	}
	kind := res.Header.Get("Content-Type")
	switch {
	case strings.HasPrefix(kind, "text/html"):
		head, _, _ := bytes.Cut(res.body, []byte("</head>"))
		for _, bad := range []string{"alert(", "onerror", "onload", "<svg", "javascript:", "HYPERLINK"} {
			if bytes.Contains(head, []byte(bad)) {
				t.Errorf("%s: the head holds %q", short, bad)
			}
		}
	case strings.HasPrefix(kind, "application/json"):
		if !json.Valid(res.body) {
			t.Errorf("%s: not JSON: %.200q", short, res.body)
		}
		if res.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: JSON that may be taken for HTML", short)
		}
		var embed struct{ HTML, URL string }
		if err := json.Unmarshal(res.body, &embed); err == nil && embed.HTML != "" {
			oneFrame(t, short, embed.HTML)
		}
	case strings.HasPrefix(kind, "image/svg"):
		for d := xml.NewDecoder(bytes.NewReader(res.body)); ; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Errorf("%s: %v", short, err)
				break
			}
			if e, ok := token.(xml.StartElement); ok && (e.Name.Local == "script" || e.Name.Local == "foreignObject" || e.Name.Local == "image" || e.Name.Local == "a") {
				t.Errorf("%s: holds an element %q", short, e.Name.Local)
			}
		}
	}
}

// oneFrame checks that the HTML of an oEmbed answer is a frame of this site and nothing else.
func oneFrame(t *testing.T, of, html string) {
	t.Helper()
	frames := 0
	for d := xml.NewDecoder(strings.NewReader(html)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Errorf("%s: the frame's HTML: %v in %.200s", of, err, html)
			break
		}
		switch e := token.(type) {
		case xml.CharData:
			if strings.TrimSpace(string(e)) != "" {
				t.Errorf("%s: there is text around the frame: %.100q", of, e)
			}
		case xml.StartElement:
			frames++
			for _, a := range e.Attr {
				if a.Name.Local == "src" && !strings.HasPrefix(a.Value, address+"/embed/?") {
					t.Errorf("%s: the frame shows %.100s", of, a.Value)
				}
				if !strings.Contains(" src title width height loading sandbox style name class ", " "+a.Name.Local+" ") {
					t.Errorf("%s: the frame has an attribute %s", of, a.Name.Local)
				}
			}
			if e.Name.Local != "iframe" {
				t.Errorf("%s: beside the frame stands %s", of, e.Name.Local)
			}
		}
	}
	if frames != 1 {
		t.Errorf("%s: got %d elements, want one frame", of, frames)
	}
}

var endpoints = []string{"/?", "/embed/?", "/api/estimate?", "/card.png?", "/chart.svg?", "/oembed?url=ADDRESS%2F%3F"}

func ask(t *testing.T, endpoint, query string) {
	t.Helper()
	path := endpoint + query
	if before, _, ok := strings.Cut(endpoint, "ADDRESS"); ok {
		path = before + escaped(address+"/?"+query)
	}
	harmless(t, path, get(t, path))
}

func TestHostileValues(t *testing.T) {
	keys := []string{"model", "gpu", "batch", "chart", "theme", "unknown", "without", "url", "maxwidth", "format"}
	for i, value := range hostile {
		for _, endpoint := range endpoints {
			// One key each by turns: all of them at once would hide all but the first.
			key := keys[(i+len(endpoint))%len(keys)]
			ask(t, endpoint, key+"="+escaped(value))
			ask(t, endpoint, "gpu=custom~name:"+escaped(value)+"~mem:80g~bw:3.35t~bf16:989t")
		}
	}
	for _, value := range hostile[:6] {
		ask(t, "/api/estimate?", escaped(value)+"="+escaped(value))
	}
}

func TestExtremeNumbers(t *testing.T) {
	for _, value := range []string{"1000000000", "-1"} {
		all := ""
		for _, f := range scenario.Fields() {
			if f.Kind == scenario.KindCount || f.Kind == scenario.KindNumber {
				all += "&" + f.Key + "=" + value
			}
		}
		for _, endpoint := range endpoints {
			ask(t, endpoint, all[1:])
		}
	}
	// The largest that is allowed, all at once.
	most := ""
	for _, f := range scenario.Fields() {
		if f.Kind == scenario.KindCount || f.Kind == scenario.KindNumber {
			most += "&" + f.Key + "=" + scenario.Text(largest(f.Key), f.Key)
		}
	}
	for _, endpoint := range endpoints {
		ask(t, endpoint, most[1:])
	}
}

// largest is a scenario with one key at the most that it may be.
func largest(key string) scenario.Scenario {
	var c scenario.Catalogue
	s := scenario.Default()
	for n := "9"; len(n) < 8; n += "9" {
		next, problems := c.Set(s, key, n)
		if len(problems) > 0 {
			break
		}
		s = next
	}
	return s
}

func TestLongAddresses(t *testing.T) {
	for _, length := range []int{8_000, 16_000, 40_000} {
		for _, endpoint := range endpoints {
			for _, filling := range []string{"a", "%3C", "&", "batch=1&", "=", "x=" + strings.Repeat("y", 50) + "&"} {
				query := strings.Repeat(filling, length/len(filling))
				res, err := send(http.MethodGet, address+endpoint+query)
				if err != nil {
					t.Fatalf("%s with %d bytes: %v", endpoint, length, err)
				}
				harmless(t, endpoint+query, res)
				if length > 16*1024 && endpoint != "/?" && endpoint != "/embed/?" && res.StatusCode != 414 {
					t.Errorf("%s with %d bytes of %q: got %d, want 414", endpoint, length, filling[:1], res.StatusCode)
				}
			}
		}
	}
}

// Two thousand requests of every kind, 250 at a time, each on a connection of its own: none is lost or
// answered for another. (More at a time, on a busy machine, and workerd closes the connections of those that waited 15 s to be read.)
func TestManyAtOnce(t *testing.T) {
	const many = 2000
	type want struct{ path, kind, holds string }
	wants := make([]want, many)
	for i := range wants {
		batch := string(rune('1'+i%9)) + string(rune('0'+i/9%5))
		switch {
		case i%40 == 0:
			wants[i] = want{"/?batch=" + batch, "text/html", "card.png?batch=" + batch}
		case i%5 == 0:
			wants[i] = want{"/oembed?url=" + escaped(address+"/?batch="+batch), "application/json", "batch=" + batch}
		case i%5 == 1:
			wants[i] = want{"/card.png?batch=7", "image/png", "IHDR"}
		case i%5 == 2:
			wants[i] = want{"/api/estimate?gpu=nothing" + batch, "application/json", "nothing" + batch}
		case i%5 == 3:
			wants[i] = want{"/robots.txt", "text/plain", "User-agent"}
		default:
			wants[i] = want{"/api/estimate?batch=" + batch, "application/json", `"batch":` + batch}
		}
	}
	flood := &http.Client{Timeout: 120 * time.Second, Transport: &http.Transport{MaxConnsPerHost: 250, DisableKeepAlives: true}}
	var wait sync.WaitGroup
	begin := make(chan struct{})
	failures := make(chan string, many)
	for _, w := range wants {
		wait.Go(func() {
			<-begin
			res, err := flood.Get(address + w.path)
			if err != nil {
				failures <- w.path + ": " + err.Error()
				return
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if err != nil || !strings.HasPrefix(res.Header.Get("Content-Type"), w.kind) || !bytes.Contains(body, []byte(w.holds)) {
				failures <- w.path + ": " + res.Status + " " + res.Header.Get("Content-Type") + ", " + string(body[:min(len(body), 80)])
			}
		})
	}
	close(begin)
	wait.Wait()
	close(failures)
	shown := 0
	for f := range failures {
		if shown++; shown <= 5 {
			t.Error(f)
		}
	}
	if shown > 5 {
		t.Errorf("and %d more of %d", shown-5, many)
	}
}
