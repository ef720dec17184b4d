package main

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// types that a machine's own table may lack or have wrong.
var types = map[string]string{
	".css":         "text/css; charset=utf-8",
	".html":        "text/html; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".md":          "text/markdown; charset=utf-8",
	".svg":         "image/svg+xml",
	".txt":         "text/plain; charset=utf-8",
	".wasm":        "application/wasm",
	".webmanifest": "application/manifest+json",
	".woff2":       "font/woff2",
}

// site answers with the files of a built site.
type site struct {
	directory  string
	compressed string
	rules      []rule
}

func newSite(directory, compressed string) (*site, error) {
	rules, err := readHeaders(filepath.Join(directory, "_headers"))
	if err != nil {
		return nil, fmt.Errorf("%w: build the site first, with go run ./scripts/build", err)
	}
	return &site{directory, compressed, rules}, nil
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	address := path.Clean("/" + r.URL.Path)
	if strings.HasSuffix(r.URL.Path, "/") && address != "/" {
		address += "/" // rules for what lies below it hold for its page
	}
	apply(s.rules, address, w.Header())
	file := filepath.Join(s.directory, filepath.FromSlash(address))
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		if !strings.HasSuffix(address, "/") { // relative addresses of its page are below it
			to := url.URL{Path: address + "/", RawQuery: r.URL.RawQuery}
			http.Redirect(w, r, to.String(), http.StatusMovedPermanently)
			return
		}
		file = filepath.Join(file, "index.html")
		address = path.Join(address, "index.html")
	}
	// What steers a host is no page of the site.
	if strings.HasPrefix(path.Base(address), "_") {
		http.NotFound(w, r)
		return
	}
	content, err := os.ReadFile(file)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	extension := path.Ext(address)
	kind, ok := types[extension]
	if !ok {
		kind = mime.TypeByExtension(extension)
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "br") {
		small, err := os.ReadFile(filepath.Join(s.compressed, filepath.FromSlash(address)+".br"))
		if err == nil && len(small) < len(content) {
			content = small
			w.Header().Set("Content-Encoding", "br")
		}
	}
	w.Header().Set("Content-Length", fmt.Sprint(len(content)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		w.Write(content)
	}
}
