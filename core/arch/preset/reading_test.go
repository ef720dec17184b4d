package preset

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"moecost/core/arch"
)

// Every config is understood: its family is known and no key that might change
// a count is left over.
func TestReadings(t *testing.T) {
	for _, p := range All() {
		if p.Kind == Closed {
			continue
		}
		r, err := p.Reading()
		if err != nil {
			t.Error(err)
			continue
		}
		if !r.Known || len(r.Unread) > 0 {
			t.Errorf("%s: known %v, keys not understood %v", p.ID, r.Known, r.Unread)
		}
		if r.Model.Name != p.Name || r.Model.Organisation != p.Organisation {
			t.Errorf("%s: the model is called %q of %q", p.ID, r.Model.Name, r.Model.Organisation)
		}
		if moe := r.Model.MoELayers() > 0; moe != (p.Kind == MoE) {
			t.Errorf("%s: kind %s, but %d MoE layers", p.ID, p.Kind, r.Model.MoELayers())
		}
		again, _ := p.Reading()
		if again != r {
			t.Errorf("%s: the description is made twice", p.ID)
		}
	}
}

// Publishers print rounded or cut-off figures, of the main model alone or with
// its MTP modules and vision tower. Those that no count of the published config comes to are
// listed with the reason.
func TestPublishedTotals(t *testing.T) {
	exceptions := map[string]string{
		"grok-1":              "314 B is the count without the tied embedding of 0.8 B",
		"kimi-linear-48b-a3b": "llama.cpp counts 49.12 B parameters in its checkpoint as well (ggml-org/llama.cpp pull request 17592)",
	}
	for _, p := range All() {
		r, err := p.Reading()
		if err != nil || p.TotalPublished == "" {
			continue
		}
		m := r.Model
		low := m.TotalParams()
		high := low + m.MTPParams() + m.VisionParams()
		agrees := printsAs(t, p.TotalPublished, low, high)
		if _, excepted := exceptions[p.ID]; agrees == excepted {
			t.Errorf("%s: published as %s, counted %d to %d; excepted: %v", p.ID, p.TotalPublished, low, high, excepted)
		}
	}
}

// Conventions differ in whether embedding and head count as active; the printed
// figure lies between leaving out both and counting both.
func TestPublishedActives(t *testing.T) {
	exceptions := map[string]string{
		"longcat-flash": "27 B is a mean over tokens that choose experts without weights; counted is the most a token can compute",
	}
	for _, p := range All() {
		r, err := p.Reading()
		if err != nil || p.ActivePublished == "" {
			continue
		}
		low, high := int64(math.MaxInt64), int64(0)
		for c := range arch.Convention(3) {
			n := r.Model.ActiveParams(c)
			low, high = min(low, n), max(high, n)
		}
		agrees := printsAs(t, p.ActivePublished, low, high)
		if _, excepted := exceptions[p.ID]; agrees == excepted {
			t.Errorf("%s: published as %s active, counted %d to %d; excepted: %v", p.ID, p.ActivePublished, low, high, excepted)
		}
	}
}

// printsAs reports whether some count from low to high is within one unit of
// the last printed digit of a figure such as "46.7B". Whole figures that end in
// 0 are taken as rounded to tens.
func printsAs(t *testing.T, printed string, low, high int64) bool {
	t.Helper()
	units := map[byte]float64{'M': 1e6, 'B': 1e9, 'T': 1e12}
	unit, digits := units[printed[len(printed)-1]], printed[:len(printed)-1]
	value, err := strconv.ParseFloat(digits, 64)
	if err != nil || unit == 0 {
		t.Fatalf("%q: a number and M, B or T would do", printed)
	}
	_, decimals, _ := strings.Cut(digits, ".")
	step := math.Pow(10, -float64(len(decimals)))
	if decimals == "" && strings.HasSuffix(digits, "0") {
		step = 10
	}
	return float64(high) > (value-step)*unit && float64(low) < (value+step)*unit
}
