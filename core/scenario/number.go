package scenario

import (
	"math"
	"strconv"
	"strings"
)

// parseNumber reads a plain decimal number: an optional minus, digits with at
// most one point, an optional exponent. It is stricter than strconv.ParseFloat,
// which also takes "Inf", "NaN", hexadecimal digits and underscores. A number too
// large for a float64 is infinite, so that it fails the check of its limits.
func parseNumber(text string) (float64, bool) {
	rest := strings.TrimPrefix(text, "-")
	rest, whole := skipDigits(rest)
	fraction := 0
	if strings.HasPrefix(rest, ".") {
		rest, fraction = skipDigits(rest[1:])
		if fraction == 0 {
			return 0, false
		}
	}
	if whole+fraction == 0 {
		return 0, false
	}
	if rest != "" {
		if rest[0] != 'e' && rest[0] != 'E' {
			return 0, false
		}
		rest = rest[1:]
		if rest != "" && (rest[0] == '-' || rest[0] == '+') {
			rest = rest[1:]
		}
		rest, exponent := skipDigits(rest)
		if rest != "" || exponent == 0 {
			return 0, false
		}
	}
	// The grammar above leaves ErrRange as the only error, with x = ±Inf.
	x, _ := strconv.ParseFloat(text, 64)
	return x, true
}

func skipDigits(text string) (rest string, digits int) {
	for digits < len(text) && text[digits] >= '0' && text[digits] <= '9' {
		digits++
	}
	return text[digits:], digits
}

// wholeNumber says whether text is digits with an optional minus.
func wholeNumber(text string) bool {
	rest, digits := skipDigits(strings.TrimPrefix(text, "-"))
	return rest == "" && digits > 0
}

// roundNumber keeps a millionth. Nothing in a scenario is known better, and it
// turns what programs write (0.30000000000000004) into what people mean. Within
// the limits of all fields (at most 1e7) the result is the float64 nearest to the
// decimal, so that formatNumber and parseNumber are inverse. It is never -0.
func roundNumber(x float64) float64 { return math.Round(x*1e6)/1e6 + 0 }

func formatNumber(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// suffixes are what people write after a number. They are never accepted
// silently, because "4k" has two readings; they only make a suggestion.
var suffixes = []struct {
	text  string
	unit  string // of the field; empty: any
	scale float64
}{
	{"tokens", "tokens", 1},
	{"token", "tokens", 1},
	{"tok", "tokens", 1},
	{"ki", "tokens", 1024},
	{"k", "tokens", 1024}, // context lengths are powers of two: "32k" is 32,768
	{"m", "tokens", 1024 * 1024},
	{"msec", "ms", 1},
	{"ms", "ms", 1},
	{"sec", "ms", 1000},
	{"s", "ms", 1000},
	{"gb/s", "GB/s", 1},
	{"gbps", "GB/s", 1},
	{"gb", "GB/s", 1},
	{"gb", "GB", 1},
	{"tb", "GB", 1000},
	{"tb/s", "GB/s", 1000},
	{"usd", "USD per GPU-hour", 1},
	{"/h", "USD per GPU-hour", 1},
	{"gpus", "", 1},
	{"gpu", "", 1},
	{"k", "", 1000},
	{"x", "", 1},
}

// salvage guesses the number behind text that is not one, or is out of range, as
// the canonical text of a value that f allows; empty when there is no good guess.
func (f *field) salvage(text string) string {
	t := strings.ToLower(text)
	t = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" _'$€£~≈=<>", r) {
			return -1
		}
		return r
	}, t)
	scale := 1.0
	if percent := strings.TrimSuffix(t, "%"); percent != t {
		t = percent
		if f.Max == 1 {
			scale = 0.01
		}
	}
	for _, s := range suffixes {
		if number := strings.TrimSuffix(t, s.text); number != t && (s.unit == "" || s.unit == f.Unit) {
			t, scale = number, s.scale
			break
		}
	}
	x, ok := parseNumber(dropCommas(t, f.Kind))
	if !ok {
		return ""
	}
	x = min(max(x*scale, f.Min), f.Max)
	if f.Kind == KindCount {
		x = math.Round(x)
	}
	return formatNumber(roundNumber(x))
}

// dropCommas reads a comma as a separator of thousands where it can be one, and
// else as a decimal comma.
func dropCommas(text string, kind Kind) string {
	groups := strings.Split(text, ",")
	if len(groups) == 1 {
		return text
	}
	thousands := len(groups[0]) >= 1 && len(groups[0]) <= 3 &&
		(kind == KindCount || len(groups) > 2 || strings.Contains(text, "."))
	for _, g := range groups[1:] {
		whole, _, _ := strings.Cut(g, ".")
		thousands = thousands && len(whole) == 3
	}
	if thousands {
		return strings.Join(groups, "")
	}
	return strings.Join(groups, ".")
}
