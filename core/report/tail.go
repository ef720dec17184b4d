package report

import (
	"moecost/core/serving"
	"moecost/core/tail"
)

// Tail is what a simulation says of steps and requests that are slower than the
// median: seconds, with the user's measurement. Build leaves it out, because a simulation takes
// a second; Simulated puts it in.
type Tail struct {
	P50  float64 `json:"p50_s"` // of a step in which sequences decode, with the prompts prefilled in it
	P90  float64 `json:"p90_s"`
	P99  float64 `json:"p99_s"`
	P999 float64 `json:"p999_s"`

	TPOTP50 float64 `json:"tpot_p50_s,omitempty"` // of a request, over its output tokens; absent if it has only one
	TPOTP99 float64 `json:"tpot_p99_s,omitempty"`
	TTFTP50 float64 `json:"ttft_p50_s,omitempty"`
	TTFTP99 float64 `json:"ttft_p99_s,omitempty"`

	Ratio   float64            `json:"p99_over_p50"` // of a step
	Alone   map[string]float64 `json:"alone"`        // the same with one cause alone
	Without map[string]float64 `json:"without"`      // with all but one more

	Overload bool `json:"overload,omitempty"` // more requests come than can be served
	Steps    int  `json:"steps"`              // that were simulated
	Requests int  `json:"requests"`
}

// requestLengths is how far prompts and outputs of a simulated load lie from their
// means, at most: as benchmarks draw them, evenly from 0.8 to 1 times a length
// (RANDOM_RANGE_RATIO of InferenceMAX, github.com/SemiAnalysisAI/InferenceX). Real traffic varies more.
const requestLengths = 1.0 / 9

// TailCase is the scenario as a simulation takes it; false if its steps cannot be
// timed, or if experts are elsewhere than on the GPUs.
func (r *Report) TailCase() (tail.Case, bool) {
	if !r.simulable() {
		return tail.Case{}, false
	}
	c := r.tailCase(r.in.clock.timing, r.in.load)
	c.Sweep = r.tailSweep()
	return c, true
}

func (r *Report) simulable() bool { return r.timed() && r.in.load.Host == 0 && r.in.load.Output > 0 }

func (r *Report) tailCase(t *serving.Timing, l serving.Load) tail.Case {
	s := &r.Scenario
	return tail.Case{
		Timing: t, Load: l, PerStep: r.in.clock.perStep,
		Domain: s.Domain, Speed: s.Speed / 100, Moves: r.tailMoves(t),
		Rate: s.Rate, Lengths: requestLengths, InTurn: s.Engine == "sglang", // its --load-balance-method is round_robin unless asked otherwise
		PromptCV: s.InCV, OutputCV: s.OutCV, Cached: min(s.Prefix, mostCached),
		Without: tail.CausesOf(s.Without), Seed: uint64(s.Seed),
	}
}

// mostCached leaves a prompt something to prefill: its last token always is.
const mostCached = 0.9999

// tailMoves is how rebalancing holds decoding up. Layer by layer beside the steps
// nothing that was measured waits.
func (r *Report) tailMoves(t *serving.Timing) tail.Moves {
	if r.Scenario.EPLB != "online" || r.Scenario.Moves != "blocking" {
		return tail.Moves{}
	}
	_, _, seconds := r.rebalancing(t)
	return tail.Moves{Interval: int(r.Scenario.Interval), Seconds: seconds}
}

// movingBandwidth is what weights reach between the GPUs of a stage, bytes/s: the
// network's if they span several scale-up domains.
func (r *Report) movingBandwidth() float64 {
	g := &r.in.gpu
	if r.in.layout.StageGPUs() > max(g.ScaleUp.GPUs, 1) && g.ScaleOutBytesPerSecond > 0 || g.ScaleUp.BytesPerSecond == 0 {
		return max(g.ScaleOutBytesPerSecond, 1.25e9) // 10 Gb/s Ethernet where no link is known
	}
	return g.ScaleUp.BytesPerSecond
}

// The points of the sweep over skew and expert parallelism.
var (
	sweptSkews = []float64{0, 0.5, 1, 1.5}
	sweptEP    = []int{8, 16, 32, 64}
)

// tailSweep is the same load per GPU on other numbers of GPUs, each with attention of
// its own and whole experts, at other skews. Prompts of others are left out: what they add hardly hangs on either.
// Nothing for a dense model, or where experts were counted.
func (r *Report) tailSweep() []tail.Point {
	in := &r.in
	if r.Model.MoELayers == 0 || in.popular.Counts != nil {
		return nil
	}
	var points []tail.Point
	perGPU := float64(in.load.Batch) / float64(in.layout.GPUs)
	for _, skew := range sweptSkews {
		popular := in.popular
		popular.Skew = skew
		routes := serving.NewRoutes(popular)
		for _, ep := range sweptEP {
			d := r.deployment()
			d.Layout = serving.Layout{GPUs: ep, TP: 1, PP: 1, EP: ep, DP: ep}
			if d.Layout.Check(d.Model) != nil {
				continue
			}
			points = append(points, tail.Point{Skew: skew, EP: ep, Case: func() tail.Case {
				d.Load.Batch = max(int64(perGPU*float64(ep)+0.5), 1)
				a := r.assume()
				a.Skew, a.Routes = skew, routes
				c := r.tailCase(serving.NewTiming(d, a), d.Load)
				c.Rate *= float64(ep) / float64(in.layout.GPUs)
				c.Without = c.Without.With(tail.Prefill)
				return c
			}})
		}
	}
	return points
}

// Simulated puts the result of a simulation of TailCase into the report. It may
// be called again as the result refines.
func (r *Report) Simulated(res tail.Result) {
	if !r.simulable() || !(res.Step.P50.Value > 0) || len(res.Alone) != int(tail.CauseCount) || len(res.Without) != int(tail.CauseCount) {
		return // nothing has been counted yet
	}
	decode, first := r.tailFactors()
	t := &Tail{
		P50: decode * res.Step.P50.Value, P90: decode * res.Step.P90.Value, P99: decode * res.Step.P99.Value, P999: decode * res.Step.P999.Value,
		TPOTP50: decode * res.TPOT.P50.Value, TPOTP99: decode * res.TPOT.P99.Value,
		TTFTP50: first * res.TTFT.P50.Value, TTFTP99: first * res.TTFT.P99.Value,
		Ratio: res.Step.P99.Value / res.Step.P50.Value, Alone: map[string]float64{}, Without: map[string]float64{},
		Overload: res.Overload, Steps: res.Steps, Requests: res.Requests,
	}
	for c := range tail.CauseCount {
		t.Alone[c.String()], t.Without[c.String()] = res.Alone[c].Ratio(), res.Without[c].Ratio()
	}
	r.Tail, r.simulated = t, &res
	r.warnTail()
}

// Simulate runs the simulation of the report to its end, with or without the sweep
// that only a chart shows. It takes a tenth of a second without, half a second with.
func (r *Report) Simulate(sweep bool) {
	c, ok := r.TailCase()
	if !ok {
		return
	}
	if !sweep {
		c.Sweep = nil
	}
	s, err := tail.New(c)
	if err != nil {
		return
	}
	_, total := s.Done()
	s.Advance(total)
	r.Simulated(s.Result())
}

// tailFactors are what the user's measurements scale steps and first tokens by.
func (r *Report) tailFactors() (decode, first float64) {
	decode, first = r.in.clock.factor.Decode, r.in.clock.factor.Prefill
	if decode == 0 {
		decode = 1
	}
	if first == 0 {
		first = 1
	}
	return decode, first
}
