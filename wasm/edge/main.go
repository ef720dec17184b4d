//go:build js && wasm

// Edge answers at the edge of a network, as a Cloudflare Worker: oEmbed, link previews, the report as
// JSON, cards and charts. worker.mjs stands before it and does all that waits: files, cache, streams.
//
// One instance answers request after request, each within one call from JavaScript: starting
// Go takes many times longer than an answer. Package workers serves only one request per instance as soon
// as a body is streamed, since it ends the program when the stream is closed; a body that is handed over whole, as
// here, is never streamed.
package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"syscall/js"

	"moecost/wasm/edge/answer"

	"github.com/syumai/workers"
)

// embeds is set by the build: "yes" if the site has /embed/.
var embeds string

func main() {
	h := &answer.Handler{
		Embeds: embeds == "yes",
		Fault:  func(fault any) { fmt.Fprintln(os.Stderr, "edge: fault:", fault) },
	}
	workers.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kept := whole{header: w.Header(), status: http.StatusOK}
		h.ServeHTTP(&kept, r)
		w.WriteHeader(kept.status)
		body := js.Global().Get("Uint8Array").New(kept.body.Len())
		js.CopyBytesToJS(body, kept.body.Bytes())
		w.(rawBody).WriteRawJSBody(body)
	}))
}

// rawBody is what a response writer of package workers takes a JavaScript body by.
type rawBody interface{ WriteRawJSBody(js.Value) }

// whole keeps a response until it is complete.
type whole struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *whole) Header() http.Header            { return w.header }
func (w *whole) WriteHeader(status int)         { w.status = status }
func (w *whole) Write(part []byte) (int, error) { return w.body.Write(part) }
