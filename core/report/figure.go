package report

import "fmt"

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

// Derivation is how a Figure comes about.
type Derivation struct {
	Figure  Figure
	Words   string // "free = capacity − weights − cache − …"
	Formula string // the same in symbols: + - * / ^, parentheses, min, max, ceil, floor, sum
	Terms   []Term
	Note    string // convention or limit that the reader must know; may be empty
}

// Term is one symbol of a formula.
type Term struct {
	Symbol  string
	Name    string
	Value   float64
	Values  []float64 // instead of Value, for a symbol inside sum()
	Factors []int64   // whose product Value is, where that says more: layers, copies, shape
	Unit    Unit
	Figure  string // id of the Figure that it is, with a derivation of its own; or else
	Source  string // where it comes from
}

// entry is a row of the table of figures: where the number is, and how it is derived.
type entry struct {
	id, name string
	unit     Unit
	value    func(*Report) (float64, bool) // false: the report has no such number
	explain  func(*Report, *Derivation)
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

// Explain derives one number of the report.
func (r *Report) Explain(id string) (Derivation, error) {
	f, ok := r.Figure(id)
	if !ok {
		return Derivation{}, fmt.Errorf("report: %s: no such number in this report: see Figures", id)
	}
	d := Derivation{Figure: f}
	find(id).explain(r, &d)
	if class, factor, of, predicted := r.predicted(id); predicted {
		if d.Note != "" {
			d.Note += " "
		}
		if of&^rate == spanInside {
			d.Note += r.basisInside(class)
		} else {
			d.Note += r.basis(class, factor)
		}
	}
	return d, nil
}

// entries is the table of all figures, section by section. It is filled by init
// because derivations look up other figures in it.
var entries []entry

func init() {
	entries = join(modelEntries, memoryEntries, perGPUEntries, decodeEntries, decodeTimeEntries, prefillEntries, routingEntries, balanceEntries, draftEntries, offloadEntries, tailEntries, costEntries)
}

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

// term adds a symbol with the source of its value.
func (d *Derivation) term(symbol, name string, value float64, unit Unit, source string) {
	d.Terms = append(d.Terms, Term{Symbol: symbol, Name: name, Value: value, Unit: unit, Source: source})
}

// figure adds a symbol that is another number of the report.
func (d *Derivation) figure(r *Report, symbol, id string) {
	f, _ := r.Figure(id)
	d.Terms = append(d.Terms, Term{Symbol: symbol, Name: f.Name, Value: f.Value, Unit: f.Unit, Figure: id})
}

// say sets both forms of the formula.
func (d *Derivation) say(words, formula string) { d.Words, d.Formula = words, formula }
