package launch

import (
	"fmt"
	"strings"
	"sync"

	"moecost/assets"
)

// Option is one row of engine_flags.csv.
type Option struct {
	Engine, Tool string // tool: "serve", "bench", or "yaml" for a key of the file beside "serve"
	Key          string // what it sets, as this package calls it
	Flag         string
	Kind         string   // "int", "float", "text", "choice", "json", "bool", or "flag" for one without value
	Values       []string // of a choice; of json the keys
	Meaning      string
	Version      string
	Source       string // address
}

// parsed keeps the table. It is no sync.OnceValues, which a program that launches nothing would make at its start.
var parsed struct {
	once sync.Once
	list []Option
	err  error
}

// Options lists the table of options. The slice is shared.
func Options() ([]Option, error) {
	parsed.once.Do(func() { parsed.list, parsed.err = readOptions() })
	return parsed.list, parsed.err
}

func readOptions() ([]Option, error) {
	rows, err := assets.Table(assets.EngineFlags())
	if err != nil {
		return nil, fmt.Errorf("engine_flags.csv: %w", err)
	}
	var list []Option
	for _, r := range rows[1:] {
		o := Option{Engine: r[0], Tool: r[1], Key: r[2], Flag: r[3], Kind: r[4], Meaning: r[6], Version: r[7], Source: r[8]}
		if r[5] != "" {
			o.Values = strings.Split(r[5], "|")
		}
		list = append(list, o)
	}
	return list, nil
}

// find gives the option of an engine's tool for a key, or by its name.
func find(engine, tool, key string) (Option, error) {
	list, err := Options()
	if err != nil {
		return Option{}, err
	}
	for _, o := range list {
		if o.Engine == engine && o.Tool == tool && o.Key == key {
			return o, nil
		}
	}
	return Option{}, fmt.Errorf("engine_flags.csv: %s %s: nothing sets %q", engine, tool, key)
}
