package replay

import (
	"moecost/core/offload/cache"
	"moecost/core/routing"
)

//go:generate go run moecost/scripts/replay testdata ../../../assets/measurements/replay.json

// Curve runs a trace through caches of the sizes and policies that are shown. All experts count
// alike, whatever their bytes, so that every size is a whole number of slots: rounded down, at least one. rest is
// called between two runs, so that a program with one thread can let others go first; nil: it is not.
func Curve(t *Trace, rest func()) cache.Curve {
	alike := *t
	alike.Bytes = nil
	counts := routing.Counts{Layers: t.Popularity()}
	c := cache.Curve{
		Name: t.Name, Experts: t.Experts, Layers: t.Layers(), Steps: len(t.Counted()), TopK: t.TopK(),
		Sigma: counts.Spread().Sigma,
	}
	for _, share := range cache.Shares {
		room := int64(max(int(share*float64(t.Experts)), 1) * t.Layers())
		row := make([]float64, len(cache.Replayed))
		for i, p := range cache.Replayed {
			if rest != nil {
				rest()
			}
			row[i] = Run(&alike, p, room).HitRate()
		}
		c.Rates = append(c.Rates, row)
	}
	return c
}
