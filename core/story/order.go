package story

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"moecost/core/report"
)

// catalogue is what links may name; it is the same for every page.
var catalogue = sync.OnceValue(report.Catalogue)

// publishedByTotal are all presets, the largest first.
var publishedByTotal = sync.OnceValue(func() []report.Published { return byTotal(report.AllPublished()) })

// byTotal sorts models by resident weights, largest first.
func byTotal(points []report.Published) []report.Published {
	out := slices.Clone(points)
	slices.SortStableFunc(out, func(a, b report.Published) int { return cmp.Compare(b.Total, a.Total) })
	return out
}

// medianOf is the middle value, or the mean of the two middle ones; NaN of none.
func medianOf(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return math.NaN()
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

func billions(params int64) float64 { return float64(params) / 1e9 }
