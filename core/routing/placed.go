package routing

import (
	"math"
	"sync"
)

// GridPoints is how many numbers of tokens the busiest rank of a placement is
// worked out for: two per octave, GridTokens.
const GridPoints = (lastOctave-firstOctave)*gridPerOctave + 1

const gridPerOctave = 2

// GridTokens are the tokens of a step at grid point i: 1/16 at 0, doubling every two.
func GridTokens(i int) float64 { return math.Exp2(firstOctave + float64(i)/gridPerOctave) }

// NewPlaced returns the busiest-rank figures of n ranks on which experts are
// placed otherwise than in any order, which is what NewRanks assumes. persistent is the
// expected token copies of the busiest rank over the mean when there are many tokens;
// busiest gives its expected number of expert weights read at one of GridTokens. Sampling noise is
// added to persistent as NewRanks does. busiest is called for the points that somebody asks about, once
// for each and never twice at a time: most who ask for the imbalance need none, and who times one step needs four.
func NewPlaced(c *Coverage, n int, persistent float64, busiest func(i int) float64) *Ranks {
	return &Ranks{Coverage: c, N: max(n, 1), persistent: max(persistent, 1), noise: ExpectedMaxNormal(n), placed: &grid{at: busiest}}
}

// grid is a function of the tokens of a step, worked out where it is asked for.
type grid struct {
	sync.Mutex
	at    func(i int) float64
	known [GridPoints]bool
	value [GridPoints]float64
}

// distinct interpolates between the points of the grid.
func (g *grid) distinct(tokens float64) float64 {
	g.Lock()
	defer g.Unlock()
	x := (math.Log2(tokens) - firstOctave) * gridPerOctave
	switch {
	case x < 0:
		return g.point(0) * tokens / GridTokens(0) // reads are as few as tokens
	case x >= GridPoints-1:
		return g.point(GridPoints - 1)
	}
	i := int(x)
	before, a, b, after := g.point(max(i-1, 0)), g.point(i), g.point(i+1), g.point(min(i+2, GridPoints-1))
	return min(max(hermite(x-float64(i), a, b, (b-before)/2, (after-a)/2), min(a, b)), max(a, b))
}

func (g *grid) point(i int) float64 {
	if !g.known[i] {
		g.known[i], g.value[i] = true, g.at(i)
	}
	return g.value[i]
}
