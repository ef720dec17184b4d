// Package quantity writes numbers as people read them and reads what people
// type. It is opinionated: a column has one unit, a sentence three significant
// digits, a prediction never more digits than its range supports, and a value
// that cannot be shown honestly is shown as –, "never" or "< 0.01".
//
// Values are float64 in base units: bytes, seconds, FLOP, dollars, tokens.
// Thousands have commas, the minus sign is −, ranges have en dashes. Value and
// unit are joined by a no-break space, a percent sign by a narrow one.
package quantity

import (
	"math"
	"strconv"
	"strings"
)

// What stands for values that have no digits.
const (
	Unknown = "–"
	Never   = "never"

	noBreak       = "\u00a0"
	narrowNoBreak = "\u202f"
	minus         = "−"
)

// Integer writes a whole number with commas: 4,096.
func Integer(n int64) string { return commas(strconv.FormatInt(n, 10)) }

// Significant writes v with n significant digits, never with an exponent: 673,
// 24.9, 3.00, 2,150, 0.0450. Zero is 0.
func Significant(v float64, n int) string {
	if text, ok := special(v); ok {
		return text
	}
	return atPlace(v, lastPlace(v, n))
}

// Fixed writes v with d decimals, and what would round to zero as below the
// resolution: "< 0.01".
func Fixed(v float64, d int) string {
	if text, ok := special(v); ok {
		return text
	}
	text := strconv.FormatFloat(math.Abs(v), 'f', d, 64)
	if strings.Trim(text, "0.") == "" {
		smallest := "1"
		if d > 0 {
			smallest = "0." + strings.Repeat("0", d-1) + "1"
		}
		if v < 0 {
			return "> " + minus + smallest
		}
		return "< " + smallest
	}
	return signed(v, commas(text))
}

// special covers the values that have no digits.
func special(v float64) (string, bool) {
	switch {
	case math.IsNaN(v):
		return Unknown, true
	case math.IsInf(v, 0):
		return Never, true
	case v == 0:
		return "0", true
	}
	return "", false
}

// lastPlace is the power of ten of the last of n significant digits of v as it
// prints: 0 for 673 with three, -1 for 24.9, 1 for 2,150. It is read from the
// printed form, so that 999.6 counts as 1,000.
func lastPlace(v float64, n int) int {
	return exponentOf(strconv.FormatFloat(math.Abs(v), 'e', n-1, 64)) - n + 1
}

// atPlace rounds v to a power of ten and writes it.
func atPlace(v float64, place int) string {
	if place <= 0 {
		return signed(v, commas(strconv.FormatFloat(math.Abs(v), 'f', -place, 64)))
	}
	// Keep the leading digits that the place leaves, one at least.
	shortest := strconv.FormatFloat(math.Abs(v), 'e', -1, 64)
	text := strconv.FormatFloat(math.Abs(v), 'e', max(exponentOf(shortest)-place, 0), 64)
	rounded, _ := strconv.ParseFloat(text, 64)
	return signed(v, commas(strconv.FormatFloat(rounded, 'f', 0, 64)))
}

// exponentOf reads the exponent of a number in the form 1.23e+04.
func exponentOf(text string) int {
	exponent, _ := strconv.Atoi(text[strings.IndexByte(text, 'e')+1:])
	return exponent
}

func signed(v float64, digits string) string {
	if v < 0 {
		return minus + digits
	}
	return digits
}

// commas puts a comma between thousands of the integer part.
func commas(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = minus, digits[1:]
	}
	whole, fraction := digits, ""
	if i := strings.IndexByte(digits, '.'); i >= 0 {
		whole, fraction = digits[:i], digits[i:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return sign + whole + fraction
}
