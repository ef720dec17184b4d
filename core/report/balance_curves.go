package report

import (
	"math"
	"slices"

	"moecost/core/balance"
)

// SparePoint is the deployment with EPLB and another number of spare slots.
type SparePoint struct {
	Spare       int64 // slots of a layer over the deployment
	PerRank     float64
	Bytes       int64 // that they take on the fullest GPU
	MaxOverMean float64
	Distinct    float64 // experts that the busiest rank reads in a layer
	Step        float64 // seconds of a decode step
	Gain        float64 // step with the experts in order over Step
	Fits        bool
}

// SpareCurve is the decode step against the spare slots: those of balance.SpareChoices, one
// for every second expert at most, until they do not fit, and as many as the scenario has. Nil where experts are not spread over ranks. The slice is
// the report's: it must not be changed.
func (r *Report) SpareCurve() []SparePoint {
	if !r.spreads() {
		return nil
	}
	s := r.in.series
	s.spare.Do(func() { s.spares = r.spareCurve() })
	return s.spares
}

func (r *Report) spareCurve() []SparePoint {
	in, c := &r.in, &r.in.clock
	ranks, experts := int64(in.layout.EP), r.representative().experts
	var tried []int64
	for _, n := range balance.SpareChoices(int(experts), int(ranks)) {
		if len(tried) < fewestSpares || int64(n) <= experts/2 {
			tried = append(tried, int64(n))
		}
	}
	if at, found := slices.BinarySearch(tried, c.eplbSpare); !found {
		tried = slices.Insert(tried, at, c.eplbSpare)
	}
	setup := r.setup(c.mode)
	off := scaled(c.off.Step(c.decodeWork), c.factor.Decode)
	without := in.load
	without.Spare = 0
	none := in.footprint.Ledger(&in.gpu, &in.engine, in.layout, without)
	var out []SparePoint
	for _, spare := range tried {
		t := in.memo.place(c.timing, in.popular, setup, spare)
		step := scaled(t.Step(c.decodeWork), c.factor.Decode)
		load := in.load
		load.Spare = spare
		led := in.footprint.Ledger(&in.gpu, &in.engine, in.layout, load)
		p := SparePoint{
			Spare: spare, PerRank: float64(spare) / float64(ranks), Bytes: perGPU(&led).RoutedExperts - perGPU(&none).RoutedExperts,
			MaxOverMean: t.Imbalance(c.decodeWork), Step: step.Seconds, Gain: off.Seconds / step.Seconds, Fits: led.Fits(),
		}
		p.Distinct, _ = t.Busiest(c.decodeWork)
		out = append(out, p)
		if !p.Fits && spare >= c.eplbSpare && len(out) >= fewestSpares {
			break // nor do more
		}
	}
	return out
}

// fewestSpares is how many points a curve of spare slots has at least.
const fewestSpares = 4

// paysOff is by how much more slots must shorten a step to be worth their memory.
const paysOff = 0.02

// bestSpare is the fewest slots with which a step takes at most paysOff longer than
// with any other number that fits. False if none fits.
func (r *Report) bestSpare() (int64, bool) {
	least := math.Inf(1)
	points := r.SpareCurve()
	for _, p := range points {
		if p.Fits {
			least = min(least, p.Step)
		}
	}
	for _, p := range points {
		if p.Fits && p.Step <= least*(1+paysOff) {
			return p.Spare, true
		}
	}
	return 0, false
}

// ImbalancePoint is the busiest rank's token copies over the mean on a number of ranks.
type ImbalancePoint struct {
	Ranks               int
	Off, Static, Online float64
}

// ImbalanceCurve is the imbalance of a decode step against the expert-parallel ranks,
// from 8 or the scenario's up to as many as there are experts, with as many tokens and spare slots on each as the
// scenario has (one spare slot where it has none). Nil where experts are not spread over ranks. The slice
// is the report's.
func (r *Report) ImbalanceCurve() []ImbalancePoint {
	if !r.spreads() {
		return nil
	}
	s := r.in.series
	s.sizes.Do(func() { s.imbalance = r.imbalanceCurve() })
	return s.imbalance
}

func (r *Report) imbalanceCurve() []ImbalancePoint {
	in, c := &r.in, &r.in.clock
	_, moe := c.eplb.Ranks()
	own := c.eplb.Placement(moe)
	tokens, _, _ := c.timing.Routed(c.decodeWork)
	var counts []int
	for n := min(8, own.Ranks); n <= int(moe.Experts) && n <= 512; n *= 2 {
		counts = append(counts, n)
	}
	if at, found := slices.BinarySearch(counts, own.Ranks); !found {
		counts = slices.Insert(counts, at, own.Ranks)
	}
	domain := max(in.gpu.ScaleUp.GPUs, 1)
	var out []ImbalancePoint
	for _, n := range counts {
		scale := float64(n) / float64(own.Ranks)
		s := own
		s.Ranks, s.Tokens = n, own.Tokens*scale
		s.Spare = (own.Spare + own.Ranks - 1) / own.Ranks * n
		s.Nodes = (n*in.layout.ExpertSplit() + domain - 1) / domain
		at := func(p balance.Policy) float64 {
			s.Policy = p
			return in.memo.ranks(moe, in.popular, s).Imbalance(tokens * scale)
		}
		out = append(out, ImbalancePoint{n, at(balance.Off), at(balance.Static), at(balance.Online)})
	}
	return out
}
