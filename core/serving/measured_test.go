package serving

import (
	"encoding/csv"
	"os"
	"testing"
)

// measuredRows reads a table of assets/measurements, each row by the names of its columns.
func measuredRows(t *testing.T, name string) []map[string]string {
	t.Helper()
	file, err := os.Open("../../assets/measurements/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, column := range records[0] {
			row[column] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}
