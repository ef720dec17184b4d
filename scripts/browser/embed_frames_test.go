package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// The posts of testdata/blog stand on another origin than the site: another port.
func serveBlog(t testing.TB) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/coep.html" {
			w.Header().Set("Cross-Origin-Embedder-Policy", "require-corp")
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.URL.Path == "/favicon.ico" {
			return
		}
		if r.URL.Path == "/twenty.html" {
			fmt.Fprint(w, twentyEmbeds())
			return
		}
		content, err := os.ReadFile(filepath.Join("testdata/blog", filepath.Base(r.URL.Path)))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, strings.ReplaceAll(string(content), "{{SITE}}", siteURL))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// twentyEmbeds is a post with twenty frames of ten figures of two models.
func twentyEmbeds() string {
	var b strings.Builder
	b.WriteString("<!doctype html><title>Twenty</title><style>iframe { display: block; width: 680px; height: 400px; border: 0; margin: 40px 0 }</style><script async src=\"" + siteURL + "/embed.js\"></script>")
	for _, model := range []string{"deepseek-v3&amp;gpu=h200&amp;gpus=16", "qwen3-30b-a3b&amp;gpu=h100-sxm&amp;gpus=8"} {
		for _, figure := range []string{"ledger", "models", "gpus", "kv", "coverage", "tpot", "batch", "throughput", "tail", "accuracy"} {
			b.WriteString("<iframe title=\"" + figure + "\" src=\"" + siteURL + "/embed/?model=" + model + "&amp;chart=" + figure + "\"></iframe>\n")
		}
	}
	return b.String()
}

// OpenPost opens a post in a browser that keeps all frames of a page in one process, where a test can look into
// them. Nothing else differs: origins, sandboxes and policies hold.
func OpenPost(t testing.TB, address string, view View) *Page {
	t.Helper()
	browser, cancel, err := Chromium(
		chromedp.Flag("disable-site-isolation-trials", true),
		chromedp.Flag("disable-features", "IsolateSandboxedIframes,IsolateOrigins,site-per-process,OriginKeyedProcessesByDefault"),
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cancel)
	return OpenIn(t, browser, address, view)
}

// Frame is a document inside a page.
type Frame struct {
	p     *Page
	Name  string // of the iframe
	world runtime.ExecutionContextID
}

// Frames are the documents that a page frames, in its order, at the site.
func (p *Page) Frames() []Frame {
	p.t.Helper()
	var frames []Frame
	p.run(chromedp.ActionFunc(func(ctx context.Context) error {
		tree, err := page.GetFrameTree().Do(ctx)
		if err != nil {
			return err
		}
		for _, child := range tree.ChildFrames {
			if !strings.HasPrefix(child.Frame.URL, siteURL+"/embed/") {
				continue
			}
			world, err := page.CreateIsolatedWorld(cdp.FrameID(child.Frame.ID)).Do(ctx)
			if err != nil {
				return err
			}
			frames = append(frames, Frame{p, child.Frame.Name, world})
		}
		return nil
	}))
	return frames
}

// WaitFrames waits until a page frames so many documents of the site.
func (p *Page) WaitFrames(n int) []Frame {
	p.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		frames := p.Frames()
		if len(frames) == n {
			return frames
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("%d frames of the site, want %d", len(frames), n)
		}
		time.Sleep(30 * time.Millisecond)
	}
}

// In evaluates JavaScript in a frame, beside its own scripts.
func In[T any](f Frame, script string) T {
	f.p.t.Helper()
	var value T
	f.p.run(chromedp.ActionFunc(func(ctx context.Context) error {
		result, exception, err := runtime.Evaluate(script).WithContextID(f.world).WithAwaitPromise(true).WithReturnByValue(true).Do(ctx)
		if err != nil {
			return err
		}
		if exception != nil {
			return exception
		}
		return json.Unmarshal(result.Value, &value)
	}))
	return value
}

// Wait waits until an expression is true in the frame.
func (f Frame) Wait(condition string) {
	f.p.t.Helper()
	deadline := time.Now().Add(patience)
	for !In[bool](f, "Boolean("+condition+")") {
		if time.Now().After(deadline) {
			f.p.t.Fatalf("waited %v for %s in a frame that shows %q; the page said %q", patience, condition, In[string](f, `document.body.innerText.slice(0, 300)`), f.p.problems)
		}
		time.Sleep(30 * time.Millisecond)
	}
}

// drawn is true in a frame that shows its figure: a chart by the library, its table, or why there is neither.
const drawn = `document.documentElement.hasAttribute("data-live") && document.querySelector("[data-slot=headline]").textContent &&
	document.querySelector(".live svg, .tbl:not([hidden]) td, .plot.empty:not([hidden]) p:not(:empty)")`

// Text is what an element of the frame shows, with spaces of all kinds made plain.
func (f Frame) Text(selector string) string {
	f.p.t.Helper()
	return strings.Join(strings.Fields(In[string](f, fmt.Sprintf(`document.querySelector(%q)?.innerText ?? "(no such element)"`, selector))), " ")
}
