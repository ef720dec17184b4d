package report

import (
	"sync"

	"moecost/core/arch"
	"moecost/core/balance"
	"moecost/core/routing"
	"moecost/core/serving"
)

// memo keeps what reports on one subject need again and again: tables of
// expert coverage and the dense twins. Nothing in it changes an answer.
type memo struct {
	sync.Mutex

	popular routing.Popularity // of routes
	routes  *serving.Routes    // coverage by layout
	tables  map[routing.Popularity]*routing.Coverage
	twins   []twin
	hot     hotLists
	picked  struct {
		key   layerKey
		layer typical
	}
	moved struct {
		key   layerKey
		moves balance.Moves
	}
}

// twin is a dense model to compare with.
type twin struct {
	name      string
	model     *arch.Model
	footprint *serving.Footprint
	params    int64
	bytes     int64
	inner     int64
}

// prepare reduces a deployment to what a step needs.
func (m *memo) prepare(d serving.Deployment, a serving.Assumptions) *serving.Timing {
	m.Lock()
	defer m.Unlock()
	a.Routes = m.routesOf(a.Popularity())
	return serving.NewTiming(d, a)
}

func (m *memo) routesOf(p routing.Popularity) *serving.Routes {
	if m.routes == nil || m.popular != p {
		m.popular, m.routes = p, serving.NewRoutes(p)
	}
	return m.routes
}

// place is the same deployment with its experts placed otherwise.
func (m *memo) place(t *serving.Timing, p routing.Popularity, s balance.Setup, spare int64) *serving.Timing {
	m.Lock()
	defer m.Unlock()
	return t.Place(s, spare, m.routesOf(p))
}

// ranks are the busiest-rank figures of a kind of MoE layer, placed in a way.
func (m *memo) ranks(moe *arch.MoE, p routing.Popularity, s balance.Setup) *routing.Ranks {
	m.Lock()
	defer m.Unlock()
	return m.routesOf(p).Ranks(moe, s)
}

// layer is the layer whose ranks are drawn; the last one is kept.
func (m *memo) layer(moe *arch.MoE, p routing.Popularity, s balance.Setup, asked int64) (typical, *routing.Coverage) {
	m.Lock()
	defer m.Unlock()
	routes := m.routesOf(p)
	c := routes.Coverage(moe)
	key := layerKey{p, s.Key(), asked, moe}
	if m.picked.key != key {
		m.picked.key = key
		m.picked.layer = pickLayer(c, s, func(s balance.Setup) *routing.Ranks { return routes.Ranks(moe, s) }, asked)
	}
	return m.picked.layer, c
}

// moves is what an online rebalancing moves; the last one is kept.
func (m *memo) moves(moe *arch.MoE, p routing.Popularity, s balance.Setup) balance.Moves {
	m.Lock()
	defer m.Unlock()
	if key := (layerKey{p, s.Key(), 0, moe}); m.moved.key != key {
		m.moved.key, m.moved.moves = key, s.Moved(m.routesOf(p).Coverage(moe))
	}
	return m.moved.moves
}

type layerKey struct {
	popular routing.Popularity
	setup   balance.Setup
	asked   int64
	moe     *arch.MoE
}

// most tables that are kept: three for the band around the usual skew, and a few of a slider's.
const mostTables = 8

// coverage is the table of one popularity for the representative MoE layer.
func (m *memo) coverage(moe *arch.MoE, p routing.Popularity) *routing.Coverage {
	m.Lock()
	defer m.Unlock()
	if m.tables[p] == nil {
		if m.tables == nil || len(m.tables) >= mostTables {
			m.tables = map[routing.Popularity]*routing.Coverage{}
		}
		m.tables[p] = routing.MeanCoverage(p.Layers(int(moe.Experts), int(moe.Zero), int(moe.TopK)), int(moe.TopK))
	}
	return m.tables[p]
}

// dense are the twins of the subject.
func (s *Subject) dense() []twin {
	s.memo.Lock()
	defer s.memo.Unlock()
	if s.memo.twins == nil {
		for i, name := range []string{"dense twin of equal computed FLOPs", "dense twin of equal resident bytes"} {
			t := twin{name: name, model: serving.Twin(s.arch, serving.TwinOf(i))}
			t.footprint, t.params, t.bytes = serving.Compile(t.model, s.kv), t.model.TotalParams(), t.model.WeightBytes().Bytes()
			for b := range t.model.Blocks {
				for _, sub := range t.model.Blocks[b].Sublayers {
					if sub.Dense != nil {
						t.inner = max(t.inner, sub.Dense.Inner)
					}
				}
			}
			s.memo.twins = append(s.memo.twins, t)
		}
	}
	return s.memo.twins
}

// series are the curves of one report, made when they are first asked for.
type series struct {
	steps, twins, drafts sync.Once
	step                 []StepPoint
	dense                []TwinCurve
	grid                 *DraftGrid

	loads, spare, sizes sync.Once
	loaded              *LoadedLayer
	spares              []SparePoint
	imbalance           []ImbalancePoint
}
