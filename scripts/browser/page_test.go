package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdp "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// One server and one browser serve all tests; each test has a page of its own.
var (
	site    *Server
	chrome  context.Context
	siteURL string
)

func TestMain(m *testing.M) {
	code, err := runAll(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(code)
}

func runAll(m *testing.M) (int, error) {
	var err error
	if site, err = Serve(); err != nil {
		return 1, err
	}
	defer site.Close()
	siteURL = site.URL
	var cancel context.CancelFunc
	if chrome, cancel, err = Chromium(); err != nil {
		return 1, err
	}
	defer cancel()
	return m.Run(), nil
}

// Page is one tab, watched: what the console says, what breaks the policy and
// what is asked of the network is kept.
type Page struct {
	t     testing.TB
	ctx   context.Context
	close context.CancelFunc

	mutex    sync.Mutex
	problems []string
	requests []string
}

// View is how a page is opened.
type View struct {
	Width, Height int
	Theme         string   // "light" or "dark"
	Features      []string // further media features, "prefers-contrast=more"
	Block         string   // requests with this in their address fail
	NoScript      bool
	Before        string // script that runs before the page's own
	Worker        bool   // with the service worker, which else would carry files from test to test
}

// Open opens a path of the site in a tab of its own, at 1440 × 900 unless the view says otherwise.
func Open(t testing.TB, path string, view View) *Page {
	t.Helper()
	return OpenIn(t, chrome, siteURL+path, view)
}

// OpenIn is Open for another browser or another server.
func OpenIn(t testing.TB, browser context.Context, address string, view View) *Page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	ctx, stop := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(stop)
	p := &Page{t: t, ctx: ctx, close: cancel}
	chromedp.ListenTarget(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning {
				var words []string
				for _, argument := range e.Args {
					words = append(words, string(argument.Value)+argument.Description)
				}
				p.note("console " + string(e.Type) + ": " + strings.Join(words, " "))
			}
		case *runtime.EventExceptionThrown:
			p.note("exception: " + e.ExceptionDetails.Error())
		case *log.EventEntryAdded: // the policy's complaints come here
			if e.Entry.Level == log.LevelError || e.Entry.Level == log.LevelWarning {
				p.note(fmt.Sprintf("%s %s: %s %s", e.Entry.Source, e.Entry.Level, e.Entry.Text, e.Entry.URL))
			}
		case *network.EventRequestWillBeSent:
			p.mutex.Lock()
			p.requests = append(p.requests, e.Request.URL)
			p.mutex.Unlock()
		case *fetch.EventRequestPaused:
			go chromedp.Run(ctx, fetch.FailRequest(e.RequestID, network.ErrorReasonBlockedByClient))
		}
	})
	width, height := view.Width, view.Height
	if width == 0 {
		width = 1440
	}
	if height == 0 {
		height = 900
	}
	features := []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}
	if view.Theme != "" {
		features = append(features, &emulation.MediaFeature{Name: "prefers-color-scheme", Value: view.Theme})
	}
	for _, f := range view.Features {
		name, value, _ := strings.Cut(f, "=")
		features = append(features, &emulation.MediaFeature{Name: name, Value: value})
	}
	actions := []chromedp.Action{
		log.Enable(), network.Enable(),
		emulation.SetEmulatedMedia().WithFeatures(features),
		emulation.SetScriptExecutionDisabled(view.NoScript),
		chromedp.EmulateViewport(int64(width), int64(height)),
	}
	if view.Block != "" {
		actions = append(actions, fetch.Enable().WithPatterns([]*fetch.RequestPattern{{URLPattern: "*" + view.Block + "*"}}))
	}
	if !view.Worker {
		view.Before += ";Object.defineProperty(Navigator.prototype, 'serviceWorker', {value: undefined});"
	}
	if view.Before != "" {
		actions = append(actions, chromedp.ActionFunc(func(ctx context.Context) error {
			_, err := cdp.AddScriptToEvaluateOnNewDocument(view.Before).Do(ctx)
			return err
		}))
	}
	p.run(append(actions, chromedp.Navigate(address))...)
	return p
}

// Close closes the tab before its test ends.
func (p *Page) Close() { p.close() }

func (p *Page) note(problem string) {
	p.mutex.Lock()
	p.problems = append(p.problems, problem)
	p.mutex.Unlock()
}

func (p *Page) run(actions ...chromedp.Action) {
	p.t.Helper()
	if err := chromedp.Run(p.ctx, actions...); err != nil {
		p.t.Fatalf("browser: %v; the page said %q", err, p.problems)
	}
}

// Eval evaluates JavaScript, waits for a promise, and decodes the result as T.
func Eval[T any](p *Page, script string) T {
	p.t.Helper()
	var raw []byte
	p.run(chromedp.Evaluate(script, &raw, func(e *runtime.EvaluateParams) *runtime.EvaluateParams {
		return e.WithAwaitPromise(true).WithReturnByValue(true)
	}))
	var value T
	if err := json.Unmarshal(raw, &value); err != nil {
		p.t.Fatalf("%s: %v in %s", script, err, raw)
	}
	return value
}

// Wait waits until a JavaScript expression is true.
func (p *Page) Wait(condition string) {
	p.t.Helper()
	deadline := time.Now().Add(patience)
	for !Eval[bool](p, "Boolean("+condition+")") {
		if time.Now().After(deadline) {
			p.mutex.Lock()
			defer p.mutex.Unlock()
			p.t.Fatalf("waited %v for %s; the page said %q", patience, condition, p.problems)
		}
		time.Sleep(30 * time.Millisecond)
	}
}

// WaitLive gives a sign of a reader, which the program of a plain page waits for, and waits until it has taken the page over,
// every section says the scenario, and the charts in sight are drawn.
func (p *Page) WaitLive() {
	p.t.Helper()
	p.Wait(`(dispatchEvent(new Event("scroll")), document.documentElement?.dataset.live === (document.querySelector("[data-slot=sections]") ? "all" : "")) && document.fonts.status === "loaded"`)
	p.Settle()
}

// Reload loads the page again, as F5 does.
func (p *Page) Reload() {
	p.t.Helper()
	p.run(chromedp.Reload())
}

// Settle waits for two frames, so that what was asked for is painted.
func (p *Page) Settle() {
	p.t.Helper()
	Eval[bool](p, `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`)
}

// Text is the visible text of the first element that matches, with spaces of all kinds made plain.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	text := Eval[string](p, fmt.Sprintf(`document.querySelector(%q)?.innerText ?? "(no such element)"`, selector))
	return strings.Join(strings.Fields(text), " ")
}

// MustSee fails unless the element's text contains all the words.
func (p *Page) MustSee(selector string, words ...string) {
	p.t.Helper()
	text := p.Text(selector)
	for _, word := range words {
		if !strings.Contains(text, word) {
			p.t.Errorf("%s: got %q, want it to contain %q", selector, text, word)
		}
	}
}

// Click clicks the first element that matches, by pointer.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.run(chromedp.ScrollIntoView(selector, chromedp.ByQuery), chromedp.Click(selector, chromedp.ByQuery))
}

// Type replaces the text of a field, by keyboard, and leaves it with Enter.
func (p *Page) Type(selector, text string) {
	p.t.Helper()
	p.run(
		chromedp.ScrollIntoView(selector, chromedp.ByQuery),
		chromedp.Focus(selector, chromedp.ByQuery),
		chromedp.Evaluate(fmt.Sprintf(`document.querySelector(%q).select()`, selector), nil),
		chromedp.KeyEvent(text),
		chromedp.KeyEvent(kb.Enter),
	)
}

// Press presses one key of package kb, with modifiers.
func (p *Page) Press(key string, modifiers ...input.Modifier) {
	p.t.Helper()
	p.run(chromedp.KeyEvent(key, chromedp.KeyModifiers(modifiers...)))
}

// Address is the query and fragment of the address bar.
func (p *Page) Address() string {
	p.t.Helper()
	return Eval[string](p, `location.search + location.hash`)
}

// MustBeQuiet fails if the console complained, the policy was broken or a
// request left the origin.
func (p *Page) MustBeQuiet(allowed ...string) {
	p.t.Helper()
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for _, problem := range p.problems {
		if !containsAny(problem, allowed) {
			p.t.Errorf("the page complains: %s", problem)
		}
	}
	for _, address := range p.requests {
		if !strings.HasPrefix(address, siteURL+"/") && !strings.HasPrefix(address, "data:") && !strings.HasPrefix(address, "blob:"+siteURL) && !containsAny(address, allowed) {
			p.t.Errorf("a request leaves the origin: %s", address)
		}
	}
}

func containsAny(text string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}

// printing shows the page as it is printed.
func (p *Page) printing() {
	p.t.Helper()
	p.run(emulation.SetEmulatedMedia().WithMedia("print"))
}
