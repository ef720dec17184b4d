package story

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"moecost/core/report"
)

// The printed formula with its printed values, worked out by hand as it were,
// gives the printed result: nothing is lost on the way from the report to the page.
func TestPrintedArithmeticIsTrue(t *testing.T) {
	for _, query := range []string{
		"", "model=mixtral-8x7b&gpu=rtx4090&gpus=4&weights=int4", "model=gpt-oss-120b&gpus=8&batch=7&in=1000",
		"model=llama-3.1-70b&gpus=8&pp=2", "model=jamba-v0.1&gpu=h200&skew=0", "model=deepseek-v3.2&gpus=32&draft=1&spare=32&eplb=static",
	} {
		r := reportFor(t, query)
		for _, id := range r.Figures() {
			d, err := Explain(r, id)
			if err != nil {
				t.Fatalf("%s: %v", query, err)
			}
			f, _ := r.Figure(id)
			if number, _, _ := strings.Cut(d.Result, "\u00a0"); !strings.HasPrefix(number, "−") {
				if got, err := strconv.ParseFloat(strings.ReplaceAll(number, ",", ""), 64); err != nil || got != f.Value {
					t.Errorf("%s: %s: prints the result %q, the report has %v", query, id, d.Result, f.Value)
				}
			}
			if strings.Contains(d.Numbers, "sum(") {
				continue // lists stay symbols; core/report's own test evaluates them
			}
			e := evaluation{text: d.Numbers}
			got := e.sum()
			if e.fault != "" || e.text[e.at:] != "" {
				t.Errorf("%s: %s: cannot work out %q: %s at %q", query, id, d.Numbers, e.fault, e.text[e.at:])
				continue
			}
			// 1e-9 leaves room for the order of additions.
			if math.Abs(got-f.Value) > 1e-9*math.Abs(f.Value) {
				t.Errorf("%s: %s: %q makes %v, the report has %v", query, id, d.Numbers, got, f.Value)
			}
		}
	}
}

func reportFor(t *testing.T, query string) *report.Report {
	t.Helper()
	s, problems := report.Catalogue().Decode(query)
	if len(problems) > 0 {
		t.Fatalf("%s: %s", query, problems[0])
	}
	r, err := report.Build(report.Question{Scenario: s})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return r
}

func TestTermsHaveSourcesThatOpen(t *testing.T) {
	r := reportFor(t, "")
	d, err := Explain(r, "memory.weights_bytes")
	if err != nil {
		t.Fatal(err)
	}
	const config = "https://huggingface.co/deepseek-ai/DeepSeek-V3/blob/main/config.json"
	if got := d.Terms[0].Link; got != config {
		t.Errorf("source of the elements: got %q, want %q", got, config)
	}
	for source, want := range map[string]string{
		"the scenario":                            "",
		"github.com/a/b@1 dir/file.json":          "https://github.com/a/b@1",
		"see arXiv:2403.05530.":                   "https://arxiv.org/abs/2403.05530",
		"nvidia-smi, https://x.example/y, quoted": "https://x.example/y",
		"config.json of the reader":               "",
		"javascript://x":                          "",
	} {
		if got := sourceLink(source); got != want {
			t.Errorf("sourceLink(%q): got %q, want %q", source, got, want)
		}
	}
}

func TestPlainDerivation(t *testing.T) {
	d, err := Explain(reportFor(t, ""), "model.kv_bytes_per_token")
	if err != nil {
		t.Fatal(err)
	}
	text := d.Plain()
	for _, want := range []string{"70.3", "61 × 576 × 16 / 8", "= 70,272\u00a0bytes per token", "Attention layers: 61 (config.json of deepseek-ai/DeepSeek-V3)"} {
		if !strings.Contains(text, want) {
			t.Errorf("got %q, want %q in it", text, want)
		}
	}
}

// evaluation works out printed arithmetic.
type evaluation struct {
	text  string
	at    int
	fault string
}

func (e *evaluation) accept(token string) bool {
	if strings.HasPrefix(e.text[e.at:], token) {
		e.at += len(token)
		return true
	}
	return false
}

func (e *evaluation) sum() float64 {
	v := e.product()
	for {
		switch {
		case e.accept(" + "):
			v += e.product()
		case e.accept(" − "):
			v -= e.product()
		default:
			return v
		}
	}
}

func (e *evaluation) product() float64 {
	v := e.power()
	for {
		switch {
		case e.accept(" × "):
			v *= e.power()
		case e.accept(" / "):
			v /= e.power()
		default:
			return v
		}
	}
}

func (e *evaluation) power() float64 {
	v := e.atom()
	if e.accept("^") {
		return math.Pow(v, e.power())
	}
	return v
}

func (e *evaluation) atom() float64 {
	functions := map[string]func(a, b float64) float64{
		"max(": math.Max, "min(": math.Min,
		"ceil(":  func(a, _ float64) float64 { return math.Ceil(a) },
		"floor(": func(a, _ float64) float64 { return math.Floor(a) },
		"(":      func(a, _ float64) float64 { return a },
	}
	for name, f := range functions {
		if !e.accept(name) {
			continue
		}
		a := e.sum()
		b := a
		if e.accept(", ") {
			b = e.sum()
		}
		if !e.accept(")") {
			e.fault = "no )"
		}
		return f(a, b)
	}
	sign := 1.0
	if e.accept("−") {
		sign = -1
	}
	start := e.at
	for e.at < len(e.text) {
		c := e.text[e.at]
		thousands := c == ',' && e.at+1 < len(e.text) && unicode.IsDigit(rune(e.text[e.at+1]))
		if !unicode.IsDigit(rune(c)) && c != '.' && !thousands {
			break
		}
		e.at++
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(e.text[start:e.at], ",", ""), 64)
	if err != nil {
		e.fault = fmt.Sprint("no number at ", start)
	}
	return sign * v
}
