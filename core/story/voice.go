package story

import (
	"math"
	"strings"

	"moecost/core/quantity"
	"moecost/core/report"
	"moecost/core/scenario"
)

// voice writes the numbers of one Report into sentences.
type voice struct {
	ask   scenario.Scenario // as the link has it
	r     *report.Report
	units quantity.Units
}

func newVoice(ask scenario.Scenario, r *report.Report) *voice {
	return &voice{ask: ask, r: r, units: r.Units()}
}

// words is plain text.
func words(text string) Span { return Span{Text: text} }

// say is a sentence of plain strings and Spans.
func say(parts ...any) Text {
	var t Text
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			if p != "" {
				t = append(t, words(p))
			}
		case Span:
			t = append(t, p)
		case Text:
			t = append(t, p...)
		}
	}
	return t
}

// plain is the sentence without buttons.
func (t Text) plain() string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(s.Text)
		if s.Range != "" {
			b.WriteString(" " + s.Range)
		}
	}
	return b.String()
}

// value of a Figure; NaN if the report has none, which prints as an en dash.
func (v *voice) value(id string) float64 {
	f, ok := v.r.Figure(id)
	if !ok {
		return math.NaN()
	}
	return f.Value
}

// figure is a number of the report as a button, written by its kind.
func (v *voice) figure(id string, kind quantity.Kind) Span {
	return v.as(id, kind.Text(v.units, v.value(id)))
}

// as is a Figure in words of our own.
func (v *voice) as(id, text string) Span {
	if _, ok := v.r.Figure(id); !ok {
		return words(text)
	}
	return Span{Text: text, Figure: id}
}

// weights writes a count of parameters for prose: "37.6 billion".
func weights(n float64) string {
	for _, s := range []struct {
		from float64
		word string
	}{{1e12, "trillion"}, {1e9, "billion"}, {1e6, "million"}} {
		if n >= s.from*0.9995 {
			return quantity.Significant(n/s.from, 3) + "\u00a0" + s.word
		}
	}
	return quantity.Integer(int64(n))
}

// cards names a number of accelerators: "16 H100s", "one RTX 4090".
func cards(n int, name string) string {
	if i := strings.Index(name, " ("); i > 0 {
		name = name[:i]
	}
	name = strings.TrimSuffix(name, " SXM")
	switch {
	case n == 1:
		return "one\u00a0" + name
	case strings.HasSuffix(name, "s") || strings.HasSuffix(name, ")"):
		return quantity.Integer(int64(n)) + "\u00a0×\u00a0" + name
	}
	return quantity.Integer(int64(n)) + "\u00a0" + name + "s"
}

// count writes "1 GPU", "16 GPUs".
func count(n int64, one string) string {
	if n == 1 {
		return "1\u00a0" + one
	}
	return quantity.Integer(n) + "\u00a0" + one + "s"
}

// moe tells whether the model has routed experts.
func (v *voice) moe() bool { return v.r.Model.RoutedExperts > 0 }

// predicted is a Figure with its range: "30 ms (25–35)".
func (v *voice) predicted(id string, kind quantity.Kind) Span {
	f, ok := v.r.Figure(id)
	if !ok {
		return words(quantity.Unknown)
	}
	p := kind.Predicted(v.units, f.Value, f.Low, f.High)
	s := Span{Text: p.Value(), Figure: id}
	if p.Range != "" {
		s.Range = "(" + p.Range + ")"
	}
	return s
}

// timed tells whether the report has the time of a step.
func (v *voice) timed() bool { return v.r.Decode != nil && v.r.Decode.Step > 0 }

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
