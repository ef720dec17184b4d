package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"moecost/core/arch/preset"
)

// TestWasmAgrees answers the same queries natively and as WebAssembly under
// Node, for all presets, and compares: whole numbers and texts exactly, others
// to a relative 1e-12, which leaves room for one fused multiply-add here or there. A few
// are simulated, too.
func TestWasmAgrees(t *testing.T) {
	dir := t.TempDir()
	binary := filepath.Join(dir, "estimate.wasm")
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building for the browser: %v\n%s", err, out)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	node := filepath.Join(strings.TrimSpace(string(root)), "lib/wasm/go_js_wasm_exec")
	for tail, queries := range map[string]string{"-tail=false": everyPreset(), "-tail": simulated} {
		started := exec.Command(node, binary, tail)
		// A WebAssembly program has 12 kB for arguments and environment together.
		started.Env = []string{"PATH=" + os.Getenv("PATH")}
		started.Stdin = strings.NewReader(queries)
		wasm, err := started.Output()
		if err != nil {
			t.Fatalf("running under Node: %v", err)
		}
		var native bytes.Buffer
		if code := run([]string{tail}, strings.NewReader(queries), &native, os.Stderr); code != 0 {
			t.Fatalf("natively: exit %d", code)
		}
		here, there := lines(t, native.Bytes()), lines(t, wasm)
		if len(here) != len(there) {
			t.Fatalf("%d lines natively, %d as WebAssembly", len(here), len(there))
		}
		for i, query := range strings.Fields(queries) {
			for _, d := range differences("", here[i], there[i]) {
				t.Errorf("%s: %s", query, d)
			}
		}
	}
}

// simulated are queries of which the tail is compared, too: experts drawn by counts and
// token by token, a rate, drafts, prefill apart.
const simulated = `model=deepseek-v3&gpu=h200&gpus=32&tp=1&dp=32&ep=32&batch=512&out=200&eplb=online&spare=32&interval=500
model=longcat-flash&gpu=h200&gpus=16&batch=4&out=200&draft=1
model=gpt-oss-120b&gpu=h100-sxm&gpus=1&batch=16&rate=1&split=1
`

func everyPreset() string {
	var b strings.Builder
	for _, p := range preset.All() {
		if p.Kind != preset.Closed {
			fmt.Fprintf(&b, "model=%s\nmodel=%s&gpu=b200&gpus=24&weights=fp8&skew=0.5&batch=300&draft=1&eplb=static&spare=24&tpot=40&units=gib\n", p.ID, p.ID)
		}
	}
	return b.String()
}

func lines(t *testing.T, output []byte) []any {
	t.Helper()
	var all []any
	decoder := json.NewDecoder(bytes.NewReader(output))
	decoder.UseNumber()
	for decoder.More() {
		var v any
		if err := decoder.Decode(&v); err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}

// differences names the paths at which two JSON values differ.
func differences(path string, a, b any) []string {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return []string{path + ": other keys"}
		}
		var all []string
		for key := range x {
			all = append(all, differences(path+"."+key, x[key], y[key])...)
		}
		return all
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return []string{path + ": another length"}
		}
		var all []string
		for i := range x {
			all = append(all, differences(fmt.Sprintf("%s[%d]", path, i), x[i], y[i])...)
		}
		return all
	case json.Number:
		if y, ok := b.(json.Number); ok && same(x, y) {
			return nil
		}
	default:
		if a == b {
			return nil
		}
	}
	return []string{fmt.Sprintf("%s: natively %v, as WebAssembly %v", path, a, b)}
}

func same(x, y json.Number) bool {
	if x == y {
		return true
	}
	if _, err := x.Int64(); err == nil {
		return false // counts agree to the unit
	}
	a, errA := x.Float64()
	b, errB := y.Float64()
	return errA == nil && errB == nil && math.Abs(a-b) <= 1e-12*math.Abs(a)
}
