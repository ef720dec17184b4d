package browser

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
)

// faultySite stands between the browser and the site, and damages what it is told to.
type faultySite struct {
	URL    string
	server *httptest.Server
	proxy  *httputil.ReverseProxy
	ended  chan struct{} // closed by Close
	close  sync.Once

	mutex  sync.Mutex
	faults []*fault
	asked  []string // paths, in order

	pages   map[string]string // path -> what stands there in place of the site's
	renamed map[string]string // path -> where the site has it
	replace *strings.Replacer // in pages and in the service worker
}

// fault is something that happens to a file.
type fault struct {
	file   string // how its path begins: "/assets/page-", or the whole of it
	damage damage
	times  int // how often; -1 for ever
}

// damage answers a request in place of the site, whose true answer is good.
type damage func(w http.ResponseWriter, good *httptest.ResponseRecorder)

var damages = map[string]damage{
	"cut": func(w http.ResponseWriter, good *httptest.ResponseRecorder) { // the connection ends in the middle
		copyHeaders(w, good)
		w.Header().Set("Content-Length", strconv.Itoa(good.Body.Len()))
		w.Write(good.Body.Bytes()[:good.Body.Len()/2])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	},
	"short": func(w http.ResponseWriter, good *httptest.ResponseRecorder) { // as a cache has it that kept what was cut off
		copyHeaders(w, good)
		w.Write(good.Body.Bytes()[:good.Body.Len()/2])
	},
	"flipped": func(w http.ResponseWriter, good *httptest.ResponseRecorder) { // one bit, in the right size
		copyHeaders(w, good)
		content := bytes.Clone(good.Body.Bytes())
		content[len(content)*3/4] ^= 1
		w.Write(content)
	},
	"404": func(w http.ResponseWriter, good *httptest.ResponseRecorder) {
		http.NotFound(w, nil)
	},
	"page": func(w http.ResponseWriter, good *httptest.ResponseRecorder) { // a host that answers everything with a page
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><p>Welcome to the hotel's network")
	},
	"untyped": func(w http.ResponseWriter, good *httptest.ResponseRecorder) { // a host that does not know WebAssembly
		copyHeaders(w, good)
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Write(good.Body.Bytes())
	},
}

func copyHeaders(w http.ResponseWriter, good *httptest.ResponseRecorder) {
	for name, values := range good.Header() {
		if name != "Content-Length" {
			w.Header()[name] = values
		}
	}
}

func newFaultySite(t *testing.T, faults ...*fault) *faultySite {
	t.Helper()
	target, err := url.Parse(siteURL)
	if err != nil {
		t.Fatal(err)
	}
	s := &faultySite{faults: faults, proxy: httputil.NewSingleHostReverseProxy(target), ended: make(chan struct{})}
	s.server = httptest.NewServer(s)
	s.URL = s.server.URL
	t.Cleanup(s.Close)
	return s
}

// Close ends the site and every connection to it, as when a network goes away.
func (s *faultySite) Close() {
	s.close.Do(func() {
		close(s.ended)
		s.server.CloseClientConnections()
		s.server.Close()
	})
}

// hang keeps a request waiting for longer than anybody has patience.
func (s *faultySite) hang() {
	select {
	case <-s.ended:
	case <-time.After(patience):
	}
}

func (s *faultySite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mutex.Lock()
	s.asked = append(s.asked, r.URL.Path)
	var happens damage
	for _, f := range s.faults {
		if f.times != 0 && (r.URL.Path == f.file || f.file != "/" && strings.HasPrefix(r.URL.Path, f.file)) {
			f.times--
			happens = f.damage
			break
		}
	}
	s.mutex.Unlock()
	r.Header.Del("Accept-Encoding") // what is damaged is what arrives
	if s.replaced(w, r) {
		return
	}
	if happens == nil {
		s.proxy.ServeHTTP(w, r)
		return
	}
	good := httptest.NewRecorder()
	s.proxy.ServeHTTP(good, r)
	happens(w, good)
}

// mend takes all faults away.
func (s *faultySite) mend() {
	s.mutex.Lock()
	s.faults = nil
	s.mutex.Unlock()
}

// hurried is a page whose clocks run 20 times as fast: it pauses before it tries again.
var hurried = View{Before: `const clock = setTimeout; globalThis.setTimeout = (f, ms, ...more) => clock(f, ms / 20, ...more)`}

// Every file is damaged once, all in one visit: it recovers and says nothing.
func TestDamagedDownloadsAreTriedAgain(t *testing.T) {
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			s := newFaultySite(t,
				&fault{"/assets/main-", damage, 1}, &fault{"/assets/start-", damage, 1},
				&fault{"/assets/page-", damage, 1}, &fault{"/assets/charts-", damage, 1})
			p := OpenIn(t, chrome, s.URL+"/?batch=32", hurried)
			p.WaitLive()
			p.Wait(`document.querySelector(".plot .live svg")`)
			if got := Eval[string](p, `getComputedStyle(document.querySelector(".top")).position`); got != "sticky" {
				t.Errorf("the style sheet does not apply: the header's position is %q", got)
			}
			if text := p.Text("[data-notices=answer]"); text != "" {
				t.Errorf("got a notice %q, want none", text)
			}
			p.MustSee("[data-slot=dock]", "H100")
		})
	}
}

// A file that never arrives as it was built is said, the answer stays, nothing typed is lost, and when the cause is gone
// a press on the notice goes on.
func TestWhatNeverArrivesIsSaid(t *testing.T) {
	for _, c := range []struct {
		file, damage string
		said         []string
	}{
		{"/assets/page-", "flipped", []string{"could not be loaded", "damaged"}},
		{"/assets/page-", "short", []string{"could not be loaded", "cut off", "bytes: the connection ended"}},
		{"/assets/page-", "404", []string{"could not be loaded", "404", "newer version"}},
		{"/assets/page-", "page", []string{"could not be loaded", "cut off"}},
		{"/assets/start-", "flipped", []string{"could not be loaded"}},
		{"/assets/charts-", "cut", []string{"charts could not be loaded"}},
		{"/assets/main-", "404", []string{"style could not be loaded"}},
	} {
		t.Run(c.file+" "+c.damage, func(t *testing.T) {
			s := newFaultySite(t, &fault{c.file, damages[c.damage], -1})
			p := OpenIn(t, chrome, s.URL+"/", hurried)
			Eval[bool](p, `(() => { const f = document.querySelector("input[type=text][data-key=batch]"); f.value = "48"; f.dispatchEvent(new Event("input", {bubbles: true})); return true })()`)
			if c.file == "/assets/charts-" {
				p.WaitLive()
				p.Press(kb.Tab)
			}
			p.Wait(`document.querySelector('[data-notices="answer"] .note.error button')`)
			p.MustSee("[data-notices=answer]", append(c.said, "Try again")...)
			p.MustSee(answer, "DeepSeek-V3", "fit")
			s.mend()
			Eval[bool](p, `(document.querySelector('[data-notices="answer"] button').click(), true)`)
			p.WaitLive()
			p.Wait(`!document.querySelector('[data-notices="answer"] .note.error')`)
			p.Wait(`document.querySelector("[data-slot=second],[data-slot=answer]") && location.search.includes("batch=48")`)
		})
	}
}

// A connection that stands still in the middle is given up and tried again. Its patience is 20 s.
func TestAStandstillIsGivenUp(t *testing.T) {
	var s *faultySite
	stands := func(w http.ResponseWriter, good *httptest.ResponseRecorder) {
		copyHeaders(w, good)
		w.Header().Set("Content-Length", strconv.Itoa(good.Body.Len()))
		w.Write(good.Body.Bytes()[:good.Body.Len()/2])
		w.(http.Flusher).Flush()
		s.hang()
	}
	s = newFaultySite(t, &fault{"/assets/page-", stands, 1})
	p := OpenIn(t, chrome, s.URL+"/?batch=32", hurried)
	p.WaitLive()
	if text := p.Text("[data-notices=answer]"); text != "" {
		t.Errorf("got a notice %q, want none", text)
	}

	s = newFaultySite(t, &fault{"/assets/page-", stands, -1})
	p = OpenIn(t, chrome, s.URL+"/?batch=32", hurried)
	p.Wait(`document.querySelector('[data-notices="answer"] .note.error button')`)
	p.MustSee("[data-notices=answer]", "cut off", "nothing came for 20 s", "Try again")
}

// What comes after the start, when it is asked for: a failure is told to who asked, and the next ask works.
func TestLaterProgramsAreAskedForAgain(t *testing.T) {
	s := newFaultySite(t, &fault{"/assets/reader-", damages["flipped"], 3}, &fault{"/assets/worker-", damages["404"], 1}, &fault{"/assets/planner-", damages["cut"], 1})
	p := OpenIn(t, chrome, s.URL+"/?batch=32", hurried)
	p.WaitLive()
	if got := Eval[string](p, `moecostReader().then(() => "came", e => e.message)`); !strings.Contains(got, "damaged") {
		t.Errorf("the reader: got %q, want that it is damaged", got)
	}
	if got := Eval[string](p, `moecostReader().then(r => typeof r.config, e => e.message)`); got != "function" {
		t.Errorf("the reader, asked for again: got %q", got)
	}
	p.Click(answer + " .fig")
	p.Wait(`document.querySelector("#derivation [data-slot='figure.terms'] tr")`)
}

// A page that arrives cut off is loaded again, and read as far as it goes if that does not help.
func TestACutPage(t *testing.T) {
	s := newFaultySite(t, &fault{"/", damages["short"], 1})
	p := OpenIn(t, chrome, s.URL+"/", View{})
	p.WaitLive()
	p.MustBeQuiet(s.URL, "Cannot read properties of null", "null")

	s = newFaultySite(t, &fault{"/", damages["short"], -1})
	p = OpenIn(t, chrome, s.URL+"/", View{})
	p.Wait(`document.querySelector(".note.error button")`)
	p.MustSee(".note.error", "arrived cut off", "Try again")
	p.MustSee(answer, "DeepSeek-V3", "fit")
	s.mend()
	Eval[bool](p, `(document.querySelector(".note.error button").click(), true)`)
	p.WaitLive()
}
