package quantity

import (
	"math"
	"strconv"
)

// Text writes a counted value for a sentence: three significant digits and the
// unit. Whole numbers without a unit prefix keep all digits.
func (k Kind) Text(u Units, v float64) string {
	scale, number := k.Split(u, v)
	return scale.Join(number)
}

// Split is Text in two pieces, for a place that sets the unit apart.
func (k Kind) Split(u Units, v float64) (Scale, string) {
	scale := k.Scale(u, v)
	if text, ok := special(v); ok {
		return scale, text
	}
	switch k {
	case Dollars:
		return money(v)
	case Share:
		return scale, percent(100 * v)
	case Ratio:
		if math.Abs(v) < 1.1 {
			return Scale{0.01, "%"}, percent(100 * v)
		}
	case Tokens, Plain, Watts, Parameters:
		if scale.Factor == 1 && v == math.Trunc(v) && math.Abs(v) < 1e15 {
			return scale, Integer(int64(v))
		}
	}
	return scale, Significant(v/scale.Factor, 3)
}

// Full writes every digit, for the place where somebody checks the sum: bytes as a whole
// number, times in seconds, whatever makes the same float64 again.
func (k Kind) Full(v float64) string {
	if text, ok := special(v); ok {
		return text
	}
	unit := k.tiers(Decimal)[0].Unit
	switch k {
	case Bytes:
		unit = "bytes"
	case BytesPerSecond:
		unit = "bytes/s"
	case Seconds:
		unit = "s"
	case Share:
		unit = ""
	}
	return Scale{1, unit}.Join(commas(strconv.FormatFloat(v, 'f', -1, 64)))
}

// money keeps cents, and counts in cents with two digits below one.
func money(v float64) (Scale, string) {
	if a := math.Abs(v); a < 0.01 && strconv.FormatFloat(a, 'f', 4, 64) < "0.0100" {
		return Scale{0.01, "¢"}, Significant(100*v, 2)
	}
	return Scale{1, "$"}, Fixed(v, 2)
}

// percent keeps whole percents from 10, one decimal from 1, and two digits
// below. Between 99 and 100 it keeps the digits that tell it from all.
func percent(p float64) string {
	a := math.Abs(p)
	switch {
	case a > 99 && a < 100:
		for d := 0; d < 4; d++ {
			if text := strconv.FormatFloat(a, 'f', d, 64); text[:2] == "99" {
				return signed(p, text)
			}
		}
		return signed(p, "> 99.999")
	case rounded(a, 2) >= 10:
		return Fixed(p, 0)
	case rounded(a, 2) >= 1:
		return signed(p, strconv.FormatFloat(rounded(a, 2), 'f', -1, 64))
	case a < 0.01:
		return Fixed(p, 2)
	}
	return Significant(p, 2)
}

// Times writes a ratio for prose: "17.9 times", below 1.1 as percent.
func Times(v float64) string {
	scale, number := Ratio.Split(Decimal, v)
	if scale.Unit == "×" && number != Unknown && number != Never {
		return number + noBreak + "times"
	}
	return scale.Join(number)
}
