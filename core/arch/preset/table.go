package preset

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"sync"

	"moecost/assets"
	"moecost/core/arch/hf"
)

// catalogue is index.csv with every name a preset answers to.
type catalogue struct {
	presets []Preset
	byID    map[string]int
}

var table = sync.OnceValue(func() catalogue {
	text, err := assets.Models().ReadFile("models/index.csv")
	if err != nil {
		panic(err) // embedded data: every test reads it
	}
	c, err := parse(string(text))
	if err != nil {
		panic(err)
	}
	return c
})

// columns of index.csv, in order.
var columns = []string{
	"id", "hub_id", "name", "organisation", "kind", "config", "config_status", "config_source", "checked",
	"total_published", "active_published", "licence", "kv", "aliases", "notes",
}

func parse(text string) (catalogue, error) {
	reader := csv.NewReader(strings.NewReader(text))
	reader.FieldsPerRecord = len(columns)
	rows, err := reader.ReadAll()
	if err != nil {
		return catalogue{}, fmt.Errorf("models/index.csv: %w", err)
	}
	if len(rows) == 0 || strings.Join(rows[0], ",") != strings.Join(columns, ",") {
		return catalogue{}, fmt.Errorf("models/index.csv: first line: want the columns %s", strings.Join(columns, ","))
	}
	c := catalogue{byID: map[string]int{}}
	for _, row := range rows[1:] {
		p, err := parseRow(row)
		if err != nil {
			return catalogue{}, err
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
		p.reading = sync.OnceValues(func() (*hf.Reading, error) { return read(p, file) })
	}
	return p, nil
}

// read describes the config and gives the model its published name.
func read(p Preset, file string) (*hf.Reading, error) {
	data, err := assets.Models().ReadFile("models/configs/" + file)
	if err != nil {
		return nil, fmt.Errorf("%s: config: %w", p.ID, err)
	}
	reading, err := hf.Read(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.ID, err)
	}
	reading.Model.Name, reading.Model.Organisation = p.Name, p.Organisation
	return reading, nil
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
