package report

// Unit is what a Figure counts, in SI.
type Unit string

// The units.
const (
	Bytes         Unit = "bytes"
	BytesPerToken Unit = "bytes/token"
	Params        Unit = "parameters"
	Elements      Unit = "elements"
	Tokens        Unit = "tokens"
	Sequences     Unit = "sequences"
	GPUs          Unit = "GPUs"
	Experts       Unit = "experts"
	Layers        Unit = "layers"
	FLOPsPerToken Unit = "FLOPs/token"
	Count         Unit = ""
	Share         Unit = "share" // 0 to 1
	Ratio         Unit = "ratio" // times
	Seconds       Unit = "s"
	PerSecond     Unit = "1/s"

	TokensPerSecond Unit = "tokens/s"
	BytesPerSecond  Unit = "bytes/s"
	FLOPCount       Unit = "FLOPs"
	FLOPPerSecond   Unit = "FLOP/s"

	Dollars Unit = "USD"
)

// Figure is one number of a Report.
type Figure struct {
	ID    string // the path of its JSON key: "memory.per_gpu.free_bytes"
	Name  string // "free memory on each GPU"
	Value float64
	Unit  Unit

	// Low and High are the range in which 80 % of measurements fall. Both are 0
	// for what is counted, not predicted.
	Low, High float64
}

// entry is a row of the table of figures: what a number is, and where.
type entry struct {
	id, name string
	unit     Unit
	value    func(*Report) (float64, bool) // false: the report has no such number
}

// Figures lists the ids of all numbers in the report, in the order of its JSON.
func (r *Report) Figures() []string {
	var ids []string
	for i := range entries {
		if _, ok := entries[i].value(r); ok {
			ids = append(ids, entries[i].id)
		}
	}
	return ids
}

// Figure returns one number by its id; false if the report has none of that id.
func (r *Report) Figure(id string) (Figure, bool) {
	e := find(id)
	if e == nil {
		return Figure{}, false
	}
	v, ok := e.value(r)
	low, high := r.rangeOf(id)
	return Figure{ID: id, Name: e.name, Value: v, Unit: e.unit, Low: low * v, High: high * v}, ok
}

// entries is the table of all figures, section by section.
var entries = join(modelEntries, memoryEntries, perGPUEntries, decodeEntries, decodeTimeEntries, prefillEntries, routingEntries, balanceEntries, draftEntries, offloadEntries, tailEntries, costEntries)

func join(sections ...[]entry) []entry {
	var all []entry
	for _, s := range sections {
		all = append(all, s...)
	}
	return all
}

func find(id string) *entry {
	for i := range entries {
		if entries[i].id == id {
			return &entries[i]
		}
	}
	return nil
}
