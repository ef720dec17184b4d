package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	cdp "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const (
	worksOffline = `!document.querySelector("[data-offline]").hidden`
	cacheNames   = `caches.keys().then(names => names.join(" "))`
)

// visit opens a page that may keep the site, and waits until it has.
func (s *faultySite) visit(t *testing.T) *Page {
	t.Helper()
	p := OpenIn(t, chrome, s.URL+"/", View{Worker: true})
	p.Press(kb.Tab) // somebody is there
	p.WaitLive()
	p.Wait(worksOffline)
	return p
}

// Navigate goes to a path of the site, in the same tab.
func (p *Page) Navigate(address string) {
	p.t.Helper()
	p.run(chromedp.Navigate(address))
}

// kept says whether the device has a file whose path begins so.
func kept(path string) string {
	return fmt.Sprintf(`caches.keys().then(async names => {
		for (const name of names) for (const {url} of await (await caches.open(name)).keys()) if (new URL(url).pathname.startsWith(%q)) return true;
		return false;
	})`, path)
}

func (p *Page) waitFor(promise string) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); !Eval[bool](p, promise); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.t.Fatalf("waited %v for %s", patience, promise)
		}
	}
}

// After one visit the page works without its server: again, with another link, for a model's own page.
func TestTheSecondVisitNeedsNoServer(t *testing.T) {
	s := newFaultySite(t)
	p := s.visit(t)
	if said := p.Text("[data-slot=say]"); said != "Works offline now." {
		t.Errorf("heard %q, want that it works offline", said)
	}
	p.MustBeQuiet(s.URL)
	s.Close()

	p.Reload()
	p.Press(kb.Tab)
	p.WaitLive()
	p.MustSee(answer, "DeepSeek-V3")
	if said := p.Text("[data-slot=say]"); said != "" {
		t.Errorf("at the second visit heard %q, want nothing: it is said once", said)
	}
	p.Wait(`document.querySelector(".plot .live svg")`)
	before := p.Text(answer)
	Eval[bool](p, `(() => { const f = document.querySelector("input[type=range][data-key=batch]"); f.value = "900"; f.dispatchEvent(new Event("input", {bubbles: true})); return true })()`)
	p.Wait(fmt.Sprintf(`document.querySelector(%q).innerText !== %q`, answer, before))
	p.Click(answer + " .fig")
	p.Wait(`document.querySelector("#derivation [data-slot='figure.terms'] tr")`)

	p.Navigate(s.URL + "/?model=mixtral-8x7b&gpus=2")
	p.WaitLive()
	p.MustSee(answer, "Mixtral")
	p.Navigate(s.URL + "/m/kimi-k2/?batch=32")
	p.WaitLive()
	p.MustSee(answer, "Kimi K2")
	p.Wait(`location.pathname + location.search === "/?model=kimi-k2&batch=32"`)
}

// What a first visit does not need is kept after its first use, or in a later visit.
func TestTheRestComesLater(t *testing.T) {
	s := newFaultySite(t)
	p := s.visit(t)
	if Eval[bool](p, kept("/assets/reader-")) {
		t.Error("the reader of configs is kept in the first visit, which does not need it")
	}
	p.Reload()
	p.Press(kb.Tab)
	p.WaitLive()
	p.waitFor(kept("/assets/reader-"))
	p.waitFor(kept("/embed/"))
	s.Close()
	if got := Eval[string](p, `moecostReader().then(r => typeof r.config)`); got != "function" {
		t.Errorf("offline, the reader's config is %s, want a function", got)
	}
	p.Navigate(s.URL + "/embed/?chart=ledger")
	p.Wait(`document.documentElement.hasAttribute("data-live")`)
}

// What arrives damaged is never kept, and nothing is kept by halves.
func TestNothingDamagedIsKept(t *testing.T) {
	file := "/assets/figure-serif-italic-" // which the page itself does not fetch
	s := newFaultySite(t, &fault{file, damages["flipped"], 1})
	p := s.visit(t)
	good := fmt.Sprintf(`caches.keys().then(async ([name]) => {
		const cache = await caches.open(name);
		const {url} = (await cache.keys()).find(r => r.url.includes(%q));
		const sum = b => crypto.subtle.digest("SHA-256", b).then(d => [...new Uint8Array(d)].slice(0, 5).map(n => n.toString(16).padStart(2, "0")).join(""));
		return url.includes(await sum(await (await cache.match(url)).arrayBuffer()));
	})`, file)
	if !Eval[bool](p, good) {
		t.Error("what is kept is not what was built")
	}

	s = newFaultySite(t, &fault{file, damages["short"], -1})
	p = OpenIn(t, chrome, s.URL+"/", View{Worker: true})
	p.Press(kb.Tab)
	p.WaitLive()
	s.waitForRequest(t, file)
	p.waitFor(`navigator.serviceWorker.getRegistration().then(r => !r)`)
	p.waitFor(cacheNames + `.then(names => names === "")`)
	if Eval[bool](p, worksOffline) {
		t.Error("says that it works offline, and it does not")
	}
	p.MustBeQuiet(s.URL)
}

// waitForRequest waits until a file has been asked for whose path begins so.
func (s *faultySite) waitForRequest(t *testing.T, file string) {
	t.Helper()
	asked := func() bool {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		return slices.ContainsFunc(s.asked, func(path string) bool { return strings.HasPrefix(path, file) })
	}
	for deadline := time.Now().Add(patience); !asked(); time.Sleep(30 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("nobody asked for %s in %v", file, patience)
		}
	}
}

// A device without room: the page works as before and says nothing.
func TestNoRoom(t *testing.T) {
	s := newFaultySite(t)
	p := OpenIn(t, chrome, s.URL+"/licences/fonts-OFL.md", View{Worker: true})
	p.run(storage.OverrideQuotaForOrigin(s.URL).WithQuotaSize(1 << 20))
	p.Navigate(s.URL + "/")
	p.Press(kb.Tab)
	p.WaitLive()
	s.waitForRequest(t, "/sw.js")
	p.waitFor(`navigator.serviceWorker.getRegistration().then(r => !r)`)
	p.waitFor(cacheNames + `.then(names => names === "")`)
	if Eval[bool](p, worksOffline) {
		t.Error("says that it works offline, and it does not")
	}
	p.MustSee(answer, "DeepSeek-V3")
	p.MustBeQuiet(s.URL)
}

// A network that does not answer, and a server that fails: what is on the device answers.
func TestABadConnection(t *testing.T) {
	s := newFaultySite(t)
	p := s.visit(t)
	hangs := func(w http.ResponseWriter, good *httptest.ResponseRecorder) { s.hang() }
	fails := func(w http.ResponseWriter, good *httptest.ResponseRecorder) {
		http.Error(w, "out of order", http.StatusBadGateway)
	}
	for name, damage := range map[string]damage{"hangs": hangs, "fails": fails} {
		s.mutex.Lock()
		s.faults = []*fault{{"/", damage, -1}}
		s.mutex.Unlock()
		p.Reload()
		p.Press(kb.Tab)
		p.WaitLive()
		if text := p.Text(answer); !strings.Contains(text, "DeepSeek-V3") {
			t.Errorf("%s: got the answer %q", name, text)
		}
	}
}

// A page in a frame keeps nothing.
func TestFramesKeepNothing(t *testing.T) {
	s := newFaultySite(t)
	s.pages = map[string]string{"/around": `<!doctype html><title>around</title><iframe src="/?batch=32"></iframe>`}
	p := OpenIn(t, chrome, s.URL+"/around", View{Worker: true})
	p.Wait(`frames[0].document.documentElement?.hasAttribute("data-live")`)
	time.Sleep(300 * time.Millisecond) // longer than an idle moment
	if n := Eval[int](p, `navigator.serviceWorker.getRegistrations().then(r => r.length)`); n != 0 {
		t.Errorf("got %d service workers, want none", n)
	}
}

// secondVersion makes the site one of another build: its start script has another name, and the old one is gone.
func (s *faultySite) secondVersion(t *testing.T) {
	t.Helper()
	worker, err := os.ReadFile("../../dist/sw.js")
	if err != nil {
		t.Fatal(err)
	}
	start := regexp.MustCompile(`/assets/start-([0-9a-f]{10})\.js`).FindSubmatch(worker)[1]
	version := regexp.MustCompile(`version:"([0-9a-f]{10})"`).FindSubmatch(worker)[1]
	s.mutex.Lock()
	s.replace = strings.NewReplacer(string(start), "0123456789", string(version), "9876543210", "moecost: what a", "moecost 2: what a")
	s.renamed = map[string]string{"/assets/start-0123456789.js": "/assets/start-" + string(start) + ".js", "/assets/start-" + string(start) + ".js": "/gone"}
	s.mutex.Unlock()
}

// A new version is offered, never forced: the old tab works with the files that it knows until it agrees.
func TestANewVersionIsOffered(t *testing.T) {
	s := newFaultySite(t)
	old := s.visit(t)
	s.secondVersion(t)

	young := OpenIn(t, chrome, s.URL+"/?batch=32", View{Worker: true})
	young.WaitLive()
	young.MustSee(".pagefoot", "moecost 2")
	old.Wait(`!document.querySelector("[data-newer]").hidden`)
	old.MustSee("[data-newer]", "A newer version is here", "Use it", "Later")
	if Eval[bool](young, `!document.querySelector("[data-newer]").hidden`) {
		t.Error("the tab of the new version is offered a newer one")
	}
	if got := Eval[int](old, `fetch(document.querySelector("script[type=module]").src).then(r => r.status)`); got != 200 {
		t.Errorf("the old version's start script: got status %d, want it from the device", got)
	}
	old.Click("[data-not-now]")
	old.Wait(`document.querySelector("[data-newer]").hidden`)
	young.Wait(worksOffline)
	if names := Eval[string](young, cacheNames); len(strings.Fields(names)) != 2 {
		t.Errorf("kept %q, want both versions while both are open", names)
	}

	old.run(cdp.BringToFront()) // a tab behind another paints nothing, and starts when it is looked at
	Eval[bool](old, `(document.querySelector("[data-use-newer]").click(), true)`)
	old.Wait(`document.querySelector(".pagefoot")?.innerText.includes("moecost 2")`)
	old.Press(kb.Tab)
	old.WaitLive()
	old.waitFor(cacheNames + `.then(names => names === "moecost-9876543210")`)
	s.Close()
	old.Reload()
	old.WaitLive()
	old.MustSee(".pagefoot", "moecost 2")
}

// A version may differ in what its start script does not name. The older one goes all the same.
func TestAVersionWithTheSameStart(t *testing.T) {
	s := newFaultySite(t)
	p := s.visit(t)
	version := Eval[string](p, cacheNames)[len("moecost-"):]
	s.mutex.Lock()
	s.replace = strings.NewReplacer(version, "9876543210")
	s.mutex.Unlock()
	p.Reload()
	p.Press(kb.Tab)
	p.WaitLive()
	p.waitFor(cacheNames + `.then(names => names === "moecost-9876543210")`)
	if Eval[bool](p, `!document.querySelector("[data-newer]").hidden`) {
		t.Error("the tab is offered what it has")
	}
}

// The way back: a service worker that takes itself away.
func TestTheWorkerCanBeTakenBack(t *testing.T) {
	s := newFaultySite(t)
	p := s.visit(t)
	off, err := os.ReadFile("../../site/js/sw-off.js")
	if err != nil {
		t.Fatal(err)
	}
	s.mutex.Lock()
	s.pages = map[string]string{"/sw.js": string(off)}
	s.mutex.Unlock()
	p.Reload()
	p.Press(kb.Tab)
	p.WaitLive()
	p.waitFor(`navigator.serviceWorker.getRegistration().then(r => !r)`)
	p.waitFor(cacheNames + `.then(names => names === "")`)
}

// replaced answers with another text than the site's, for tests of versions.
func (s *faultySite) replaced(w http.ResponseWriter, r *http.Request) bool {
	s.mutex.Lock()
	text, own := s.pages[r.URL.Path]
	to, renamed := s.renamed[r.URL.Path]
	replacer := s.replace
	s.mutex.Unlock()
	if own {
		if strings.HasSuffix(r.URL.Path, ".js") {
			w.Header().Set("Content-Type", "text/javascript")
		} else {
			w.Header().Set("Content-Type", "text/html")
		}
		fmt.Fprint(w, text)
		return true
	}
	if renamed {
		r.URL.Path = to
		return false
	}
	if replacer == nil || strings.HasPrefix(r.URL.Path, "/assets/") {
		return false
	}
	good := httptest.NewRecorder()
	s.proxy.ServeHTTP(good, r)
	copyHeaders(w, good)
	w.WriteHeader(good.Code)
	fmt.Fprint(w, replacer.Replace(good.Body.String()))
	return true
}
