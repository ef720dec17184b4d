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
// busiest gives its expected number of expert weights read, at GridTokens. Sampling noise is
// added to persistent as NewRanks does. busiest is called once, when Distinct first is: many who
// ask for the imbalance need no more.
func NewPlaced(c *Coverage, n int, persistent float64, busiest func() *[GridPoints]float64) *Ranks {
	return &Ranks{Coverage: c, N: max(n, 1), persistent: max(persistent, 1), noise: ExpectedMaxNormal(n),
		placed: true, busiest: sync.OnceValue(func() *[tableLen]float64 { return interpolate(busiest()) })}
}

// interpolate fills the table between the points of the grid.
func interpolate(grid *[GridPoints]float64) *[tableLen]float64 {
	var table [tableLen]float64
	const between = stepsPerOctave / gridPerOctave
	for i := range table {
		at := min(i/between, GridPoints-2)
		before, after := grid[max(at-1, 0)], grid[min(at+2, GridPoints-1)]
		a, b := grid[at], grid[at+1]
		u := float64(i-at*between) / between
		table[i] = min(max(hermite(u, a, b, (b-before)/2, (after-a)/2), min(a, b)), max(a, b))
	}
	return &table
}
