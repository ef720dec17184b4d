package hardware

import (
	"errors"
	"fmt"
	"strconv"
	"sync"

	"moecost/assets"
)

const giga, tera = 1e9, 1e12

// All returns every known accelerator in the order of the table: by vendor,
// data centre before desk. The slice is the caller's.
func All() []Accelerator { return append([]Accelerator(nil), table()...) }

// ByID returns the accelerator with the id of a link. It knows no custom ones;
// Parse does.
func ByID(id string) (Accelerator, bool) {
	for _, a := range table() {
		if a.ID == id {
			return a, true
		}
	}
	return Accelerator{}, false
}

var table = sync.OnceValue(func() []Accelerator {
	all, err := parseTable(assets.Hardware())
	if err != nil {
		panic(err) // embedded data: a test reads all of it
	}
	return all
})

// parseTable reads hardware.csv. Empty cells are 0.
func parseTable(text string) ([]Accelerator, error) {
	rows, err := readTable(text, "hardware.csv")
	if err != nil {
		return nil, err
	}
	all := make([]Accelerator, 0, len(rows))
	for _, r := range rows {
		a, err := parseRow(r)
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

func parseRow(r map[string]string) (Accelerator, error) {
	where := "hardware.csv: " + r["id"]
	var firstErr error
	number := func(column string, scale float64) float64 {
		if r[column] == "" {
			return 0
		}
		v, err := strconv.ParseFloat(r[column], 64)
		if err != nil && firstErr == nil {
			firstErr = fmt.Errorf("%s: %s: %q is not a number", where, column, r[column])
		}
		return v * scale
	}
	cited := func(column string) []Source {
		s, err := sourcesOf(where+": "+column, r[column])
		if err != nil && firstErr == nil {
			firstErr = err
		}
		return s
	}
	a := Accelerator{
		ID:           r["id"],
		Name:         r["name"],
		Vendor:       r["vendor"],
		Architecture: r["architecture"],

		MemoryBytes: int64(number("memory_bytes", 1)),
		MemoryBasis: MemoryBasis(r["memory_basis"]),
		MemorySold:  r["memory_sold"],

		BandwidthBytesPerSecond: number("bandwidth_gb_per_s", giga),
		Peaks: Peaks{
			BF16: number("bf16_tflops", tera),
			FP8:  number("fp8_tflops", tera),
			FP4:  number("fp4_tflops", tera),
			INT8: number("int8_tops", tera),
		},

		ScaleUp: ScaleUp{
			Name:           r["scaleup"],
			BytesPerSecond: number("scaleup_gb_per_s", giga),
			GPUs:           int(number("scaleup_gpus", 1)),
		},
		ScaleOutBytesPerSecond: number("scaleout_gb_per_s", giga),
		HostLink:               HostLink{Name: r["host_link"], BytesPerSecond: number("host_gb_per_s", giga)},
		Unified:                r["unified"] == "1",

		Watts: int(number("watts", 1)),
		Year:  int(number("year", 1)),

		Price: Price{
			USDPerHour: number("usd_per_hour", 1),
			Low:        number("usd_per_hour_low", 1),
			High:       number("usd_per_hour_high", 1),
			Basis:      r["price_basis"],
		},
		Sources: Sources{
			Memory:    cited("memory_source"),
			Bandwidth: cited("bandwidth_source"),
			Peaks:     cited("peaks_source"),
			Links:     cited("links_source"),
			Price:     cited("price_source"),
		},
		Note: r["note"],
	}
	return a, firstErr
}

// readTable reads a CSV file with a header into one map per row.
func readTable(text, name string) ([]map[string]string, error) {
	records, err := assets.Table(text)
	if err == nil && len(records) == 0 {
		err = errors.New("empty")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	header := records[0]
	rows := make([]map[string]string, 0, len(records)-1)
	for _, record := range records[1:] {
		row := make(map[string]string, len(header))
		for i, column := range header {
			row[column] = record[i]
		}
		rows = append(rows, row)
	}
	return rows, nil
}
