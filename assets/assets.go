// Package assets holds the data that moecost ships: facts, each with its
// source, in files a reader can diff. It is the one place that embeds them.
package assets

import "embed"

//go:embed hardware.csv
var hardware string

//go:embed sources.csv
var sources string

//go:embed models/index.csv models/counts.csv models/descriptions
var models embed.FS

// Hardware is hardware.csv: one accelerator per row, one number per cell. The
// columns ending in _source hold ids of rows of Sources.
func Hardware() string { return hardware }

// Sources is sources.csv: id, address, what was read there, and the licence or
// terms under which it is published.
func Sources() string { return sources }

// Models is the directory "models" without the configs: the table that names the
// presets, what they count, and the description of each.
func Models() embed.FS { return models }
