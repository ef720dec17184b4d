// Package axis chooses where an axis ends and where its ticks stand. All drawings of a chart
// take the same, so that a picture and the live chart agree.
package axis

import "math"

// Linear is the end of an axis from zero and the distance between its
// ticks: three to five round values. The end moves in steps as the data leave
// it, so that a slider moves marks and not the axis.
func Linear(most float64) (end, step float64) {
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

// Ticks lists 0, step, ... end.
func Ticks(end, step float64) []float64 {
	n := int(math.Round(end / step))
	ticks := make([]float64, n+1)
	round := math.Pow(10, math.Max(3-math.Floor(math.Log10(step)), 0)) // 3 * 0.05 is not 0.15
	for i := range ticks {
		ticks[i] = math.Round(float64(i)*step*round) / round
	}
	return ticks
}

// PowersOfTwo lists every n-th power of two from low to high, such that at
// most most of them are listed.
func PowersOfTwo(low, high float64, most int) []float64 {
	first, last := math.Ceil(math.Log2(low)-1e-9), math.Floor(math.Log2(high)+1e-9)
	every := math.Max(1, math.Ceil((last-first+1)/float64(most)))
	var ticks []float64
	for e := first; e <= last; e += every {
		ticks = append(ticks, math.Exp2(e))
	}
	return ticks
}
