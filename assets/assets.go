// Package assets holds the data that moecost ships: facts, each with its
// source, in files a reader can diff. It is the one place that embeds them.
package assets

import _ "embed"

//go:embed hardware.csv
var hardware string

//go:embed hosts.csv
var hosts string

//go:embed sources.csv
var sources string

//go:embed models/index.csv
var models string

//go:embed models/counts.csv
var modelCounts string

//go:embed models/descriptions.txt
var modelDescriptions string

// Hardware is hardware.csv: one accelerator per row, one number per cell. The
// columns ending in _source hold ids of rows of Sources.
func Hardware() string { return hardware }

// Hosts is hosts.csv: machines that accelerators are in, with the rates that were measured
// between host memory and accelerator, and of experts on the CPU.
func Hosts() string { return hosts }

// Sources is sources.csv: id, address, what was read there, and the licence or
// terms under which it is published.
func Sources() string { return sources }

// Models is models/index.csv: the presets, where their configs were read, and
// what their publishers say of them.
func Models() string { return models }

// ModelCounts is models/counts.csv: what moecost counts of each preset.
func ModelCounts() string { return modelCounts }

// ModelDescriptions is models/descriptions.txt: after its first line, for each
// preset a line "# ID" and then its description, which core/arch decodes.
//
// It is one string, as all data here: an embedded file system brings package
// time along and costs the page 40 kB of compressed WebAssembly (Go 1.26).
func ModelDescriptions() string { return modelDescriptions }

//go:embed measurements/published_day.csv
var publishedDay string

// PublishedDay is measurements/published_day.csv: what DeepSeek published of one day of its service, a figure
// per row.
func PublishedDay() string { return publishedDay }

//go:embed measurements/accuracy.csv
var accuracy string

//go:embed measurements/accuracy_sources.csv
var accuracySources string

//go:embed measurements/classes.csv
var classes string

// Accuracy is accuracy.csv: what was measured and what is predicted for it, an empty
// cell standing for the one above it. class and source are rows of the other two tables, from 1.
func Accuracy() (rows, sources, errorsByClass string) { return accuracy, accuracySources, classes }

//go:embed measurements/replay.json
var replays string

// Replays is measurements/replay.json: recorded routing run through caches of experts,
// a JSON array of cache.Curve.
func Replays() string { return replays }
