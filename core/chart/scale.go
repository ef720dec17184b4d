package chart

import "math"

// linearScale is the end of an axis from zero and the distance between its
// ticks: three to five round values. The end moves in steps as the data leave
// it, so that a slider moves marks and not the axis.
func linearScale(most float64) (end, step float64) {
	if !(most > 0) || math.IsInf(most, 0) {
		return 1, 0.25
	}
	power := math.Pow(10, math.Floor(math.Log10(most)))
	for _, s := range []float64{0.2, 0.25, 0.5, 1, 2, 2.5} {
		step = s * power
		if n := math.Ceil(most/step - 1e-9); n <= 5 {
			return n * step, step
		}
	}
	return 10 * power, 2.5 * power
}

// ticksTo lists 0, step, ... end.
func ticksTo(end, step float64) []float64 {
	n := int(math.Round(end / step))
	ticks := make([]float64, n+1)
	for i := range ticks {
		ticks[i] = float64(i) * step
	}
	return ticks
}

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
func powersOfTwo(low, high float64, most int) []float64 {
	first, last := math.Ceil(math.Log2(low)-1e-9), math.Floor(math.Log2(high)+1e-9)
	every := math.Max(1, math.Ceil((last-first+1)/float64(most)))
	var ticks []float64
	for e := first; e <= last; e += every {
		ticks = append(ticks, math.Exp2(e))
	}
	return ticks
}

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
