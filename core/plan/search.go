package plan

import (
	"slices"

	"moecost/core/arch"
	"moecost/core/routing"
	"moecost/core/serving"
)

// Search is a question being answered. What it finds depends on the question alone, not on
// how Advance is sliced. It is not for concurrent use.
type Search struct {
	q       Question
	t       traffic
	popular routing.Popularity
	routes  *serving.Routes
	models  map[string]*arch.Model
	notes   []string

	candidates  []*candidate
	shapes      []*shape
	drafts      []int64
	chunks      []int64
	perDoubling float64 // loads of the first pass over a unit
	looked      int     // shapes
	tried       int     // loads of units
	quiet       bool    // what is looked at is known already: it changes neither front nor failures

	solved   []solved
	fronts   fronts
	failures map[family]*closest

	prior   map[kind]bias // what simulations found over the closed form, of kinds of deployment
	checks  checks
	changes changes
}

func (s *Search) prepare() error {
	s.t = trafficOf(&s.q.Scenario)
	s.popular = s.q.popularity()
	if s.routes == nil {
		s.routes = serving.NewRoutes(s.popular)
	}
	if s.perDoubling == 0 {
		s.perDoubling = perDoubling
	}
	s.chunks = chunks
	s.failures = map[family]*closest{}
	s.fronts.decode = map[*candidate]*[2][bins]frontBin{}
	if err := s.gather(); err != nil {
		return err
	}
	s.drafts = s.depths()
	s.spread()
	return nil
}

// depths are the numbers of drafts to try. A model without modules of its own drafts only if the link says so,
// because nobody knows how well its drafts would be accepted.
func (s *Search) depths() []int64 {
	asked := int64(s.q.Scenario.Draft)
	if engines[s.q.Scenario.Engine].undrafted {
		return drafts[:1]
	}
	all := slices.Clone(drafts[:1])
	if s.q.Model.MTP.Depth > 0 {
		all = slices.Clone(drafts)
	}
	for n := int64(1); n <= asked; n++ {
		if !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}

// Advance does so many units of work, each a shape with all its loads, or a slice of a simulation
// of about the same time. It returns when the search is done.
func (s *Search) Advance(units int) {
	for ; units > 0; units-- {
		switch {
		case s.looked < len(s.shapes):
			s.look(s.shapes[s.looked])
			s.looked++
		case !s.checks.done:
			s.check()
		case !s.changes.done():
			s.change()
		default:
			return
		}
	}
}

// Done says how many units of work are done, and of how many. The total is an estimate
// until the finalists are known.
func (s *Search) Done() (done, total int) {
	done = s.looked + s.checks.units + s.changes.units
	total = len(s.shapes) + max(s.checks.units, usualChecks*(perCheck+2)) + s.changes.total()
	if s.checks.done {
		total = len(s.shapes) + s.checks.units + s.changes.total()
	}
	return done, total
}

// Phase names what is being done: "search", "simulate", "change" or "done".
func (s *Search) Phase() string {
	switch {
	case s.looked < len(s.shapes):
		return "search"
	case !s.checks.done:
		return "simulate"
	case !s.changes.done():
		return "change"
	}
	return "done"
}

// usualChecks is about how many simulations a search takes.
const usualChecks = 4
