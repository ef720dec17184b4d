package quantity

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Parse reads what somebody typed for a value of the kind: "4k", "1,024",
// "1e6", "2.5 GB", "50 ms", "75 %", "$2". The result is in base units. A number
// without a unit counts in bare, the unit that the field shows beside itself
// (1e9 for GB/s, 1e-3 for milliseconds); k, M, G, B and T alone are powers of
// 1,000, Ki, Mi, Gi and Ti of 1,024. Errors say what was wrong and what would
// do; the caller puts the field's name in front.
func (k Kind) Parse(text string, bare float64) (float64, error) {
	t := strings.TrimSpace(strings.Map(plainSpace, text))
	t = strings.TrimSpace(strings.TrimPrefix(t, "$"))
	end := numberEnd(t)
	digits, unit := t[:end], strings.TrimSpace(t[end:])
	if digits == "" {
		return 0, fmt.Errorf("%q: no number at the start; write %s", clip(text), k.example())
	}
	digits, err := withoutCommas(digits)
	if err != nil {
		return 0, fmt.Errorf("%q: %w", clip(text), err)
	}
	v, err := strconv.ParseFloat(strings.Replace(digits, minus, "-", 1), 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, fmt.Errorf("%q: not a number that can be used; write %s", clip(text), k.example())
	}
	factor, ok := k.factor(unit, bare)
	if !ok {
		return 0, fmt.Errorf("%q: the unit %q is not known here; write %s", clip(text), clip(unit), k.example())
	}
	if v *= factor; math.IsInf(v, 0) {
		return 0, fmt.Errorf("%q: too large; write %s", clip(text), k.example())
	}
	return v, nil
}

// plainSpace reads no-break and narrow spaces, which copied numbers contain, as spaces.
func plainSpace(r rune) rune {
	switch r {
	case '\u00a0', '\u202f', '\u2009', '\t':
		return ' '
	}
	return r
}

// numberEnd is where the number at the start of t ends. An e counts as an
// exponent only if digits follow: "4eV" is 4 with a unit.
func numberEnd(t string) int {
	i := 0
	if strings.HasPrefix(t, minus) {
		i = len(minus)
	} else if i < len(t) && (t[i] == '-' || t[i] == '+') {
		i++
	}
	start := i
	for i < len(t) && (isDigit(t[i]) || t[i] == '.' || t[i] == ',') {
		i++
	}
	if i == start {
		return 0
	}
	if i < len(t) && (t[i] == 'e' || t[i] == 'E') {
		j := i + 1
		if j < len(t) && (t[j] == '-' || t[j] == '+') {
			j++
		}
		if j < len(t) && isDigit(t[j]) {
			for j < len(t) && isDigit(t[j]) {
				j++
			}
			i = j
		}
	}
	return i
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// withoutCommas drops commas between thousands and refuses any other: "1,5" may
// be one and a half or fifteen, and guessing costs money.
func withoutCommas(digits string) (string, error) {
	if !strings.Contains(digits, ",") {
		return digits, nil
	}
	whole, rest := digits, ""
	if i := strings.IndexAny(digits, ".eE"); i >= 0 {
		whole, rest = digits[:i], digits[i:]
	}
	groups := strings.Split(whole, ",")
	for i, g := range groups {
		if i == 0 && (len(strings.TrimLeft(g, "+-"+minus)) > 3 || strings.TrimLeft(g, "+-"+minus) == "") || i > 0 && len(g) != 3 || strings.Contains(rest, ",") {
			return "", fmt.Errorf("a comma separates thousands here (1,024); write decimals with a point (1.5)")
		}
	}
	return strings.Join(groups, "") + rest, nil
}

// prefixes are multiples that may stand alone or before a unit.
var prefixes = []struct {
	text   string
	factor float64
}{
	{"k", 1e3}, {"K", 1e3}, {"M", 1e6}, {"m", 1e6}, {"G", 1e9}, {"g", 1e9}, {"T", 1e12}, {"t", 1e12}, {"P", 1e15}, {"E", 1e18},
	{"Ki", 1 << 10}, {"ki", 1 << 10}, {"Mi", 1 << 20}, {"mi", 1 << 20}, {"Gi", 1 << 30}, {"gi", 1 << 30}, {"Ti", 1 << 40}, {"ti", 1 << 40},
}

// Units that are no multiples by a prefix. Networks are sold in bits: Gb/s with a
// small b is read so, and gb/s, which says neither, is refused.
var (
	billions = map[string]float64{"B": 1e9, "b": 1e9}
	bits     = map[string]float64{
		"B/s": 1, "b/s": 1. / 8, "Mb/s": 1e6 / 8, "Gb/s": 1e9 / 8, "Tb/s": 1e12 / 8,
		"Mbit/s": 1e6 / 8, "Gbit/s": 1e9 / 8, "Tbit/s": 1e12 / 8, "Gbps": 1e9 / 8,
	}
)

// words are the unit words of each kind that take prefixes, and those that
// are whole units of their own.
var words = [Watts + 1]struct {
	prefixed []string
	whole    map[string]float64
	example  string
}{
	Plain:           {[]string{""}, billions, "4096, 4k or 1e6"},
	Bytes:           {[]string{"", "B", "b"}, map[string]float64{"B": 1, "byte": 1, "bytes": 1}, "80 GB or 80 GiB"},
	BytesPerSecond:  {[]string{"", "B/s", "B"}, bits, "25 GB/s"},
	Parameters:      {[]string{""}, billions, "671B or 7M"},
	Tokens:          {[]string{"", "tokens", "tok"}, map[string]float64{"tokens": 1, "token": 1, "tok": 1, "B": 1e9}, "4096 or 4k"},
	TokensPerSecond: {[]string{"", "tok/s", "tokens/s"}, map[string]float64{"tok/s": 1, "tokens/s": 1}, "100 tok/s"},
	Seconds: {nil, map[string]float64{"s": 1, "sec": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ns": 1e-9, "min": 60, "h": 3600},
		"50 ms or 1.5 s"},
	FLOPs:          {[]string{"", "FLOP", "FLOPs"}, map[string]float64{"FLOP": 1}, "75 GFLOP"},
	FLOPsPerSecond: {[]string{"", "FLOP/s", "FLOPS", "flops"}, map[string]float64{"FLOP/s": 1}, "989 TFLOP/s"},
	Dollars:        {[]string{""}, map[string]float64{"$": 1, "USD": 1, "usd": 1, "¢": 0.01, "c": 0.01}, "$2 or 2.50"},
	Share:          {nil, map[string]float64{"%": 0.01, "percent": 0.01}, "0.75 or 75 %"},
	Ratio:          {nil, map[string]float64{"x": 1, "×": 1, "times": 1}, "1.5"},
	Watts:          {[]string{"", "W"}, map[string]float64{"W": 1}, "700 W"},
}

func (k Kind) example() string { return words[k].example }

// factor is what a unit multiplies by.
func (k Kind) factor(unit string, bare float64) (float64, bool) {
	if unit == "" {
		return bare, true
	}
	w := words[k]
	if f, ok := w.whole[unit]; ok {
		return f, true
	}
	for _, p := range prefixes {
		rest, ok := strings.CutPrefix(unit, p.text)
		if ok && has(w.prefixed, strings.TrimSpace(rest)) {
			return p.factor, true
		}
	}
	return 0, false
}

// clip keeps a hostile value from filling an error message.
func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

func has(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
