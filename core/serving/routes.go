package serving

import (
	"moecost/core/arch"
	"moecost/core/routing"
)

// Routes keeps the expert coverage of one popularity by expert count and ranks. To
// prepare it takes most of NewTiming; a search over layouts shares one. It is not for
// concurrent use.
type Routes struct {
	popularity routing.Popularity
	coverage   map[[3]int64]*routing.Coverage
	byRank     map[[4]int64]*routing.Ranks
}

// NewRoutes prepares nothing yet.
func NewRoutes(p routing.Popularity) *Routes {
	return &Routes{popularity: p, coverage: map[[3]int64]*routing.Coverage{}, byRank: map[[4]int64]*routing.Ranks{}}
}

func (r *Routes) ranks(moe *arch.MoE, ep int) *routing.Ranks {
	shape := [3]int64{moe.Experts, moe.Zero, moe.TopK}
	key := [4]int64{moe.Experts, moe.Zero, moe.TopK, int64(ep)}
	if r.byRank[key] == nil {
		if r.coverage[shape] == nil {
			layers := r.popularity.Layers(int(moe.Experts), int(moe.Zero), int(moe.TopK))
			r.coverage[shape] = routing.MeanCoverage(layers, int(moe.TopK))
		}
		r.byRank[key] = routing.NewRanks(r.coverage[shape], ep)
	}
	return r.byRank[key]
}
