package serving

import (
	"moecost/core/arch"
	"moecost/core/balance"
	"moecost/core/routing"
)

// Routes keeps the expert coverage of one popularity by expert count, and the
// busiest ranks by placement. To prepare it takes most of NewTiming; a search over layouts
// shares one. It is not for concurrent use.
type Routes struct {
	popularity routing.Popularity
	coverage   map[[3]int64]*routing.Coverage
	placed     map[placed]*routing.Ranks
}

// placed is a kind of MoE layer and how its experts are placed.
type placed struct {
	experts, zero, topK int64
	setup               balance.Setup // its Key
}

// mostPlaced bounds what a Routes keeps: sliders of drift or spare experts pass
// through hundreds of placements of 2 kB each.
const mostPlaced = 400

// NewRoutes prepares nothing yet.
func NewRoutes(p routing.Popularity) *Routes {
	return &Routes{popularity: p, coverage: map[[3]int64]*routing.Coverage{}, placed: map[placed]*routing.Ranks{}}
}

// Coverage is that of one kind of MoE layer.
func (r *Routes) Coverage(moe *arch.MoE) *routing.Coverage {
	shape := [3]int64{moe.Experts, moe.Zero, moe.TopK}
	if r.coverage[shape] == nil {
		r.coverage[shape] = r.popularity.Coverage(int(moe.Experts), int(moe.Zero), int(moe.TopK))
	}
	return r.coverage[shape]
}

// Ranks are the busiest-rank figures of one kind of MoE layer, placed in a way.
func (r *Routes) Ranks(moe *arch.MoE, s balance.Setup) *routing.Ranks {
	key := placed{moe.Experts, moe.Zero, moe.TopK, s.Key()}
	if key.setup.Policy == balance.Off {
		key.setup.Spare = 0 // slots that hold nothing
	}
	if r.placed[key] == nil {
		if len(r.placed) >= mostPlaced {
			clear(r.placed)
		}
		r.placed[key] = key.setup.Busiest(r.Coverage(moe))
	}
	return r.placed[key]
}

// Place is the same deployment with its experts placed otherwise, in so many spare
// slots of a layer. Routes must be those of its popularity.
func (t *Timing) Place(s balance.Setup, spare int64, routes *Routes) *Timing {
	other := *t
	other.setup, other.d.Load.Spare = s, spare
	other.kinds = append([]kind(nil), t.kinds...)
	for i := range other.kinds {
		if k := &other.kinds[i]; k.experts != nil {
			k.experts = routes.Ranks(k.moe, other.Placement(k.moe))
		}
	}
	return &other
}

// Ranks are the busiest-rank figures of the kind of MoE layer that there is most of,
// and its shape; nil for a dense model.
func (t *Timing) Ranks() (*routing.Ranks, *arch.MoE) {
	var most *kind
	for i := range t.kinds {
		if k := &t.kinds[i]; k.experts != nil && (most == nil || k.count > most.count) {
			most = k
		}
	}
	if most == nil {
		return nil, nil
	}
	return most.experts, most.moe
}

// Placement completes how experts are placed in a kind of MoE layer by what the
// deployment says of ranks, nodes, spare slots and tokens.
func (t *Timing) Placement(moe *arch.MoE) balance.Setup {
	d := &t.d
	s := t.setup
	s.Ranks, s.Groups, s.Spare = d.Layout.EP, int(max(moe.Groups, 1)), int(d.Load.Spare)
	s.Nodes = int(ceilDiv(int64(d.Layout.StageGPUs()), int64(max(d.GPU.ScaleUp.GPUs, 1))))
	w := t.DecodeWork(d.Load)
	s.Tokens = t.amounts(&w).routed
	return s
}
