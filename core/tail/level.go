package tail

import "math"

// The mix of domains is one number, in standard deviations. Popularities are tabulated on
// a grid of it; between two points the expected time is interpolated, and a drawn step takes one of the two by
// chance, so that its mean is the interpolated one.
const (
	levelStep  = 0.5
	levelEdge  = 3
	levelCount = int(2*levelEdge/levelStep) + 1
)

// level is what the popularities of all layers are at one mix of domains.
type level struct {
	miss  []float64 // per held expert: log of the chance that a token does not go there
	draws []draw    // per held expert
	tuned []float64 // per layer and rank, three each: mean copies, and what of the step's excess comes off copies and reads
	means []float64 // per layer: expected copies of all experts with weights
	zeros []float64 // per layer: standard deviation of the copies to experts without weights
	pools []urn     // per layer, where tokens are drawn one by one

	expected map[int][2]float64 // by point of the grid of sequences: seconds at equal speeds, and at the GPUs' own
}

// levelOf returns a grid point's popularities.
func (s *stack) levelOf(at int) *level {
	if s.levels[at] == nil {
		s.levels[at] = s.newLevel(float64(at)*levelStep - levelEdge)
	}
	return s.levels[at]
}

// between finds the grid points around a mix of domains and how far it is on the way
// to the second.
func between(z float64) (at int, part float64) {
	x := (min(max(z, -levelEdge), levelEdge) + levelEdge) / levelStep
	at = min(int(x), levelCount-2)
	return at, x - float64(at)
}

// nearby is one of the two grid points around a mix of domains, by chance (u is uniform from 0 to
// 1) and so that its mean is the mix.
func nearby(z, u float64) int {
	at, part := between(z)
	if u < part {
		at++
	}
	return at
}

func (s *stack) newLevel(z float64) *level {
	n := len(s.layers)
	v := &level{miss: make([]float64, 0, s.slots), tuned: make([]float64, 3*s.ranks*n), means: make([]float64, n), zeros: make([]float64, n), expected: map[int][2]float64{}}
	if s.tables != nil {
		v.draws = make([]draw, 0, s.slots)
	} else {
		v.pools = make([]urn, n)
	}
	var pi []float64
	tokens := s.nominal.covering
	r := streamOf(s.c.Seed, rounding, int(z/levelStep))
	for i := range s.layers {
		l := &s.layers[i]
		pi = l.popularity(pi, s.c.Domain, z)
		if s.tables == nil {
			v.pools[i] = newUrn(pi, l.zero, l.kind.Zero)
		}
		all := tokens * zeroVariance(l)
		v.zeros[i] = math.Sqrt(all)
		for rank := range s.ranks {
			t := v.tuned[3*(i*s.ranks+rank):]
			for _, h := range l.held[l.start[rank]:l.start[rank+1]] {
				p := min(pi[h.expert]*float64(h.share), 1)
				miss := math.Log1p(-p)
				v.miss = append(v.miss, miss)
				variance := tokens * p * (1 - p)
				t[0] += p
				t[1] += variance
				t[2] += tokens * p * math.Exp(tokens*miss)
				v.means[i] += tokens * p
				all += variance
				if s.tables != nil {
					v.draws = append(v.draws, s.tables.of(tokens*p, variance, &r))
				}
			}
		}
		for rank := range s.ranks {
			t := v.tuned[3*(i*s.ranks+rank):]
			if all > 0 {
				t[1] /= all
				t[2] /= all
			}
		}
	}
	return v
}

// zeroVariance is the variance, per token, of how many of its experts have no weights.
func zeroVariance(l *layer) float64 {
	if l.kind.Zero == 0 {
		return 0
	}
	return l.zero * (1 - l.zero/float64(l.kind.Zero))
}

// expected is the seconds of all MoE layers with the expected counts of every rank put
// in: at equal speeds, and at the GPUs' own.
func (s *stack) expectedAt(v *level, x load) (equal, own float64) {
	at := 0
	for i := range s.layers {
		l := &s.layers[i]
		slowest, slowestOwn, most, sum := 0.0, 0.0, 0.0, 0.0
		for rank := range s.ranks {
			distinct := 0.0
			for range l.start[rank+1] - l.start[rank] {
				distinct -= math.Expm1(x.covering * v.miss[at])
				at++
			}
			copies := x.tokens * v.tuned[3*(i*s.ranks+rank)]
			t := l.kind.Rank(distinct, copies)
			slowest, slowestOwn = max(slowest, t), max(slowestOwn, t*s.slow[rank])
			most, sum = max(most, copies), sum+copies
		}
		exchange := l.kind.Exchange(x.rows, hot(most, sum, s.ranks))
		equal += slowest + exchange
		own += slowestOwn + exchange
	}
	return equal, own
}

// hot is the most over the mean.
func hot(most, sum float64, ranks int) float64 {
	if sum <= 0 {
		return 1
	}
	return most * float64(ranks) / sum
}

// perOctave is the points of the grid of sequences to a doubling.
const perOctave = 8

// expected interpolates expectedAt between grid points of the sequences of a step and the
// mix of domains.
func (s *stack) expected(sequences, z float64) (equal, own float64) {
	if len(s.layers) == 0 || sequences <= 0 {
		return 0, 0
	}
	x := math.Log2(sequences) * perOctave
	left := math.Floor(x)
	right := x - left
	at, up := between(z)
	add := func(at int, n float64, weight float64) {
		if weight == 0 {
			return
		}
		v := s.levelOf(at)
		e, ok := v.expected[int(n)]
		if !ok {
			e[0], e[1] = s.expectedAt(v, s.loadOf(math.Exp2(n/perOctave)))
			v.expected[int(n)] = e
		}
		equal += weight * e[0]
		own += weight * e[1]
	}
	add(at, left, (1-up)*(1-right))
	add(at, left+1, (1-up)*right)
	add(at+1, left, up*(1-right))
	add(at+1, left+1, up*right)
	return equal, own
}
