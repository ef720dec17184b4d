package chart

import (
	"math"

	"moecost/core/axis"
)

// linearScale is the end of an axis from zero and the distance between its
// ticks: three to five round values. The end moves in steps as the data leave
// it, so that a slider moves marks and not the axis.
func linearScale(most float64) (end, step float64) { return axis.Linear(most) }

// ticksTo lists 0, step, ... end.
func ticksTo(end, step float64) []float64 { return axis.Ticks(end, step) }

// decades lists the powers of ten, with 3 between them if thirds is set, from
// low to high inclusive.
func decades(low, high float64, thirds bool) []float64 {
	var ticks []float64
	for e := math.Floor(math.Log10(low)); e <= math.Log10(high)+1e-9; e++ {
		for _, m := range []float64{1, 3} {
			if v := timesTen(m, e); v >= low*(1-1e-9) && v <= high*(1+1e-9) && (m == 1 || thirds) {
				ticks = append(ticks, v)
			}
		}
	}
	return ticks
}

// powersOfTwo lists every n-th power of two from low to high, such that at
// most most of them are listed.
func powersOfTwo(low, high float64, most int) []float64 { return axis.PowersOfTwo(low, high, most) }

// decadeBelow and decadeAbove are the ends of a log axis that holds v: the
// nearest of 1, 3, 10, 30 ... that is not above it, or not below it.
func decadeBelow(v float64) float64 {
	e := exponentOf(v)
	if v >= timesTen(3, e)*(1-1e-9) {
		return timesTen(3, e)
	}
	return timesTen(1, e)
}

func decadeAbove(v float64) float64 {
	e := exponentOf(v)
	for _, m := range []float64{1, 3} {
		if v <= timesTen(m, e)*(1+1e-9) {
			return timesTen(m, e)
		}
	}
	return timesTen(1, e+1)
}

func exponentOf(v float64) float64 {
	if !(v > 0) || math.IsInf(v, 0) {
		return 0
	}
	return math.Floor(math.Log10(v) + 1e-12)
}

// timesTen is m times ten to the e, rounded once, so that an axis reads 0.3 and
// not 0.30000000000000004.
func timesTen(m, e float64) float64 {
	if e < 0 {
		return m / math.Pow(10, -e)
	}
	return m * math.Pow(10, e)
}
