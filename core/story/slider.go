package story

import "math"

// Slider maps a control's values to the positions 0 to 1 of its track.
type Slider struct {
	Min, Max float64
	Log      bool      // positions follow log2 of the value
	Ticks    []float64 // round values, ascending, within Min and Max; the steppers go from one to the next
	Labels   []float64 // the ticks that carry a number
}

// Position gives the place of v on the track, 0 to 1; values outside lie at
// the nearer end.
func (s Slider) Position(v float64) float64 {
	low, high := s.scale(s.Min), s.scale(s.Max)
	p := (s.scale(v) - low) / (high - low)
	if !(p > 0) { // catches NaN and the log of zero
		return 0
	}
	return math.Min(p, 1)
}

// Value gives the value at a place on the track, not yet rounded to what the
// control accepts.
func (s Slider) Value(position float64) float64 {
	position = math.Max(0, math.Min(position, 1))
	v := s.scale(s.Min) + position*(s.scale(s.Max)-s.scale(s.Min))
	if s.Log {
		return math.Exp2(v)
	}
	return v
}

// Next gives the tick after v in the given direction (-1 or 1), or the end of
// the track when there is none.
func (s Slider) Next(v float64, direction int) float64 {
	if direction > 0 {
		for _, tick := range s.Ticks {
			if tick > v {
				return tick
			}
		}
		return s.Max
	}
	for i := len(s.Ticks) - 1; i >= 0; i-- {
		if s.Ticks[i] < v {
			return s.Ticks[i]
		}
	}
	return s.Min
}

func (s Slider) scale(v float64) float64 {
	if s.Log {
		return math.Log2(v)
	}
	return v
}
