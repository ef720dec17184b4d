package scenario

import (
	"math"
	"math/rand/v2"
	"regexp"
	"strconv"
	"testing"
)

// TestParseNumberGrammar compares with a regular expression on short texts over
// the characters that matter, all of them up to length 5.
func TestParseNumberGrammar(t *testing.T) {
	grammar := regexp.MustCompile(`^-?([0-9]+(\.[0-9]+)?|\.[0-9]+)([eE][-+]?[0-9]+)?$`)
	const letters = "0x9.-+eE_"
	var try func(text string, more int)
	try = func(text string, more int) {
		x, ok := parseNumber(text)
		if want := grammar.MatchString(text); ok != want {
			t.Fatalf("for %q, got a number: %v, want %v", text, ok, want)
		}
		if want, err := strconv.ParseFloat(text, 64); ok && (err == nil) && x != want {
			t.Fatalf("for %q, got %g, want %g", text, x, want)
		}
		if more > 0 {
			for _, r := range letters {
				try(text+string(r), more-1)
			}
		}
	}
	try("", 5)
	for _, text := range []string{"NaN", "nan", "Inf", "-inf", "infinity", "0x1p-2", "1_000", "1,000", "½", "٣", "1e", "e5", "1e5.5"} {
		if _, ok := parseNumber(text); ok {
			t.Errorf("%q was taken for a number", text)
		}
	}
	if x, ok := parseNumber("1e999"); !ok || !math.IsInf(x, 1) {
		t.Errorf("for 1e999, got %g, %v, want an infinity that fails every limit", x, ok)
	}
}

// TestNumbersSurvive: a value on the grid of a millionth is written and read back
// to the bit, and so is what a program makes of it by adding.
func TestNumbersSurvive(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		k := rng.Int64N(10_000_000_000_000) // up to 1e7
		text := strconv.FormatInt(k/1e6, 10) + "." + strconv.FormatInt(1e6+k%1e6, 10)[1:]
		x, _ := parseNumber(text)
		if roundNumber(x) != x {
			t.Fatalf("for %s, rounding to a millionth changes %v to %v", text, x, roundNumber(x))
		}
		noisy := x + (rng.Float64()-0.5)*1e-7
		if got := roundNumber(noisy); got != x && x < 1e6 {
			t.Fatalf("for %v, got %v, want %v", noisy, got, x)
		}
		if back, ok := parseNumber(formatNumber(x)); !ok || back != x {
			t.Fatalf("for %v, wrote %q and read %v", x, formatNumber(x), back)
		}
	}
	for _, text := range []string{"-0", "-0.0", "-1e-9"} {
		x, ok := parseNumber(text)
		if x = roundNumber(x); !ok || x != 0 || math.Signbit(x) {
			t.Errorf("for %s, got %v, want plain zero", text, x)
		}
	}
	if got := roundNumber(0.1 + 0.2); got != 0.3 {
		t.Errorf("for 0.1 + 0.2, got %v, want 0.3", got)
	}
}

func TestLimits(t *testing.T) {
	c := catalogue()
	for i := range table {
		f := &table[i]
		if f.Kind != KindCount && f.Kind != KindNumber {
			continue
		}
		check := func(x float64, want bool) {
			t.Helper()
			s := Default()
			if got := f.read(&c, &s, formatNumber(x)) == nil; got != want {
				t.Errorf("for %s=%s, got allowed: %v, want %v", f.Key, formatNumber(x), got, want)
			}
		}
		step := 1.0
		if f.Kind == KindNumber {
			step = 1e-6
		}
		check(f.Min, true)
		check(f.Max, true)
		check(f.Min-step, false)
		check(f.Max+step, false)
		check(1e9, false)
		check(-1e9, false)
		check(math.MaxFloat64, false)
	}
}

func TestSalvage(t *testing.T) {
	tests := []struct{ key, text, want string }{
		{"in", "4k", "4096"},
		{"in", "128K", "131072"},
		{"in", "1m", "1048576"},
		{"in", "4,096", "4096"},
		{"in", "4096 tokens", "4096"},
		{"in", "1_000", "1000"},
		{"in", "4096.0", "4096"},
		{"in", "1e5", "100000"},
		{"in", "0", "1"},
		{"in", "-5", "1"},
		{"in", "999999999999999999999999", "10000000"},
		{"batch", "1k", "1000"},
		{"gpus", "16 GPUs", "16"},
		{"gpus", "x16", ""},
		{"gpus", "8x", "8"},
		{"gpus", "5000", "4096"},
		{"accept", "85%", "0.85"},
		{"accept", "0,85", "0.85"},
		{"accept", "85", "1"},
		{"pct", "99%", "99"},
		{"pct", "100", "99.9"},
		{"price", "$2", "2"},
		{"price", "2/h", "2"},
		{"price", "1,234.5", "1234.5"},
		{"tpot", "50ms", "50"},
		{"ttft", "2s", "2000"},
		{"link", "64GB/s", "64"},
		{"link", "1.5 TB/s", "1500"},
		{"ram", "128 GB", "128"},
		{"ram", "1TB", "1000"},
		{"speed", "3%", "3"},
		{"gpus", "many", ""},
		{"gpus", "NaN", ""},
		{"gpus", "Infinity", ""},
		{"gpus", "0x10", ""},
	}
	for _, test := range tests {
		if got := find(test.key).salvage(test.text); got != test.want {
			t.Errorf("for %s=%s, got the suggestion %q, want %q", test.key, test.text, got, test.want)
		}
	}
}
