package story

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"moecost/core/quantity"
	"moecost/core/report"
)

// Explain says how one number of the report comes about. The error names the
// number if the report has none of that id.
func Explain(r *report.Report, id string) (Derivation, error) {
	d, err := r.Explain(id)
	if err != nil {
		return Derivation{}, err
	}
	out, _ := Open(r, id)
	out.Note = d.Note
	derive(&out, d, wordings[d.Figure.Unit])
	return out, nil
}

// derive fills in formula and terms.
func derive(out *Derivation, d report.Derivation, w wording) {
	out.Numbers, out.Result = putIn(d), full(d.Figure.Value)
	if w.full != "" {
		out.Result += "\u00a0" + w.full
	}
	var split bool
	if out.Left, out.Words, split = strings.Cut(d.Words, " = "); !split {
		out.Left, out.Words = "", d.Words
	}
	for _, t := range d.Terms {
		out.Terms = append(out.Terms, explainTerm(t))
	}
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
