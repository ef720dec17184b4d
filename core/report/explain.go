package report

import "fmt"

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

// explanation is a row of the tables of explanations: how one number is derived.
type explanation struct {
	id string
	of func(*Report, *Derivation)
}

// explanations are those of all figures, section by section. They are functions, not variables, so that a
// program that never calls Explain is linked without them: docs/size.md.
func explanations() []func() []explanation {
	return []func() []explanation{
		modelExplanations, flopExplanations, memoryExplanations, perGPUExplanations, decodeExplanations, decodeTimeExplanations, prefillExplanations, timedExplanations,
		routingExplanations, balanceExplanations, draftExplanations, offloadExplanations, tailExplanations, costExplanations,
	}
}

func explanationOf(id string) func(*Report, *Derivation) {
	for _, section := range explanations() {
		for _, e := range section() {
			if e.id == id {
				return e.of
			}
		}
	}
	return nil
}

// Explain derives one number of the report.
func (r *Report) Explain(id string) (Derivation, error) {
	f, ok := r.Figure(id)
	if !ok {
		return Derivation{}, fmt.Errorf("report: %s: no such number in this report: see Figures", id)
	}
	explain := explanationOf(id)
	if explain == nil {
		return Derivation{}, fmt.Errorf("report: %s: nothing says how this number comes about: add it to the explanations of its section", id)
	}
	d := Derivation{Figure: f}
	explain(r, &d)
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
