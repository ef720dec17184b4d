package browser

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// emptyPage runs a Go program that does nothing, and writes down when it has ended.
const emptyPage = `<!doctype html><html lang="en"><title>empty</title><script src="wasm_exec.js"></script><script>
	const go = new Go();
	WebAssembly.instantiateStreaming(fetch("empty.wasm"), go.importObject)
		.then(({instance}) => go.run(instance)).then(() => { globalThis.ended = performance.now(); });
</script></html>`

// BenchmarkFloor: how long the page takes to be live with nothing in the browser's cache, for a link that asks for
// another answer, beside the same of a page whose Go program is empty; and what that program weighs.
func BenchmarkFloor(b *testing.B) {
	folder := b.TempDir()
	files := map[string]string{"index.html": emptyPage, "main.go": "package main\n\nfunc main() {}\n", "go.mod": "module empty\n"}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	program := command(b, folder, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", "empty.wasm", ".")
	program.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	output(b, program)
	root := strings.TrimSpace(output(b, command(b, folder, "go", "env", "GOROOT")))
	glue, err := os.ReadFile(filepath.Join(root, "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "wasm_exec.js"), glue, 0o644); err != nil {
		b.Fatal(err)
	}
	weight := output(b, command(b, folder, "node", "-p", `require("zlib").brotliCompressSync(require("fs").readFileSync("empty.wasm")).length`))
	bytes, err := strconv.ParseFloat(strings.TrimSpace(weight), 64)
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(http.FileServer(http.Dir(folder)))
	defer server.Close()
	const noted = `new MutationObserver((_, o) => { if ("live" in document.documentElement.dataset) { globalThis.ended = performance.now(); o.disconnect(); } }).observe(document, {attributes: true, subtree: true, attributeFilter: ["data-live"]})`
	for b.Loop() {
		page := Open(b, "/?batch=63", View{Before: noted})
		page.Wait(`globalThis.ended`)
		b.ReportMetric(Eval[float64](page, `ended`), "ms/live")
		empty := OpenIn(b, chrome, server.URL+"/", View{})
		empty.Wait(`globalThis.ended`)
		b.ReportMetric(Eval[float64](empty, `ended`), "ms/empty")
	}
	b.ReportMetric(bytes/1e3, "kB/empty")
}

func command(b *testing.B, folder, name string, arguments ...string) *exec.Cmd {
	c := exec.CommandContext(b.Context(), name, arguments...)
	c.Dir = folder
	return c
}

func output(b *testing.B, c *exec.Cmd) string {
	b.Helper()
	text, err := c.Output()
	if err != nil {
		b.Fatalf("%v: %v", c, err)
	}
	return string(text)
}
