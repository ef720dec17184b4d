package axis

import (
	"math"
	"testing"
)

// An axis holds its data, wastes less than half of itself, and has 2 to 5 steps.
func TestLinear(t *testing.T) {
	for most := 0.0013; most < 1e7; most *= 1.03 {
		end, step := Linear(most)
		ticks := Ticks(end, step)
		if end < most*(1-1e-9) || end > 2.01*most || len(ticks) < 3 || len(ticks) > 6 || math.Abs(ticks[len(ticks)-1]-end) > 1e-9*end {
			t.Errorf("for %g, got an axis to %g by %g: %v", most, end, step, ticks)
		}
	}
	for _, most := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if end, step := Linear(most); end != 1 || step != 0.25 {
			t.Errorf("for %g, got %g by %g, want 1 by 0.25", most, end, step)
		}
	}
}

func TestPowersOfTwo(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		most      int
		want      []float64
	}{
		{1, 8, 9, []float64{1, 2, 4, 8}},
		{1, 4096, 7, []float64{1, 4, 16, 64, 256, 1024, 4096}},
		{3, 40, 9, []float64{4, 8, 16, 32}},
		{5, 7, 9, nil},
	} {
		got := PowersOfTwo(c.low, c.high, c.most)
		if len(got) != len(c.want) {
			t.Errorf("from %g to %g: got %v, want %v", c.low, c.high, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("from %g to %g: got %v, want %v", c.low, c.high, got, c.want)
			}
		}
	}
}
