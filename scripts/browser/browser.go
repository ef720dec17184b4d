// Package browser opens the built site in a headless Chromium and asks what a
// person would see. Its verbs read as a story:
//
//	page := site.Open(t, "/?model=kimi-k2")
//	page.WaitLive()
//	page.MustSee("[data-slot=answer]", "Kimi K2")
//
// The site is served by scripts/serve with the headers it is deployed with, so
// the content security policy is in force. The browser can reach loopback and
// nothing else.
package browser

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// chromiumNames are what the browser is called on the systems we know.
var chromiumNames = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// Chromium starts a browser with an empty profile. Cancel ends it and removes the profile.
// Extra flags are name and value, as in chromedp.Flag.
func Chromium(extra ...chromedp.ExecAllocatorOption) (context.Context, context.CancelFunc, error) {
	path := os.Getenv("CHROME_PATH")
	for _, name := range chromiumNames {
		if path == "" {
			path, _ = exec.LookPath(name)
		}
	}
	if path == "" {
		return nil, nil, fmt.Errorf("no Chromium: install it (on Debian: apt-get install chromium) or name it in CHROME_PATH")
	}
	profile, err := os.MkdirTemp("", "moecost-browser-")
	if err != nil {
		return nil, nil, err
	}
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path),
		chromedp.UserDataDir(profile),
		chromedp.NoFirstRun,
		chromedp.NoSandbox,
		chromedp.Flag("headless", "new"),
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-default-apps", true),
		chromedp.Flag("hide-scrollbars", true),
		// No name resolves: a request that leaves the machine fails, and the test sees it.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
	}
	allocator, cancelAllocator := chromedp.NewExecAllocator(context.Background(), append(options, extra...)...)
	// Log lines about messages newer than the protocol package are of no use to anybody.
	ctx, cancel := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	if err := chromedp.Run(ctx); err != nil {
		cancelAllocator()
		return nil, nil, fmt.Errorf("%s: does not start: %w", path, err)
	}
	return ctx, func() {
		cancel()
		cancelAllocator()
		os.RemoveAll(profile)
	}, nil
}

// Server is scripts/serve, running.
type Server struct {
	URL     string // "http://127.0.0.1:40123", without a slash at the end
	process *exec.Cmd
}

// Serve builds scripts/serve and starts it on a free port over a built site.
func Serve() (*Server, error) {
	root, err := filepath.Abs("../..")
	if err != nil {
		return nil, err
	}
	for { // the tests run in the package's directory, commands anywhere below the root
		if _, err := os.Stat(filepath.Join(root, "netlify.toml")); err == nil {
			break
		}
		if root == filepath.Dir(root) {
			return nil, fmt.Errorf("no moecost checkout here or above")
		}
		root = filepath.Dir(root)
	}
	directory, err := os.MkdirTemp("", "moecost-serve-")
	if err != nil {
		return nil, err
	}
	binary := filepath.Join(directory, "serve")
	compile := exec.Command("go", "build", "-o", binary, "./scripts/serve")
	compile.Dir = root
	if out, err := compile.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build ./scripts/serve: %w\n%s", err, out)
	}
	process := exec.Command(binary)
	process.Dir = root
	process.Stderr = os.Stderr
	out, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	os.RemoveAll(directory) // the process keeps what it needs of its own file
	if err != nil {
		process.Wait()
		return nil, fmt.Errorf("scripts/serve said no address: is the site built? (make build)")
	}
	return &Server{URL: strings.TrimSuffix(strings.TrimSpace(line), "/"), process: process}, nil
}

// Close ends the server.
func (s *Server) Close() {
	s.process.Process.Kill()
	s.process.Wait()
}

// patience is how long anything on the page may take on a busy machine.
const patience = 30 * time.Second
