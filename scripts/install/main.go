// Install brings what the tests need beyond Go and Node: the checkers of
// site/package.json by npm, a Chromium for the browser tests and a C compiler
// for the race detector. On Debian it takes the latter two from Debian's packages, which
// needs root; anywhere else, and without root, it says what is missing.
//
//	go run ./scripts/install
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// need is a program that must be there under one of several names.
type need struct {
	what    string
	names   []string
	env     string   // names the program instead
	debian  []string // packages that bring it
	instead string   // what to do by hand
}

var needs = []need{
	{
		what: "Node and npm", names: []string{"npm"},
		instead: "install Node 20 or newer",
	},
	{
		what: "a C compiler", names: []string{"gcc", "clang"}, env: "CC",
		debian: []string{"gcc", "libc6-dev"}, instead: "install gcc: the race detector links with it",
	},
	{
		what: "Chromium", names: []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}, env: "CHROME_PATH",
		debian: []string{"chromium"}, instead: "install Chromium, or name one in CHROME_PATH",
	},
}

func main() {
	if err := install(); err != nil {
		fmt.Fprintln(os.Stderr, "install:", err)
		os.Exit(1)
	}
}

func install() error {
	updated := false
	for _, n := range needs {
		if n.there() {
			continue
		}
		if _, err := exec.LookPath("apt-get"); err != nil || len(n.debian) == 0 {
			return fmt.Errorf("%s: not found: %s", n.what, n.instead)
		}
		if os.Geteuid() != 0 {
			return fmt.Errorf("%s: not found, and only root can install packages: run `apt-get install %s` as root, or %s", n.what, strings.Join(n.debian, " "), n.instead)
		}
		if !updated {
			if err := apt("update"); err != nil {
				return err
			}
			updated = true
		}
		if err := apt(append([]string{"install", "--yes", "--no-install-recommends"}, n.debian...)...); err != nil {
			return err
		}
		if !n.there() {
			return fmt.Errorf("%s: still not found after apt-get install %s", n.what, strings.Join(n.debian, " "))
		}
	}
	return checkers()
}

// checkers installs all of site/package.json, unless that has been done for the
// lock file as it is. scripts/build leaves the copy of the lock too, but not the checkers.
func checkers() error {
	lock, err := os.ReadFile("site/package-lock.json")
	if err != nil {
		return fmt.Errorf("%w: run it at the root of the checkout", err)
	}
	const stamp = "site/node_modules/.installed-lock"
	have, _ := os.ReadFile(stamp)
	if _, err := os.Stat("site/node_modules/axe-core"); err == nil && string(have) == string(lock) {
		return nil
	}
	fmt.Println("install: npm ci in site/ (chart library, bundler, checkers)")
	command := exec.Command("npm", "ci")
	command.Dir = "site"
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	return os.WriteFile(stamp, lock, 0o644)
}

func (n need) there() bool {
	names := n.names
	if value := os.Getenv(n.env); n.env != "" && value != "" {
		names = []string{value}
	}
	for _, name := range names {
		if _, err := exec.LookPath(name); err == nil {
			return true
		}
	}
	return false
}

func apt(arguments ...string) error {
	fmt.Println("install: apt-get", strings.Join(arguments, " "))
	command := exec.Command("apt-get", append([]string{"-q"}, arguments...)...)
	command.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	out, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("apt-get %s: %w\n%s", strings.Join(arguments, " "), err, out)
	}
	return nil
}
