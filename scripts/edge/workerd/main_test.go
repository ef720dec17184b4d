// Package workerd tests the worker in Cloudflare's own runtime. It is a module of its own because it
// needs the built site.
package workerd

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const root = "../../.."

// address is where the worker runs in workerd, with dist/ behind it: "http://127.0.0.1:40135".
var address string

func TestMain(m *testing.M) {
	code, err := withWorker(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, "edge:", err)
		code = 1
	}
	os.Exit(code)
}

func withWorker(do func() int) (int, error) {
	if _, err := os.Stat(filepath.Join(root, "dist", "index.html")); err != nil {
		return 1, fmt.Errorf("%w: build the site first, with go run ./scripts/build", err)
	}
	build := exec.Command("go", "run", "./scripts/edge")
	build.Dir, build.Stdout, build.Stderr = root, os.Stdout, os.Stderr
	if err := build.Run(); err != nil {
		return 1, fmt.Errorf("go run ./scripts/edge: %w", err)
	}
	at, stop, err := start("build/edge")
	if err != nil {
		return 1, err
	}
	defer stop()
	address = at
	return do(), nil
}

// start runs a built worker and gives its address.
func start(worker string) (at string, stop func(), err error) {
	absolute, err := filepath.Abs(root)
	if err != nil {
		return "", nil, err
	}
	command := exec.Command("node", "miniflare.mjs", absolute, filepath.Join(absolute, worker))
	input, err := command.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		input.Close() // it ends with its input
		timer := time.AfterFunc(10*time.Second, func() { command.Process.Kill() })
		defer timer.Stop()
		command.Wait()
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		stop()
		return "", nil, fmt.Errorf("miniflare: %w: install the checkers first, with go run ./scripts/install", err)
	}
	return strings.TrimSuffix(strings.TrimSpace(line), "/"), stop, nil
}

// client follows no redirect, and gives up rather than hang.
var client = &http.Client{
	Timeout:       60 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport:     &http.Transport{MaxIdleConnsPerHost: 64},
}

// response is an answer that was read to its end.
type response struct {
	*http.Response
	body []byte
}

func send(method, at string) (response, error) {
	request, err := http.NewRequest(method, at, nil)
	if err != nil {
		return response{}, err
	}
	res, err := client.Do(request)
	if err != nil {
		return response{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode == 0 {
		err = errors.New("no status")
	}
	return response{res, body}, err
}

func get(t testing.TB, path string) response {
	t.Helper()
	res, err := send(http.MethodGet, address+path)
	if err != nil {
		t.Fatalf("%s: %v", path[:min(len(path), 90)], err)
	}
	return res
}

func escaped(text string) string { return url.QueryEscape(text) }

func dist(t testing.TB, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, "dist", file))
	if err != nil {
		t.Fatal(err)
	}
	return content
}
