// Package table reads the CSV files of assets for the programs beside it.
package table

import (
	"encoding/csv"
	"fmt"
	"os"
)

// Read gives the rows of a CSV file with a header, each by the names of its columns.
func Read(file string) ([]map[string]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", file, err)
	case len(records) == 0:
		return nil, fmt.Errorf("%s: empty: a line with the names of the columns is missing", file)
	}
	rows := make([]map[string]string, 0, len(records)-1)
	for _, record := range records[1:] {
		row := make(map[string]string, len(record))
		for i, column := range records[0] {
			row[column] = record[i]
		}
		rows = append(rows, row)
	}
	return rows, nil
}
