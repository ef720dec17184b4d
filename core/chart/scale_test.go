package chart

import (
	"math"
	"testing"
)

func TestLinearScaleHoldsTheDataInFewRoundSteps(t *testing.T) {
	for most := 0.013; most < 1e6; most *= 1.07 {
		end, step := linearScale(most)
		if end < most*(1-1e-9) {
			t.Errorf("for %g, got an axis to %g, which cuts the data", most, end)
		}
		if n := end / step; n < 2-1e-9 || n > 5+1e-9 {
			t.Errorf("for %g, got %g steps of %g, want 2 to 5", most, n, step)
		}
		if end > 2.01*most {
			t.Errorf("for %g, got an axis to %g: more than half of it is empty", most, end)
		}
	}
}

func TestLinearScaleOfNothing(t *testing.T) {
	for _, most := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if end, step := linearScale(most); end != 1 || step != 0.25 {
			t.Errorf("for %g, got %g by %g, want 1 by 0.25", most, end, step)
		}
	}
}

func TestPowersOfTwoThinOut(t *testing.T) {
	if got := powersOfTwo(1, 4096, 7); len(got) != 7 || got[0] != 1 || got[1] != 4 || got[6] != 4096 {
		t.Errorf("got %v, want 1, 4, 16 ... 4096", got)
	}
}

// Widths measured in Chromium with the shipped font at 100 px.
func TestTextWidth(t *testing.T) {
	if got := textWidth("0123", 100, false); math.Abs(got-198.8) > 0.1 {
		t.Errorf("for four digits, got %g, want 198.8", got)
	}
}

func TestDecadeEndsHoldTheValue(t *testing.T) {
	for v := 0.0011; v < 1e5; v *= 1.13 {
		low, high := decadeBelow(v), decadeAbove(v)
		if low > v*(1+1e-6) || high < v*(1-1e-6) || high/low > 3.4 {
			t.Errorf("for %g, got %g to %g, want the neighbours in 1, 3, 10 ...", v, low, high)
		}
	}
	for _, v := range []float64{1, 3, 10, 0.3} {
		if math.Abs(decadeBelow(v)/v-1) > 1e-12 || math.Abs(decadeAbove(v)/v-1) > 1e-12 {
			t.Errorf("for %g, got %g to %g, want it twice", v, decadeBelow(v), decadeAbove(v))
		}
	}
}
