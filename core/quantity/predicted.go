package quantity

import "math"

// roughRange is the relative width of a range from which a prediction keeps
// two significant digits instead of three.
const roughRange = 0.05

// Prediction is a predicted value as text.
type Prediction struct {
	Number string // "30"
	Range  string // "25–35" in the same unit; empty if there is no range
	Scale  Scale
}

// Value is the number with its unit: "30 ms".
func (p Prediction) Value() string { return p.Scale.Join(p.Number) }

// String is the value with its range behind: "30 ms (25–35)".
func (p Prediction) String() string {
	if p.Range == "" {
		return p.Value()
	}
	return p.Value() + " (" + p.Range + ")"
}

// Words is the range for running text: "25 to 35 ms".
func (p Prediction) Words() string {
	if p.Range == "" {
		return p.Value()
	}
	for i, r := range p.Range {
		if r == '–' {
			return p.Range[:i] + " to " + p.Scale.Join(p.Range[i+len("–"):])
		}
	}
	return p.Scale.Join(p.Range)
}

// Predicted writes a prediction with its range, with no more digits than the
// range supports: two significant ones where it is wider than 5 % of the value,
// else three, and the bounds rounded at the same place. Money keeps its cents.
func (k Kind) Predicted(u Units, v, low, high float64) Prediction {
	scale, number := k.Split(u, v)
	p := Prediction{Number: number, Scale: scale}
	if _, ok := special(v); ok || math.IsNaN(low) || math.IsNaN(high) || low == high {
		return p
	}
	var bound func(float64) string
	switch k {
	case Dollars:
		bound = func(x float64) string {
			if scale.Unit == "¢" {
				return Significant(x/scale.Factor, 2)
			}
			return Fixed(x, 2)
		}
	case Share:
		bound = func(x float64) string { return percent(100 * x) }
	default:
		digits := 3
		if math.Abs(high-low) > roughRange*math.Abs(v) {
			digits = 2
			scale = k.Scale(u, rounded(v, digits)) // 997 ms is 1.0 s
			p.Scale = scale
		}
		place := lastPlace(v/scale.Factor, digits)
		p.Number = atPlace(v/scale.Factor, place)
		bound = func(x float64) string {
			if text, ok := special(x); ok {
				return text
			}
			if text := atPlace(x/scale.Factor, place); !allZero(text) {
				return text
			}
			return Significant(x/scale.Factor, 1)
		}
	}
	p.Range = bound(low) + "–" + bound(high)
	return p
}

func allZero(text string) bool {
	for _, r := range text {
		if r >= '1' && r <= '9' {
			return false
		}
	}
	return true
}
