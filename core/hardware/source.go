package hardware

import (
	"fmt"
	"strings"
	"sync"

	"moecost/assets"
)

// Sources says where each group of figures was read.
type Sources struct {
	Memory, Bandwidth, Peaks, Links, Price []Source
}

// Source is a place where a fact was read.
type Source struct {
	ID      string
	Address string
	Read    string // what was read there, quoted where the words matter
	Licence string
}

// sources memoises the table of sources by id.
var sources = sync.OnceValue(func() map[string]Source {
	rows, err := readTable(assets.Sources(), "sources.csv")
	if err != nil {
		panic(err) // embedded data: a test reads all of it
	}
	byID := make(map[string]Source, len(rows))
	for _, r := range rows {
		byID[r["id"]] = Source{ID: r["id"], Address: r["address"], Read: r["read"], Licence: r["licence"]}
	}
	return byID
})

// sourcesOf resolves the space-separated ids of one cell.
func sourcesOf(where, cell string) ([]Source, error) {
	var found []Source
	for _, id := range strings.Fields(cell) {
		s, ok := sources()[id]
		if !ok {
			return nil, fmt.Errorf("%s: source %q: not in sources.csv", where, id)
		}
		found = append(found, s)
	}
	return found, nil
}
