package main

import (
	"path/filepath"
	"strconv"

	"moecost/scripts/internal/table"
)

// readTable reads a CSV file with a header.
func readTable(dir, name string) ([]map[string]string, error) {
	return table.Read(filepath.Join(dir, name))
}

// number reads a cell; empty is def.
func number(cell string, def float64) float64 {
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		return def
	}
	return v
}
