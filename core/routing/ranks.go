package routing

import (
	"math"
	"math/rand/v2"
	"sync"
)

// Ranks says what happens on the busiest of several expert-parallel ranks. Of
// NewRanks every rank holds experts/ranks consecutive experts, whose order has nothing to
// do with their popularity; of NewPlaced they are placed by load.
type Ranks struct {
	Coverage *Coverage
	N        int // ranks

	placed     *grid                     // expected maximum of distinct experts, placed otherwise than in any order; else nil
	busiest    func() *[tableLen]float64 // the same in any order, on the Coverage's grid: worked out when first asked for
	persistent float64                   // expected max over mean of rank popularity, many tokens
	noise      float64                   // expected maximum of N normals
}

// placements is how many random orders the persistent imbalance is averaged
// over; the seed is fixed, so the figure is the same everywhere.
const placements = 64

// NewRanks prepares the busiest-rank figures of n ranks. n below 2 is one rank that holds everything.
func NewRanks(c *Coverage, n int) *Ranks {
	n = min(max(n, 1), max(c.Experts(), 1))
	r := &Ranks{Coverage: c, N: n, persistent: 1, noise: ExpectedMaxNormal(n)}
	if n == 1 {
		return r
	}
	r.busiest = sync.OnceValue(func() *[tableLen]float64 {
		var table [tableLen]float64
		for i := range table {
			table[i] = busiestDistinct(c, n, math.Exp2(firstOctave+float64(i)/stepsPerOctave))
		}
		return &table
	})
	r.persistent = busiestPopularity(c.Layers, n)
	return r
}

// busiestDistinct is the expected maximum, over n ranks, of the distinct experts
// that one step hits on a rank.
//
// Seen from a random placement the experts hit are a random subset, so the
// counts of the ranks are multivariate hypergeometric, whatever the skew; their
// maximum is that of n independent binomials (experts per rank, share hit) to the order of 1/ranks:
// the correlation of -1/(n-1) between ranks makes up for the finite population.
// Against the 10,000-draw table for 256 experts top-8 the largest error is below 2 %.
func busiestDistinct(c *Coverage, n int, tokens float64) float64 {
	perRank := float64(c.Experts()) / float64(n)
	share := c.Distinct(tokens) / float64(c.Experts())
	limit := min(perRank, max(tokens, 1)*float64(c.TopK))
	return min(max(binomialMax(perRank, share, n), perRank*share), limit)
}

// binomialMax is the expected maximum of n independent binomials of size (which
// may be fractional: between two whole sizes it is interpolated) and probability p.
func binomialMax(size, p float64, n int) float64 {
	if p <= 0 {
		return 0
	}
	if p >= 1-1e-12 {
		return size
	}
	whole := math.Floor(size)
	low := wholeBinomialMax(int(whole), p, n)
	if size == whole {
		return low
	}
	return low + (size-whole)*(wholeBinomialMax(int(whole)+1, p, n)-low)
}

func wholeBinomialMax(size int, p float64, n int) float64 {
	if size == 0 {
		return 0
	}
	// P(X = m) by recurrence from the mode's safe side: in logs, as p^size underflows.
	logOdds := math.Log(p) - math.Log1p(-p)
	logMass := float64(size) * math.Log1p(-p)
	cumulative, expected := 0.0, 0.0
	for m := range size {
		cumulative = min(cumulative+math.Exp(logMass), 1)
		expected -= math.Expm1(float64(n) * math.Log(cumulative)) // 1 - P(all <= m)
		logMass += logOdds + math.Log(float64(size-m)/float64(m+1))
	}
	return expected
}

// busiestPopularity is the expected ratio of the most popular rank to the mean
// rank under random placement: what skew costs in tokens when there are many. Several layers
// share the random orders.
func busiestPopularity(layers [][]float64, n int) float64 {
	random := rand.New(rand.NewPCG(20, 26))
	orders := max(placements/len(layers), 1)
	ratios := 0.0
	for _, pi := range layers {
		order, total := append([]float64(nil), pi...), sum(pi)
		if total == 0 {
			ratios += float64(orders)
			continue
		}
		for range orders {
			random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			top := 0.0
			for r := range n {
				top = max(top, sum(order[r*len(order)/n:(r+1)*len(order)/n]))
			}
			ratios += top / total * float64(n)
		}
	}
	return ratios / float64(orders*len(layers))
}

// Distinct is the expected number of distinct experts on the busiest rank.
func (r *Ranks) Distinct(tokens float64) float64 {
	if r.N == 1 && r.placed == nil {
		return r.Coverage.Distinct(tokens)
	}
	if tokens <= 0 {
		return 0
	}
	if r.placed != nil {
		return r.placed.distinct(tokens)
	}
	table := r.busiest()
	x := (math.Log2(tokens) - firstOctave) * stepsPerOctave
	if x < 0 {
		return busiestDistinct(r.Coverage, r.N, tokens)
	}
	if x >= tableLen-1 {
		return table[tableLen-1]
	}
	i := int(x)
	u := x - float64(i)
	return table[i] + u*(table[i+1]-table[i])
}

// Persistent is the expected number of token copies on the busiest rank over the
// mean when there are many tokens; Noise is the expected maximum of as many normals as ranks,
// by which the noise of a finite batch counts. Imbalance is made of both.
func (r *Ranks) Persistent() float64 { return r.persistent }

// Placed tells whether experts are placed otherwise than in any order.
func (r *Ranks) Placed() bool { return r.placed != nil }

// Noise is explained at Persistent.
func (r *Ranks) Noise() float64 { return r.noise }

// Imbalance is the expected number of token copies on the busiest rank over the
// mean: the persistent part from popularity and the sampling noise of a finite batch, added
// in quadrature.
func (r *Ranks) Imbalance(tokens float64) float64 {
	if r.N == 1 || tokens <= 0 {
		return 1
	}
	n := float64(r.N)
	persistent := r.persistent - 1
	noise := r.noise * math.Sqrt(n/(tokens*float64(r.Coverage.TopK)))
	return min(1+math.Sqrt(persistent*persistent+noise*noise), n)
}

// WithBalance returns the ranks of a deployment that replicates and places
// experts by load: the busiest has at most maxOverMean of the mean tokens, however skewed they are.
func (r *Ranks) WithBalance(maxOverMean float64) *Ranks {
	balanced := *r
	balanced.persistent = min(r.persistent, max(maxOverMean, 1))
	return &balanced
}
