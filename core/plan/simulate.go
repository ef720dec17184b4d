package plan

import (
	"errors"

	"moecost/core/serving"
	"moecost/core/tail"
)

// drawnSteps are the decode steps that a finalist's simulation draws expert by expert: enough for a percentile
// of requests, which average over hundreds of steps.
const drawnSteps = 200

// simulation is one copy of a solved shape under its share of the traffic, as core/tail simulates it.
func (s *Search) simulation(v *solved, p *point) (*tail.Simulation, error) {
	ask := &s.q.Scenario
	if s.t.output <= 1 {
		return nil, errors.New("plan: simulation: a single output token is prefill's: there is nothing to decode")
	}
	if v.shape.host > 0 {
		return nil, errors.New("plan: simulation: experts in host memory: core/tail has all of them on the GPUs")
	}
	c := tail.Case{
		Timing: s.timing(v.shape, v.mode != modeTogether), PerStep: 1,
		Load: serving.Load{
			Batch: s.batch(v, p), Prompt: int64(s.t.prompt), Output: int64(s.t.output), Chunk: v.chunk, Draft: v.drafts, Spare: v.shape.spare,
		},
		Domain: ask.Domain, Speed: ask.Speed / 100, Lengths: benchmarkSpread, PromptCV: ask.InCV, OutputCV: ask.OutCV, Cached: s.t.cached,
		InTurn: ask.Engine == "sglang", Without: tail.CausesOf(ask.Without), Seed: uint64(ask.Seed), Drawn: drawnSteps,
	}
	if u, ok := s.unitOf(v); ok {
		c.PerStep = u.perStep
		c.Admitted = int64(u.seats)
	}
	if v.mode == modeDecode {
		c.Cached = 1 // prompts come prefilled
	}
	if s.t.rate > 0 {
		c.Rate, c.Running = p.rate, p.running
	} else {
		c.Load.Batch = max(int64(p.users+0.5), 1)
	}
	// Where requests are short thousands of them end in every step: a few hundred steps then see more than enough.
	perStep := p.running * c.PerStep / max(s.t.output, 1)
	c.Steps = int(max(mostSimulated/max(perStep, 1e-6), 120))
	c.Steps = min(c.Steps, 1<<20)
	return tail.New(c)
}

// mostSimulated is about how many requests a simulation runs.
const mostSimulated = 50_000
