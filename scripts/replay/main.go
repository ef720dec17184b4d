// Command replay makes what the page shows of recorded routing out of the traces:
// assets/measurements/replay.json, hit rates by size and policy.
//
//	go run ./scripts/replay core/offload/replay/testdata assets/measurements/replay.json
//
// Run it (or go generate ./core/offload/replay) after a change to a trace or to the replay.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"moecost/core/json"
	"moecost/core/offload/cache"
	"moecost/core/offload/replay"
)

// traces are the files and what the page calls them.
var traces = []struct{ file, name string }{
	{"qwen.csv", "Qwen3-30B-A3B, 6 of 128"},
	{"gemma.csv", "Gemma 4 26B-A4B, 6 of 128"},
	{"gptoss.csv", "gpt-oss-120b, 2 of 128"},
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "replay: give the directory of the traces and the file to write")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "replay:", err)
		os.Exit(1)
	}
}

func run(directory, out string) error {
	text, err := made(directory)
	if err != nil {
		return err
	}
	return os.WriteFile(out, text, 0o644)
}

func made(directory string) ([]byte, error) {
	var curves []cache.Curve
	for _, t := range traces {
		text, err := os.ReadFile(filepath.Join(directory, t.file))
		if err != nil {
			return nil, err
		}
		read, err := replay.Read(string(text), 128)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.file, err)
		}
		read[0].Name = t.name
		curves = append(curves, rounded(replay.Curve(read[0], nil)))
	}
	text, err := json.Marshal(curves)
	return append(text, '\n'), err
}

// rounded keeps four digits of a rate: a hundredth of a point.
func rounded(c cache.Curve) cache.Curve {
	for _, row := range c.Rates {
		for i := range row {
			row[i] = float64(int(row[i]*1e4+0.5)) / 1e4
		}
	}
	c.Sigma = float64(int(c.Sigma*1e3+0.5)) / 1e3
	return c
}
