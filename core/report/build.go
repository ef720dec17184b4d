package report

import (
	"moecost/core/arch"
	"moecost/core/hardware"
	"moecost/core/offload/cache"
	"moecost/core/routing"
	"moecost/core/scenario"
	"moecost/core/serving"
)

// Question is a scenario with what a link cannot hold in its query.
type Question struct {
	Scenario scenario.Scenario
	Problems []scenario.Problem // of decoding it; each becomes a Warning

	Reading *arch.Reading   // of the model "custom": what core/arch/hf or core/arch/checkpoint read
	Counts  *routing.Counts // tokens per expert that the user's own router counted, in place of law and skew; nil: none
	Trace   *cache.Curve    // the user's own routing trace, run through caches of experts; nil: none
}

// inputs is what the numbers rest on, kept for derivations.
type inputs struct {
	*Subject
	gpu      hardware.Accelerator
	engine   serving.Engine
	layout   serving.Layout
	pinned   serving.Layout // what the scenario fixes of it, GPUs apart; nothing of a layout that was refused
	load     serving.Load
	popular  routing.Popularity
	ledger   serving.Ledger
	coverage coverage
	clock    clock
	away     away
	trace    *cache.Curve // the user's own
	series   *series
}

// Build answers a question. It fails only if there is nothing to answer for: an
// unknown or closed preset, a custom model without a reading, an id that names nothing.
func Build(q Question) (*Report, error) {
	s, err := Prepare(q)
	if err != nil {
		return nil, err
	}
	return s.Build(q)
}

// Build answers a question about the subject: one for which Same holds.
func (s *Subject) Build(q Question) (*Report, error) {
	r := &Report{Warnings: []Warning{}, in: inputs{Subject: s, series: &series{}, popular: s.popularity(q.Scenario), load: loadOf(q.Scenario), trace: q.Trace}}
	if err := r.equip(q.Scenario); err != nil {
		return nil, err
	}
	r.offloadShares(q.Scenario)
	r.layOut(q.Scenario)
	r.fillCache()
	in := &r.in
	in.ledger = in.footprint.Ledger(&in.gpu, &in.engine, in.layout, in.load)
	in.coverage = s.cover(in.popular, in.load)

	r.Scenario = r.normalise(q.Scenario)
	r.Model = r.modelSection()
	r.Memory = r.memorySection()
	r.Decode = r.decodeSection()
	r.wind()
	r.comparePlacements(int64(q.Scenario.Spare))
	r.timeSections()
	r.Balance = r.balanceSection()
	r.Offload = r.offloadSection()
	r.warn(q)
	return r, nil
}
