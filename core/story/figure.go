package story

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"moecost/core/quantity"
	"moecost/core/report"
)

// Derivation is how one number opens: what it is, the formula in words, the
// values put in, the result with all its digits, and where each value comes from. Open gives what stands
// above the formula; the rest is of Explain.
type Derivation struct {
	ID      string
	Title   string // "Free memory on each GPU"
	Value   string // "24.9 GB"
	Of      string // what it counts, where the value does not say: "per token"; may be empty
	Left    string // of the formula in words: "free"
	Words   string // "capacity − weights − cache"
	Numbers string // the same with its values: "85,520,809,984 − 44,261,000,000 − …"
	Result  string // "24,868,123,904 bytes"
	Terms   []DerivationTerm
	Range   string // of a prediction: "80 % of measurements fall between 25 and 35 ms"; may be empty
	Note    string // convention or limit; may be empty
}

// DerivationTerm is one value of a formula.
type DerivationTerm struct {
	_ [0]func() // no == for it: docs/size.md

	Name   string
	Value  string // with all its digits
	Figure string // id of the number that it is, which opens in turn; or else
	Source string // where it comes from, in words
	Link   string // address of the source; empty if it has none
}

// wording is how a unit is written: the kind of its short form, what stands behind that,
// and the name of what the long form counts.
type wording struct {
	kind     quantity.Kind
	of, full string
}

var wordings = map[report.Unit]wording{
	report.Bytes:         {quantity.Bytes, "", "bytes"},
	report.BytesPerToken: {quantity.Bytes, "per token", "bytes per token"},
	report.Params:        {quantity.Parameters, "parameters", "parameters"},
	report.Elements:      {quantity.Plain, "elements", "elements"},
	report.Tokens:        {quantity.Plain, "tokens", "tokens"},
	report.Sequences:     {quantity.Plain, "sequences", "sequences"},
	report.GPUs:          {quantity.Plain, "GPUs", "GPUs"},
	report.Experts:       {quantity.Plain, "experts", "experts"},
	report.Layers:        {quantity.Plain, "layers", "layers"},
	report.FLOPsPerToken: {quantity.FLOPs, "per token", "FLOPs per token"},
	report.Share:         {quantity.Share, "", ""},
	report.Ratio:         {quantity.Ratio, "", "times"},
	report.Seconds:       {quantity.Seconds, "", "s"},
	report.PerSecond:     {quantity.Plain, "per second", "per second"},
	report.Dollars:       {quantity.Dollars, "", "US dollars"},
}

// Open is one number of the report without its arithmetic: title, value and range. It is false if the
// report has none of that id.
func Open(r *report.Report, id string) (Derivation, bool) {
	f, ok := r.Figure(id)
	if !ok {
		return Derivation{}, false
	}
	units := r.Units()
	w := wordings[f.Unit]
	out := Derivation{ID: id, Title: capital(f.Name), Value: w.kind.Text(units, f.Value), Of: w.of}
	if f.Low != 0 || f.High != 0 {
		p := w.kind.Predicted(units, f.Value, f.Low, f.High)
		out.Value = p.Value()
		out.Range = "80 % of measurements fall within " + p.Words() + "."
	}
	return out, true
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || strings.ContainsAny(s[:max(strings.IndexByte(s+" ", ' '), 1)], "._") {
		return s // nothing, or the name of a tensor
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// Plain is the derivation as a text, for a message or a note.
func (d Derivation) Plain() string {
	var b strings.Builder
	line := func(parts ...string) {
		for _, p := range parts {
			b.WriteString(p)
		}
		b.WriteByte('\n')
	}
	line(strings.TrimSpace(d.Title + ": " + d.Value + " " + d.Of))
	left := d.Left
	if left == "" {
		left = d.Title
	}
	line(left, " = ", d.Words)
	line("  = ", d.Numbers)
	line("  = ", d.Result)
	for _, t := range d.Terms {
		where := t.Source
		if t.Figure != "" {
			where = "see " + t.Figure
		}
		line("  ", t.Name, ": ", t.Value, " (", where, ")")
	}
	for _, more := range []string{d.Range, d.Note} {
		if more != "" {
			line(more)
		}
	}
	return b.String()
}
