package main

import (
	"bytes"
	"os"
	"slices"
	"strconv"
	"strings"
)

// compactHeader explains the columns of accuracy.csv.
var compactHeader = []string{"class", "model", "gpu", "gpus", "engine", "unit", "left_out", "source", "measured", "predicted"}

// writeCompact writes what the page embeds: the predicted rows with ids instead of
// names, sorted, an empty cell standing for the one above it. class is a row of classes.csv
// and source a row of accuracy_sources.csv, both from 1; unit is s or tok/s; left_out is 1 for rows that
// are shown and not counted.
func writeCompact(dir string, f *facts, rows []*row, predicted []float64, order []string) error {
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', 3, 64) }
	var sources []string
	var table [][]string
	for i, r := range rows {
		if r.skipped != "" {
			continue
		}
		model, gpu := r.model, r.gpu
		if m, err := find(f.models, "model", r.model); err == nil && !strings.HasPrefix(m["preset"], "file:") {
			model = m["preset"]
		}
		if g, err := find(f.gpus, "gpu", r.gpu); err == nil {
			gpu = g["id"]
		}
		if !slices.Contains(sources, r.source) {
			sources = append(sources, r.source)
		}
		unit, leftOut := "tok/s", "0"
		if r.slower {
			unit = "s"
		}
		if r.reason != "" {
			leftOut = "1"
		}
		table = append(table, []string{
			strconv.Itoa(slices.Index(order, className(r.class)) + 1), model, gpu, strconv.Itoa(r.gpus), r.engine, unit, leftOut,
			strconv.Itoa(slices.Index(sources, r.source) + 1), number(r.measured), number(predicted[i]),
		})
	}
	slices.SortStableFunc(table, func(a, b []string) int { // neighbours alike: by source, then by configuration
		for _, column := range []int{7, 1, 2, 3, 4, 0} {
			if c := strings.Compare(a[column], b[column]); c != 0 {
				return c
			}
		}
		return 0
	})
	var b bytes.Buffer
	b.WriteString(strings.Join(compactHeader, ",") + "\n")
	var above []string
	for _, cells := range table {
		line := slices.Clone(cells)
		for i := range len(cells) - 2 { // but the two figures
			if above != nil && above[i] == cells[i] {
				line[i] = ""
			}
		}
		b.WriteString(strings.Join(line, ",") + "\n")
		above = cells
	}
	if err := os.WriteFile(dir+"/accuracy.csv", b.Bytes(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(dir+"/accuracy_sources.csv", []byte("address\n"+strings.Join(sources, "\n")+"\n"), 0o644)
}

// listed are the classes that classes.csv has, in its order.
func listed(rows []*row) []string {
	var order []string
	for _, c := range classes {
		if slices.ContainsFunc(rows, func(r *row) bool { return r.skipped == "" && r.class == c && (r.used() || c == burst) }) {
			order = append(order, className(c))
		}
	}
	return order
}
