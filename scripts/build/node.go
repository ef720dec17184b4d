package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// installNode brings site/node_modules in line with the lock file, without the
// tools that only tests need (scripts/install brings those). A copy of the lock
// is left there, so that the next build need not ask npm.
func installNode() error {
	if _, err := exec.LookPath("npm"); err != nil {
		return fmt.Errorf("npm: not found: install Node 20 or newer, which brings it")
	}
	lock, err := os.ReadFile("site/package-lock.json")
	if err != nil {
		return err
	}
	stamp := filepath.Join("site", "node_modules", ".installed-lock")
	if have, err := os.ReadFile(stamp); err == nil && bytes.Equal(have, lock) {
		return nil
	}
	fmt.Println("build: npm ci in site/ (chart library, bundler)")
	if _, err := run("site", "npm", "ci", "--omit=dev"); err != nil {
		return err
	}
	return os.WriteFile(stamp, lock, 0o644)
}

// run runs a command in a directory and gives its standard output. The error
// carries what it wrote to standard error.
func run(directory, name string, arguments ...string) ([]byte, error) {
	return runWith(directory, nil, nil, name, arguments...)
}

func runWith(directory string, input []byte, environment []string, name string, arguments ...string) ([]byte, error) {
	command := exec.Command(name, arguments...)
	command.Dir = directory
	command.Stdin = bytes.NewReader(input)
	command.Env = append(os.Environ(), environment...)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("%s %v: %w\n%s", name, arguments, err, stderr.Bytes())
	}
	return stdout.Bytes(), nil
}
