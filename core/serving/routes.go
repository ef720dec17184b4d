package serving

import (
	"moecost/core/arch"
	"moecost/core/routing"
)

// Routes keeps the expert coverage of one skew by expert count and ranks. To
// prepare it takes most of NewTiming; a search over layouts shares one. It is not for
// concurrent use.
type Routes struct {
	skew     float64
	coverage map[[3]int64]*routing.Coverage
	byRank   map[[4]int64]*routing.Ranks
}

// NewRoutes prepares nothing yet.
func NewRoutes(skew float64) *Routes {
	return &Routes{skew: skew, coverage: map[[3]int64]*routing.Coverage{}, byRank: map[[4]int64]*routing.Ranks{}}
}

func (r *Routes) ranks(moe *arch.MoE, ep int) *routing.Ranks {
	shape := [3]int64{moe.Experts, moe.Zero, moe.TopK}
	key := [4]int64{moe.Experts, moe.Zero, moe.TopK, int64(ep)}
	if r.byRank[key] == nil {
		if r.coverage[shape] == nil {
			r.coverage[shape] = routing.NewCoverage(routing.InclusionAmong(int(moe.Experts), int(moe.Zero), int(moe.TopK), r.skew), int(moe.TopK))
		}
		r.byRank[key] = routing.NewRanks(r.coverage[shape], ep)
	}
	return r.byRank[key]
}
