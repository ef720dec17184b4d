package report

import (
	"math"

	"moecost/core/arch"
	"moecost/core/balance"
	"moecost/core/routing"
	"moecost/core/serving"
)

// Balance is how unevenly experts are used, and what the expert-parallel ranks wait
// for one another in a decode step. Where experts are not spread over ranks, or a step is not timed,
// only the popularity is there.
type Balance struct {
	_ [0]func() // no == for it: docs/size.md

	Gini    float64 `json:"gini"`           // of the experts' popularity: 0 even
	CV      float64 `json:"cv"`             // standard deviation over mean
	Hottest float64 `json:"hottest_expert"` // its tokens over the mean expert's

	MaxOverMean     float64 `json:"max_over_mean,omitempty"`      // token copies of the busiest rank over the mean, experts in order
	MaxOverMeanEPLB float64 `json:"max_over_mean_eplb,omitempty"` // the same placed by EPLB: as the scenario says, or static where it is off
	EPLBSpare       int64   `json:"eplb_spare"`                   // slots that the figures of EPLB are with: the scenario's, or one per rank where it is off and names none
	EPLBSpareBytes  int64   `json:"eplb_spare_bytes,omitempty"`   // that these take on each GPU
	SpareBytes      int64   `json:"spare_bytes"`                  // of the scenario's own, on each GPU

	MeanDistinct        float64 `json:"mean_distinct,omitempty"`         // distinct experts that the mean rank reads in a layer, copies not counted
	BusiestDistinct     float64 `json:"busiest_distinct,omitempty"`      // that the busiest reads, experts in order
	BusiestDistinctEPLB float64 `json:"busiest_distinct_eplb,omitempty"` // and placed by EPLB, copies counted

	StepOff  float64 `json:"step_off_s,omitempty"`  // a decode step with the experts in order
	StepEPLB float64 `json:"step_eplb_s,omitempty"` // and placed by EPLB
	GainEPLB float64 `json:"eplb_gain,omitempty"`   // step in order over step with EPLB

	EvenStep       float64 `json:"even_step_s,omitempty"`      // the scenario's step, if all ranks had the same share
	SyncStall      float64 `json:"sync_stall_s,omitempty"`     // of the scenario's step: what ranks wait for the busiest at the end of each layer
	SyncStallShare float64 `json:"sync_stall_share,omitempty"` // in the step

	MovedBytes     float64 `json:"moved_bytes,omitempty"`     // to the GPU that gets the most of one online rebalancing
	Rebalance      float64 `json:"rebalance_s,omitempty"`     // that decoding waits for one, if it does
	RebalanceShare float64 `json:"rebalance_share,omitempty"` // of all time, at the scenario's interval

	BestSpare *int64 `json:"best_spare,omitempty"` // fewest spare slots with which a step is within 2 % of the shortest that fits
}

// balanceSection is absent for a dense model.
func (r *Report) balanceSection() *Balance {
	if len(r.in.coverage.layers) == 0 {
		return nil
	}
	s := spreadOf(r.representative())
	out := &Balance{Gini: s.Gini, CV: s.CV, Hottest: s.MaxOverMean}
	if !r.spreads() {
		return out
	}
	c := &r.in.clock
	off, eplb, w := c.off, c.eplb, c.decodeWork
	out.EPLBSpare = c.eplbSpare
	out.MaxOverMean, out.MaxOverMeanEPLB = off.Imbalance(w), eplb.Imbalance(w)
	out.BusiestDistinct, out.MeanDistinct = off.Busiest(w)
	out.BusiestDistinctEPLB, _ = eplb.Busiest(w)
	out.EPLBSpareBytes = r.spareBytes(c.eplbSpare)
	if r.in.load.Spare > 0 {
		out.SpareBytes = r.spareBytes(r.in.load.Spare)
	}
	if !r.timed() || r.in.load.Host > 0 { // what ranks wait for then is the host
		return out
	}
	stepOff, stepEPLB := scaled(off.Step(w), c.factor.Decode), scaled(eplb.Step(w), c.factor.Decode)
	out.StepOff, out.StepEPLB = stepOff.Seconds, stepEPLB.Seconds
	out.GainEPLB = out.StepOff / out.StepEPLB
	out.EvenStep = scaled(c.timing.Even().Step(w), c.factor.Decode).Seconds
	out.SyncStall = max(c.decode.Seconds-out.EvenStep, 0)
	out.SyncStallShare = out.SyncStall / c.decode.Seconds
	if c.mode == "online" {
		_, out.MovedBytes, out.Rebalance = r.rebalancing(eplb)
		out.RebalanceShare = out.Rebalance / (float64(r.Scenario.Interval)*c.decode.Seconds + out.Rebalance)
	}
	if best, ok := r.bestSpare(); ok {
		out.BestSpare = &best
	}
	return out
}

// rebalancing is what one online rebalancing moves to the rank that gets the most,
// in expert slots of a layer and in bytes of all layers on one GPU, and the seconds that decoding waits
// for it: 0 where weights move layer by layer beside the steps, for which nothing that was measured waits.
func (r *Report) rebalancing(t *serving.Timing) (slots, bytes, seconds float64) {
	in := &r.in
	_, moe := t.Ranks()
	if moe == nil {
		return 0, 0, 0
	}
	slots = in.memo.moves(moe, in.popular, t.Placement(moe)).Busiest
	bytes = slots * r.slotBytes(moe)
	if r.Scenario.Moves == "blocking" {
		seconds = balance.Blocking(r.stageLayers(), bytes, r.movingBandwidth())
	}
	return slots, bytes, seconds
}

// slotBytes is one expert slot of every MoE layer of a pipeline stage on one GPU.
func (r *Report) slotBytes(moe *arch.MoE) float64 {
	l := r.in.layout
	return float64(r.in.bytes.experts) / float64(moe.Experts) / float64(l.ExpertSplit()) / float64(max(l.PP, 1))
}

// stageLayers is the MoE layers of a pipeline stage.
func (r *Report) stageLayers() int {
	return int(math.Ceil(float64(r.Model.MoELayers) / float64(max(r.in.layout.PP, 1))))
}

// spreads tells whether experts are spread over ranks whose steps can be told.
func (r *Report) spreads() bool { return r.in.clock.off != nil }

// representative is the kind of MoE layer that there is most of.
func (r *Report) representative() *coveredLayers {
	var most *coveredLayers
	for i := range r.in.coverage.layers {
		if l := &r.in.coverage.layers[i]; most == nil || l.layers > most.layers {
			most = l
		}
	}
	return most
}

// spreadOf is how unevenly the experts of a kind of layer are used: of the law, or
// the mean of the layers that were counted.
func spreadOf(l *coveredLayers) routing.Spread {
	if l.counted == nil {
		return routing.SpreadOf(l.pi)
	}
	return (&routing.Counts{Layers: l.counted}).Spread()
}

// comparePlacements prepares the two placements that the section compares: experts
// in their order, and EPLB.
func (r *Report) comparePlacements(asked int64) {
	in, c := &r.in, &r.in.clock
	if c.timing == nil || in.layout.EP <= 1 || r.Model.MoELayers == 0 {
		return
	}
	c.mode, c.eplbSpare = r.Scenario.EPLB, in.load.Spare
	if c.mode != "off" {
		c.off, c.eplb = in.memo.place(c.timing, in.popular, balance.Setup{}, 0), c.timing
		return
	}
	if c.mode, c.eplbSpare = "static", asked; asked == 0 {
		c.eplbSpare = int64(in.layout.EP)
	}
	c.off, c.eplb = c.timing, in.memo.place(c.timing, in.popular, r.setup(c.mode), c.eplbSpare)
}

// spareBytes is what so many spare slots take on the fullest GPU.
func (r *Report) spareBytes(spare int64) int64 {
	in := &r.in
	with, without := in.load, in.load
	with.Spare, without.Spare = spare, 0
	a, b := in.footprint.Ledger(&in.gpu, &in.engine, in.layout, with), in.footprint.Ledger(&in.gpu, &in.engine, in.layout, without)
	return perGPU(&a).RoutedExperts - perGPU(&b).RoutedExperts
}
