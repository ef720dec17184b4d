// Edge builds the worker that answers at the edge, into build/edge/: the program, Go's glue and what stands
// before them. The site in dist/ must have been built.
//
//	go run ./scripts/edge
//
// docs/deploying.md says how it is deployed.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// limit is what a worker may weigh before compression on every plan of Cloudflare
// (developers.cloudflare.com/workers/platform/limits).
const limit = 64 << 20

func main() {
	if err := build("build/edge"); err != nil {
		fmt.Fprintln(os.Stderr, "edge:", err)
		os.Exit(1)
	}
}

// build writes the worker of the checkout that it is run in.
func build(out string) error {
	if _, err := os.Stat("wasm/edge/worker.mjs"); err != nil {
		return fmt.Errorf("%w: run it at the root of the checkout", err)
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	embeds := "no"
	if _, err := os.Stat("dist/embed/index.html"); err == nil {
		embeds = "yes"
	}
	program := filepath.Join(out, "edge.wasm")
	flags := "-s -w -buildid= -X main.embeds=" + embeds
	if err := run([]string{"GOOS=js", "GOARCH=wasm"}, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags="+flags, "-o", program, "./wasm/edge"); err != nil {
		return err
	}
	content, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	version := fmt.Sprintf("export const version = %q;\n", hex.EncodeToString(sum[:8]))
	if err := os.WriteFile(filepath.Join(out, "version.mjs"), []byte(version), 0o644); err != nil {
		return err
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return fmt.Errorf("go env GOROOT: %w", err)
	}
	for _, file := range []string{filepath.Join(strings.TrimSpace(string(goroot)), "lib", "wasm", "wasm_exec.js"), "wasm/edge/worker.mjs"} {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(out, filepath.Base(file)), text, 0o644); err != nil {
			return err
		}
	}
	return weigh(content)
}

// weigh prints the size and refuses what could not be deployed.
func weigh(program []byte) error {
	var small bytes.Buffer
	z, err := gzip.NewWriterLevel(&small, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(program); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	fmt.Printf("edge: %d kB, %d kB compressed with gzip\n", len(program)/1000, small.Len()/1000)
	if len(program) > limit {
		return fmt.Errorf("%d bytes are more than the %d that a worker may have", len(program), limit)
	}
	return nil
}

func run(environment []string, name string, arguments ...string) error {
	command := exec.Command(name, arguments...)
	command.Env = append(os.Environ(), environment...)
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(arguments, " "), err, out)
	}
	return nil
}
