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
	experts := c.Experts()
	share := c.Distinct(tokens) / float64(experts)
	most := float64((experts + n - 1) / n)
	limit := min(most, max(tokens, 1)*float64(c.TopK))
	return min(max(binomialMax(experts, share, n), most*share), limit)
}

// binomialMax is the expected maximum of n independent binomials of probability p whose sizes, as
// even as can be, add up to experts: some are one larger than the others.
func binomialMax(experts int, p float64, n int) float64 {
	size, larger := experts/n, experts%n
	if p <= 0 {
		return 0
	}
	if p >= 1-1e-12 {
		return float64(size + min(larger, 1))
	}
	small, large := newBinomial(size, p), newBinomial(size+1, p)
	expected := 0.0
	for range size + min(larger, 1) {
		expected += 1 - math.Pow(small.next(), float64(n-larger))*math.Pow(large.next(), float64(larger)) // 1 - P(all <= m)
	}
	return expected
}

// binomial walks through a binomial distribution from 0 up.
type binomial struct {
	size, at                     int
	logMass, logOdds, cumulative float64
}

func newBinomial(size int, p float64) binomial {
	return binomial{size: size, logMass: float64(size) * math.Log1p(-p), logOdds: math.Log(p) - math.Log1p(-p)}
}

// next is the chance of at most 0, then 1, 2 … P(X = m) is kept in logs, as p^size underflows.
func (b *binomial) next() float64 {
	if b.at >= b.size {
		return 1
	}
	b.cumulative = min(b.cumulative+math.Exp(b.logMass), 1)
	b.logMass += b.logOdds + math.Log(float64(b.size-b.at)/float64(b.at+1))
	b.at++
	return b.cumulative
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
