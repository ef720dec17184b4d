package balance

import (
	"math"

	"moecost/core/routing"
)

// perOctave is how many of routing.GridTokens double the tokens.
const perOctave = 2

// reader works out what the busiest rank of a layer reads.
type reader struct {
	*Layer
	once      [perOctave][]float64 // probability that a slot is missed by the tokens of the first grid points
	next      []float64
	mass, all []float64
}

// busiest is the expected number of expert weights that the busiest rank reads, at
// one of routing.GridTokens.
//
// Which experts a step hits is taken as independent, with the probability that
// Distinct adds up: the reads of a rank then are a sum of Bernoulli variables, whose law
// is worked out exactly, and ranks are independent. Experts that one token picks exclude
// each other a little, which makes the ranks of few tokens a few per cent more even than this.
func (r *reader) busiest(point int) float64 {
	phase, doublings := point%perOctave, point/perOctave
	if r.once[phase] == nil {
		missed := r.missed()
		for i, m := range missed {
			missed[i] = math.Pow(m, routing.GridTokens(phase))
		}
		r.once[phase] = missed
	}
	if r.mass == nil {
		widest := (len(r.Expert) + r.Ranks - 1) / r.Ranks
		r.mass, r.all = make([]float64, widest+1), make([]float64, widest+1)
	}
	r.next = append(r.next[:0], r.once[phase]...)
	for range doublings {
		for i, m := range r.next {
			r.next[i] = m * m // twice the tokens
		}
	}
	return r.expectedMost(r.next, r.mass, r.all)
}

// missed is, per slot, the probability that one token does not hit the slot. Of
// slots of one rank with the same expert the first has all; empty slots are always missed.
func (l *Layer) missed() []float64 {
	out := make([]float64, len(l.Expert))
	for r := range l.Ranks {
		first, end := l.Slots(r)
		for i := first; i < end; i++ {
			out[i] = 1
			e := l.Expert[i]
			if here, again := l.onRank(first, i, end, e); e != Empty && !again {
				out[i] = max(1-l.Traffic[e]*float64(here)/float64(l.Copies[e]), 0)
			}
		}
	}
	return out
}

// expectedMost is the expected maximum over ranks of the number of slots hit,
// when each is missed with its probability. mass and all are room for the slots of a rank and one more.
func (p *Placement) expectedMost(missed, mass, all []float64) float64 {
	const nothing = 1e-9 // probability that is left out
	for m := range all {
		all[m] = 1
	}
	for r := range p.Ranks {
		first, end := p.Slots(r)
		low, high := 0, 0 // slots hit: mass lies between
		sure := 0         // that are certainly hit, not in mass
		mass[0] = 1
		for _, q := range missed[first:end] {
			switch {
			case q <= nothing:
				sure++
			case q < 1:
				mass[high+1] = 0
				for m := high; m >= low; m-- {
					mass[m+1] += mass[m] * (1 - q)
					mass[m] *= q
				}
				if high++; mass[high] < nothing {
					high--
				}
				if mass[low] < nothing {
					low++
				}
			}
		}
		cumulative := 0.0
		for m := range all {
			switch hit := m - sure; {
			case hit < low:
				all[m] = 0
			case hit < high:
				cumulative += mass[hit]
				all[m] *= min(cumulative, 1)
			}
		}
	}
	expected := 0.0
	for _, c := range all[:len(all)-1] {
		expected += 1 - c
	}
	return expected
}
