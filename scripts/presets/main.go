// Command presets makes what the page knows of the presets out of their
// configs: assets/models/descriptions.txt, and assets/models/counts.csv, so that a list
// of all models needs no description.
//
//	go run ./scripts/presets assets/models
//
// Run it (or go generate ./core/arch/preset) after a change to a config, to
// index.csv or to a reader of configs.
package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"moecost/assets/models/configs"
	"moecost/core/arch"
	"moecost/core/arch/hf"
	"moecost/scripts/internal/table"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "presets: give the directory of index.csv: assets/models")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "presets:", err)
		os.Exit(1)
	}
}

func run(directory string) error {
	rows, err := table.Read(filepath.Join(directory, "index.csv"))
	if err != nil {
		return err
	}
	var descriptions bytes.Buffer
	descriptions.WriteString("Made out of the configs by go generate ./core/arch/preset.\n")
	counts := [][]string{{"id", "total", "active", "experts", "top_k"}}
	for _, row := range rows {
		id, file := row["id"], row["config"]
		if file == "" {
			continue // closed
		}
		reading, text, err := describe(file)
		if err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		fmt.Fprintf(&descriptions, "# %s\n%s\n", id, lines(text))
		count := []string{id}
		m := reading.Model
		for _, n := range []int64{m.TotalParams(), m.ActiveParams(arch.WithEmbeddingAndHead), m.RoutedExperts(), m.TopK()} {
			count = append(count, strconv.FormatInt(n, 10))
		}
		counts = append(counts, count)
	}
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(counts); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(directory, "descriptions.txt"), descriptions.Bytes(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(directory, "counts.csv"), b.Bytes(), 0o644)
}

func describe(file string) (*arch.Reading, []byte, error) {
	config, err := configs.Files().ReadFile(file)
	if err != nil {
		return nil, nil, err
	}
	reading, err := hf.Read(config)
	if err != nil {
		return nil, nil, err
	}
	text, err := arch.EncodeReading(reading)
	return reading, text, err
}

// lines gives every layer and every tensor a line of its own, so that a
// difference can be read. Within a string of JSON, neither pattern occurs.
func lines(text []byte) []byte {
	for _, start := range []string{`{"name":`, `{"attention":`, `{"recurrent":`, `{"dense":`, `{"moe":`} {
		text = bytes.ReplaceAll(text, []byte(start), []byte("\n"+start))
	}
	return text
}
