// Package plan finds the cheapest deployment that serves a traffic within its
// objectives: which accelerators and how many, how the model is laid out over them, with which chunk,
// batch, drafts and spare experts, on the same GPUs or with prefill apart.
//
// It is a search over what engines run, exhaustive within the space that space.go states. Objectives hold on
// the percentile, not on the mean: a closed form in the style of queueing theory gives the percentiles of the
// hundreds of thousands of deployments that are looked at, and the simulation of core/tail (of a pool that
// only prefills, the one of pool.go) confirms the finalists. One that fails is planned again for less load.
//
// A plan is copies of one engine instance, or of two kinds of instance where prefill runs apart. The copies share the
// traffic evenly.
//
// What is not modelled: routing between copies that knows which one holds a prefix, mixed accelerators in one
// deployment, the time that copies take to start, spot prices, failures.
package plan

import (
	"fmt"

	"moecost/core/arch"
	"moecost/core/routing"
	"moecost/core/scenario"
)

// Question is what a plan is asked for.
type Question struct {
	Scenario scenario.Scenario // traffic, objectives, engine, skew and what to choose from; its GPUs and layout are not used
	Model    *arch.Model       // as it is published
	KV       string            // id of the cache's number format that goes with it; empty: BF16
	Counts   *routing.Counts   // tokens per expert that a router counted; nil: the scenario's law
}

// New prepares a search. It fails if there is nothing to search: no accelerator with a price
// and the figures that a step needs.
func New(q Question) (*Search, error) {
	if q.Model == nil {
		return nil, fmt.Errorf("plan: model: none: read a config.json or choose a preset first")
	}
	s := &Search{q: q}
	if err := s.prepare(); err != nil {
		return nil, err
	}
	return s, nil
}
