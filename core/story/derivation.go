package story

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"moecost/core/quantity"
	"moecost/core/report"
)

// Derivation is how one number opens: what it is, the formula in words, the
// values put in, the result with all its digits, and where each value comes from.
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

// Explain says how one number of the report comes about. The error names the
// number if the report has none of that id.
func Explain(r *report.Report, id string) (Derivation, error) {
	d, err := r.Explain(id)
	if err != nil {
		return Derivation{}, err
	}
	units := r.Units()
	w := wordings[d.Figure.Unit]
	out := Derivation{
		ID: id, Title: capital(d.Figure.Name), Value: w.kind.Text(units, d.Figure.Value), Of: w.of,
		Numbers: putIn(d), Result: full(d.Figure.Value), Note: d.Note,
	}
	if w.full != "" {
		out.Result += "\u00a0" + w.full
	}
	var split bool
	if out.Left, out.Words, split = strings.Cut(d.Words, " = "); !split {
		out.Left, out.Words = "", d.Words
	}
	if d.Figure.Low != 0 || d.Figure.High != 0 {
		p := w.kind.Predicted(units, d.Figure.Value, d.Figure.Low, d.Figure.High)
		out.Value = p.Value()
		out.Range = "80 % of measurements fall within " + p.Words() + "."
	}
	for _, t := range d.Terms {
		out.Terms = append(out.Terms, explainTerm(t))
	}
	return out, nil
}

func explainTerm(t report.Term) DerivationTerm {
	out := DerivationTerm{Name: capital(t.Name), Value: full(t.Value), Figure: t.Figure, Source: t.Source, Link: sourceLink(t.Source)}
	if t.Values != nil {
		out.Value = values(t.Values)
	}
	if len(t.Factors) > 1 {
		var factors []string
		for _, f := range t.Factors {
			if f != 1 {
				factors = append(factors, quantity.Integer(f))
			}
		}
		if len(factors) > 1 {
			out.Source = strings.Join(factors, " × ") + ", " + out.Source
		}
	}
	return out
}

// values writes a list, of a long one the ends.
func values(list []float64) string {
	const most = 8
	var parts []string
	for i, v := range list {
		if len(list) > most && i == most-2 {
			parts = append(parts, "…", full(list[len(list)-1]))
			break
		}
		parts = append(parts, full(v))
	}
	text := strings.Join(parts, "; ")
	if len(list) > most {
		text += " (" + quantity.Integer(int64(len(list))) + " values)"
	}
	return text
}

// full writes every digit: with commas if it is a whole number.
func full(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
		return quantity.Integer(int64(v))
	}
	return quantity.Plain.Full(v)
}

// operators are written as in print.
var operators = map[rune]string{'*': " × ", '/': " / ", '-': " − ", '+': " + ", ',': ", "}

// putIn writes a formula with its values. A symbol that stands for a list stays, and
// its row says the values.
func putIn(d report.Derivation) string {
	terms := map[string]report.Term{}
	for _, t := range d.Terms {
		terms[t.Symbol] = t
	}
	var b strings.Builder
	for rest := d.Formula; rest != ""; {
		if n := symbolEnd(rest); n > 0 {
			if t, ok := terms[rest[:n]]; ok && t.Values == nil {
				b.WriteString(full(t.Value))
			} else {
				b.WriteString(rest[:n])
			}
			rest = rest[n:]
			continue
		}
		r, n := utf8.DecodeRuneInString(rest)
		rest = rest[n:]
		switch spaced, ok := operators[r]; {
		case ok:
			b.WriteString(spaced)
		case r != ' ':
			b.WriteRune(r)
		}
	}
	return b.String()
}

// symbolEnd is the length of the symbol or function name at the start of a formula.
func symbolEnd(formula string) int {
	for i, r := range formula {
		if !unicode.IsLetter(r) && r != '_' && (i == 0 || !unicode.IsDigit(r)) {
			return i
		}
	}
	return len(formula)
}

// sourceLink is the address in a source: one that it spells, or the config of a model on the Hub.
func sourceLink(source string) string {
	if _, model, ok := strings.Cut(source, "config.json of "); ok {
		model, _, _ = strings.Cut(model, ",")
		if strings.Count(model, "/") == 1 && !strings.Contains(model, " ") {
			return "https://huggingface.co/" + model + "/blob/main/config.json"
		}
	}
	for _, word := range strings.FieldsFunc(source, func(r rune) bool { return strings.ContainsRune(" ,;()\"", r) }) {
		word = strings.TrimRight(word, ".:")
		switch {
		case strings.HasPrefix(word, "https://"):
			return word
		case strings.HasPrefix(word, "arXiv:"):
			return "https://arxiv.org/abs/" + strings.TrimPrefix(word, "arXiv:")
		}
		for _, host := range []string{"github.com/", "huggingface.co/", "arxiv.org/"} {
			if strings.HasPrefix(word, host) {
				return "https://" + word
			}
		}
	}
	return ""
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
