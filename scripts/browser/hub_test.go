package browser

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// hub stands in for huggingface.co: the browser resolves that name to it, so
// the page and its policy are tested as they are deployed.
type hub struct {
	files    map[string]string // path -> content
	statuses map[string]int    // path -> status other than 200
	asked    chan string       // paths, in order
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case h.asked <- r.URL.Path:
	default:
	}
	w.Header().Set("Access-Control-Allow-Origin", "*")
	if status := h.statuses[r.URL.Path]; status != 0 {
		http.Error(w, "refused", status)
		return
	}
	content, ok := h.files[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Write([]byte(content))
}

// withHub starts the stand-in and a browser of its own that takes it for the Hub.
func withHub(t *testing.T, files map[string]string, statuses map[string]int) (context.Context, *hub) {
	t.Helper()
	h := &hub{files, statuses, make(chan string, 16)}
	server := httptest.NewTLSServer(h)
	t.Cleanup(server.Close)
	address := strings.TrimPrefix(server.URL, "https://")
	browser, cancel, err := Chromium(
		chromedp.Flag("host-resolver-rules", "MAP huggingface.co:443 "+address+", MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
		chromedp.Flag("ignore-certificate-errors", true),
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cancel)
	return browser, h
}

func TestThePolicyAdmitsTheHubAndNothingElse(t *testing.T) {
	browser, h := withHub(t, map[string]string{"/org/model/resolve/main/config.json": `{"model_type":"x"}`}, nil)
	p := OpenIn(t, browser, siteURL+"/", View{})
	p.WaitLive()
	select {
	case path := <-h.asked:
		t.Errorf("the Hub was asked for %s before any button was pressed", path)
	default:
	}
	get := func(address string) string {
		return Eval[string](p, `fetch("`+address+`").then(r => r.text(), e => "refused")`)
	}
	if got, want := get("https://huggingface.co/org/model/resolve/main/config.json"), `{"model_type":"x"}`; got != want {
		t.Errorf("the Hub: got %q, want %q", got, want)
	}
	if got := get("https://example.com/"); got != "refused" {
		t.Errorf("another host: got %q, want a refusal", got)
	}
}
