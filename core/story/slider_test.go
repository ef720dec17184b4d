package story

import (
	"math"
	"testing"
)

func TestSliderPositionAndValueAreInverse(t *testing.T) {
	sliders := map[string]Slider{
		"batch": {Min: 1, Max: 4096, Log: true},
		"skew":  {Min: 0, Max: 2},
	}
	for name, s := range sliders {
		for p := 0.0; p <= 1; p += 1.0 / 64 {
			// log2 and exp2 are correctly rounded to within a few units in the last place.
			if got := s.Position(s.Value(p)); math.Abs(got-p) > 1e-14 {
				t.Errorf("%s: position of the value at %v: got %v", name, p, got)
			}
		}
	}
}

func TestSliderEnds(t *testing.T) {
	batch := Slider{Min: 1, Max: 512, Log: true, Ticks: []float64{1, 2, 4, 8, 64, 512}}
	for _, c := range []struct{ value, want float64 }{
		{1, 0}, {8, 1.0 / 3}, {64, 2.0 / 3}, {512, 1}, {0, 0}, {-3, 0}, {9999, 1}, {math.NaN(), 0}, {math.Inf(1), 1},
	} {
		if got := batch.Position(c.value); math.Abs(got-c.want) > 1e-14 {
			t.Errorf("Position(%v): got %v, want %v", c.value, got, c.want)
		}
	}
	for _, c := range []struct {
		value     float64
		direction int
		want      float64
	}{
		{64, 1, 512}, {64, -1, 8}, {65, -1, 64}, {63, 1, 64}, {512, 1, 512}, {1, -1, 1}, {700, 1, 512}, {0.5, -1, 1},
	} {
		if got := batch.Next(c.value, c.direction); got != c.want {
			t.Errorf("Next(%v, %d): got %v, want %v", c.value, c.direction, got, c.want)
		}
	}
}
