package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

func TestServe(t *testing.T) {
	directory, compressed := t.TempDir(), t.TempDir()
	write := func(root, name, content string) {
		t.Helper()
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(directory, "_headers", "# comment\n/*\n  X-All: yes\n/assets/*\n  X-All: asset\n/assets/*.wasm\n  X-Wasm: 1\n/\n  X-Root: 1\n/below/*\n  X-Below: 1\n")
	write(directory, "index.html", "<p>long enough to be smaller when compressed")
	write(directory, "assets/a.wasm", "\x00asm")
	write(directory, "below/index.html", "<p>below")
	write(compressed, "index.html.br", "small")
	write(compressed, "assets/a.wasm.br", "larger than the file itself")
	s, err := newSite(directory, compressed)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, accept string
		code         int
		body         string
		headers      map[string]string
	}{
		{"/", "", 200, "<p>long enough to be smaller when compressed", map[string]string{"X-All": "yes", "X-Root": "1", "Content-Type": "text/html; charset=utf-8", "Content-Encoding": ""}},
		{"/", "gzip, br", 200, "small", map[string]string{"Content-Encoding": "br"}},
		{"/assets/a.wasm", "br", 200, "\x00asm", map[string]string{"X-All": "asset", "X-Wasm": "1", "Content-Type": "application/wasm", "Content-Encoding": ""}},
		{"/_headers", "", 404, "404 page not found\n", nil},
		{"/../serve_test.go", "", 404, "404 page not found\n", nil},
		{"/below/", "", 200, "<p>below", map[string]string{"X-Below": "1", "X-Root": ""}},
		{"/below", "", 301, "<a href=\"/below/\">Moved Permanently</a>.\n\n", map[string]string{"Location": "/below/"}},
		{"/none", "", 404, "404 page not found\n", map[string]string{"X-All": "yes"}},
	} {
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.URL.Path = c.path // as sent, not cleaned
		request.Header.Set("Accept-Encoding", c.accept)
		answer := httptest.NewRecorder()
		s.ServeHTTP(answer, request)
		if answer.Code != c.code || answer.Body.String() != c.body {
			t.Errorf("%s with %q: got %d %q, want %d %q", c.path, c.accept, answer.Code, answer.Body, c.code, c.body)
		}
		for name, want := range c.headers {
			if got := answer.Header().Get(name); got != want {
				t.Errorf("%s with %q: header %s: got %q, want %q", c.path, c.accept, name, got, want)
			}
		}
	}
}

func TestReadHeadersRefusesWhatIsNeither(t *testing.T) {
	file := filepath.Join(t.TempDir(), "_headers")
	if err := os.WriteFile(file, []byte("  X-Lost: 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := readHeaders(file); err == nil {
		t.Error("a header before any path: got no error")
	}
}
