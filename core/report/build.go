package report

import (
	"moecost/core/arch"
	"moecost/core/arch/hf"
	"moecost/core/format"
	"moecost/core/hardware"
	"moecost/core/scenario"
	"moecost/core/serving"
)

// Question is a scenario with what a link cannot hold in its query.
type Question struct {
	Scenario scenario.Scenario
	Problems []scenario.Problem // of decoding it; each becomes a Warning

	Config  []byte      // config.json of the model "custom"
	Reading *hf.Reading // instead of Config: a model that was read already, from a checkpoint's headers
}

// inputs is what the numbers rest on, kept for derivations.
type inputs struct {
	model     *arch.Model // as loaded, after conversion
	source    string
	gpu       hardware.Accelerator
	engine    serving.Engine
	kv        format.Format
	layout    serving.Layout
	load      serving.Load
	skew      float64
	footprint *serving.Footprint
	ledger    serving.Ledger
	coverage  coverage
}

// Build answers a question. It fails only if there is no model to answer for: an
// unknown or closed preset, or a config that cannot be read.
func Build(q Question) (*Report, error) {
	r := &Report{Warnings: []Warning{}}
	subject, err := readModel(q)
	if err != nil {
		return nil, err
	}
	if err := r.resolve(q, subject); err != nil {
		return nil, err
	}
	r.layOut(q.Scenario)
	in := &r.in
	in.ledger = in.footprint.Ledger(&in.gpu, &in.engine, in.layout, in.load)
	in.coverage = cover(in.model, in.skew, in.load)

	r.Scenario = r.normalise(q.Scenario, subject)
	r.Model = r.modelSection(subject)
	r.Memory = r.memorySection(q.Scenario)
	r.Decode = r.decodeSection()
	r.warn(q, subject)
	return r, nil
}
