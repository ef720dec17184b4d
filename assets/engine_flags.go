package assets

import _ "embed"

//go:embed engine_flags.csv
var engineFlags string

// EngineFlags is engine_flags.csv: the options of serving engines and their benchmarks that a
// plan decides, with the place where each was read.
func EngineFlags() string { return engineFlags }
