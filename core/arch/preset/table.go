package preset

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"moecost/assets"
	"moecost/core/arch"
)

// catalogue is index.csv with every name a preset answers to.
type catalogue struct {
	presets []Preset
	byID    map[string]int
}

var table = sync.OnceValue(func() catalogue {
	c, err := parse(assets.Models(), assets.ModelCounts())
	if err != nil {
		panic(err) // embedded data: every test reads it
	}
	return c
})

// columns of index.csv, in order.
var columns = []string{
	"id", "hub_id", "name", "organisation", "kind", "config", "config_status", "config_source", "checked",
	"total_published", "active_published", "licence", "kv", "aliases", "notes",
}

// countColumns are those of counts.csv, which has a line for every model with a description.
var countColumns = []string{"id", "total", "active", "experts", "top_k"}

func parse(index, counts string) (catalogue, error) {
	rows, err := records("index.csv", index, columns)
	if err != nil {
		return catalogue{}, err
	}
	counted, err := parseCounts(counts)
	if err != nil {
		return catalogue{}, err
	}
	c := catalogue{byID: map[string]int{}}
	for _, row := range rows {
		p, err := parseRow(row)
		if err != nil {
			return catalogue{}, err
		}
		n, there := counted[p.ID]
		if p.Counted = n; there == (p.Kind == Closed) {
			return catalogue{}, fmt.Errorf("models/counts.csv: %s: every model but the closed ones has a line: run go generate ./core/arch/preset", p.ID)
		}
		for _, name := range p.names() {
			if other, taken := c.byID[name]; taken {
				return catalogue{}, fmt.Errorf("models/index.csv: %s: %q is taken by %s", p.ID, name, c.presets[other].ID)
			}
			c.byID[name] = len(c.presets)
		}
		c.presets = append(c.presets, p)
	}
	return c, nil
}

// records reads a table with these columns, without its first line.
func records(name, text string, columns []string) ([][]string, error) {
	rows, err := assets.Table(text)
	if err != nil {
		return nil, fmt.Errorf("models/%s: %w", name, err)
	}
	if len(rows) == 0 || strings.Join(rows[0], ",") != strings.Join(columns, ",") {
		return nil, fmt.Errorf("models/%s: first line: want the columns %s", name, strings.Join(columns, ","))
	}
	return rows[1:], nil
}

func parseCounts(text string) (map[string]Counts, error) {
	rows, err := records("counts.csv", text, countColumns)
	if err != nil {
		return nil, err
	}
	counted := make(map[string]Counts, len(rows))
	for _, row := range rows {
		var n Counts
		for i, to := range []*int64{&n.Total, &n.Active, &n.Experts, &n.TopK} {
			if *to, err = strconv.ParseInt(row[i+1], 10, 64); err != nil {
				return nil, fmt.Errorf("models/counts.csv: %s: %s: %q is not a whole number", row[0], countColumns[i+1], row[i+1])
			}
		}
		counted[row[0]] = n
	}
	return counted, nil
}

func parseRow(row []string) (Preset, error) {
	cell := func(column string) string {
		for i, name := range columns {
			if name == column {
				return row[i]
			}
		}
		panic("no column " + column)
	}
	p := Preset{
		ID:              cell("id"),
		HubID:           cell("hub_id"),
		Name:            cell("name"),
		Organisation:    cell("organisation"),
		Kind:            Kind(cell("kind")),
		Verbatim:        cell("config_status") == "verbatim",
		Source:          cell("config_source"),
		Checked:         cell("checked"),
		TotalPublished:  cell("total_published"),
		ActivePublished: cell("active_published"),
		Licence:         cell("licence"),
		KV:              cell("kv"),
		Aliases:         strings.Fields(cell("aliases")),
		Notes:           cell("notes"),
	}
	file := cell("config")
	switch {
	case p.Kind != MoE && p.Kind != Dense && p.Kind != Closed:
		return p, fmt.Errorf("models/index.csv: %s: kind: %q: moe, dense or closed would do", p.ID, p.Kind)
	case (p.Kind == Closed) != (file == ""):
		return p, fmt.Errorf("models/index.csv: %s: config: a closed model has none, every other has one", p.ID)
	case file != "":
		p.reading = sync.OnceValues(func() (*arch.Reading, error) { return read(p) })
	}
	return p, nil
}

// read decodes the description and gives the model its published name.
func read(p Preset) (*arch.Reading, error) {
	text, ok := description(p.ID)
	if !ok {
		return nil, fmt.Errorf("models/descriptions.txt: %s: missing: run go generate ./core/arch/preset", p.ID)
	}
	reading, err := arch.DecodeReading([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.ID, err)
	}
	reading.Model.Name, reading.Model.Organisation = p.Name, p.Organisation
	return reading, nil
}

// description finds the description of a preset.
func description(id string) (text string, ok bool) {
	_, text, ok = strings.Cut(assets.ModelDescriptions(), "\n# "+id+"\n")
	text, _, _ = strings.Cut(text, "\n# ")
	return text, ok
}

// names are all that the preset answers to, in lower case: its id, its aliases,
// and its Hub id with and without the organisation.
func (p Preset) names() []string {
	names := append([]string{p.ID}, p.Aliases...)
	hub := strings.ToLower(p.HubID)
	_, repository, _ := strings.Cut(hub, "/")
	for _, name := range []string{hub, repository} {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
