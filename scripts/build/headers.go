package main

import "strings"

// policy admits what the page has: its own files, WebAssembly, and the one
// place that it contacts when the reader presses a button that says so. A
// config.json on the Hub may redirect to the Hub's storage.
var policy = []string{
	"default-src 'none'",
	"script-src 'self' 'wasm-unsafe-eval'",
	"style-src 'self'",
	"img-src 'self' data:",
	"font-src 'self'",
	"frame-src 'self'", // the preview of an embed
	"connect-src 'self' https://huggingface.co https://*.huggingface.co https://*.hf.co",
	"manifest-src 'self'",
	"worker-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
}

// headers writes the headers in the format that Netlify and Cloudflare share.
// Every asset may be fetched from anywhere: a page in a sandboxed frame has no
// origin of its own.
func (o *output) headers() error {
	rules := []struct {
		path   string
		values []string
	}{
		{"/*", []string{
			"Content-Security-Policy: " + strings.Join(policy, "; "),
			"X-Content-Type-Options: nosniff",
			"Referrer-Policy: no-referrer",
			"Permissions-Policy: camera=(), microphone=(), geolocation=(), payment=()",
		}},
		// No path below is matched by two rules that set the same header: hosts differ in what they make of that.
		{"/", []string{"Cache-Control: no-cache"}},
		{"/index.html", []string{"Cache-Control: no-cache"}},
		{workerPath, []string{"Cache-Control: no-cache"}},
		{comparePath + "*", []string{"Cache-Control: no-cache"}},
		// Pictures are for other sites, those that isolate themselves among them.
		{presetsPath + "*", []string{"Cache-Control: no-cache", "Access-Control-Allow-Origin: *", "Cross-Origin-Resource-Policy: cross-origin"}},
		// Embeds stand in frames anywhere, also where the page around isolates itself: so no frame-ancestors here.
		{embedPath + "*", []string{"Cache-Control: no-cache", "Access-Control-Allow-Origin: *", "Cross-Origin-Embedder-Policy: require-corp", "Cross-Origin-Resource-Policy: cross-origin"}},
		{hostPath, []string{"Cache-Control: public, max-age=3600", "Access-Control-Allow-Origin: *", "Cross-Origin-Resource-Policy: cross-origin"}},
		{assetsPath + "*", []string{
			"Cache-Control: public, max-age=31536000, immutable",
			"Access-Control-Allow-Origin: *",
			"Cross-Origin-Resource-Policy: cross-origin",
		}},
		{assetsPath + "*.wasm", []string{"Content-Type: application/wasm"}},
		{assetsPath + "*.webmanifest", []string{"Content-Type: application/manifest+json"}},
	}
	var b strings.Builder
	b.WriteString("# Written by scripts/build. Paths under " + assetsPath + " carry a hash of their content.\n")
	for _, rule := range rules {
		b.WriteString(rule.path + "\n")
		for _, value := range rule.values {
			b.WriteString("  " + value + "\n")
		}
	}
	if err := o.write("/_headers", []byte(b.String())); err != nil {
		return err
	}
	robots := "User-agent: *\nAllow: /\n"
	if at := origin(); at != "" {
		robots += "\nSitemap: " + at + "/sitemap.xml\n"
	}
	return o.write("/robots.txt", []byte(robots))
}
