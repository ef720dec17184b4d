package plan

import (
	"math"

	"moecost/core/scenario"
)

// benchmarkSpread is how far prompts and outputs lie from their means, at most, where no spread is
// given: evenly from 0.8 to 1 times a length, as benchmarks draw them (RANDOM_RANGE_RATIO of
// InferenceMAX, github.com/SemiAnalysisAI/InferenceX). report.requestLengths says the same.
const benchmarkSpread = 1.0 / 9

// traffic is the requests and what they are promised.
type traffic struct {
	rate  float64 // requests per second; 0: users
	users float64 // that each ask again as soon as they are answered

	prompt, output float64 // mean tokens
	cached         float64 // share of the prompt whose cache is there
	fresh          float64 // prompt tokens that are prefilled, mean
	reach          float64 // mean tokens that one of them attends to
	promptVar      float64 // squared coefficient of variation
	outputVar      float64
	lognormal      bool    // prompts
	running        int64   // mean output of the sequences that run at one time, each counted by its length
	context        float64 // their mean context
	uneven         float64 // squared coefficient of variation of the contexts of one sequence after another: what chance does to a replica

	pct        float64 // percentile at which objectives hold, 0 to 1
	deviations float64 // of a normal variable at it
	tpot, ttft float64 // objectives, seconds; infinite: none
}

func trafficOf(s *scenario.Scenario) traffic {
	t := traffic{
		rate: s.Rate, prompt: float64(s.In), output: float64(s.Out), cached: s.Prefix,
		promptVar: s.InCV * s.InCV, outputVar: s.OutCV * s.OutCV,
		pct: s.Pct / 100, tpot: s.TPOT / 1e3, ttft: s.TTFT / 1e3,
	}
	if t.rate == 0 {
		t.users = float64(s.Batch)
	}
	// An even law from -a to a has the variance a²/3.
	const even = benchmarkSpread * benchmarkSpread / 3
	t.lognormal = s.InCV > 0
	if !t.lognormal {
		t.promptVar = even
	}
	if s.OutCV == 0 {
		t.outputVar = even
	}
	t.fresh = max(t.prompt*(1-t.cached), 1)
	// Most tokens are those of long prompts.
	t.reach = (t.prompt - t.fresh + t.fresh/2) * (1 + t.promptVar)
	// A sequence is seen in proportion to its length, and half way through it.
	running := t.output * (1 + t.outputVar)
	t.running = int64(math.Round(running))
	t.context = t.prompt + running/2
	// Outputs of different lengths end at random times; contexts differ by the prompt and by how far the output is.
	spread := square(t.prompt)*t.promptVar + square(running/2)*(1.0/3+t.outputVar)
	t.uneven = t.outputVar/(1+t.outputVar) + spread/square(t.context)
	t.deviations = math.Sqrt2 * math.Erfinv(2*t.pct-1)
	if t.tpot == 0 || t.output <= 1 { // the first token is the last
		t.tpot = math.Inf(1)
	}
	if t.ttft == 0 {
		t.ttft = math.Inf(1)
	}
	return t
}

// quantile is the value below which a share of a positive variable lies, whose mean and variance are known: of the
// lognormal law. Where the variance is so large that it would fall again with more of it, it stays.
func (t *traffic) quantile(mean, variance float64) float64 {
	if mean <= 0 {
		return 0
	}
	sigma := math.Sqrt(math.Log1p(variance / (mean * mean)))
	if t.deviations > 0.1 {
		sigma = min(sigma, t.deviations)
	}
	return mean * math.Exp(t.deviations*sigma-sigma*sigma/2)
}

// pieces is the mean number of steps that the fresh part of a prompt is cut into: the sum of the chances that
// it is longer than 0, 1, 2… chunks.
func (t *traffic) pieces(chunk float64) float64 {
	sum := 0.0
	for n := range 1000 {
		chance := t.longer(float64(n) * chunk / t.fresh)
		if sum += chance; chance < 1e-4 {
			break
		}
	}
	return sum
}

// longer is the chance that a prompt is longer than so many times the mean.
func (t *traffic) longer(times float64) float64 {
	switch {
	case times <= 0:
		return 1
	case t.lognormal:
		variance := math.Log1p(t.promptVar)
		return math.Erfc((math.Log(times)+variance/2)/math.Sqrt(2*variance)) / 2
	}
	return min(max((1+benchmarkSpread-times)/(2*benchmarkSpread), 0), 1)
}

// longest is the longest of so many prompts over the mean: the expected maximum by Blom's positions.
func (t *traffic) longest(prompts float64) float64 {
	if prompts <= 1 {
		return 1
	}
	at := (prompts - 0.375) / (prompts + 0.25)
	if t.lognormal {
		variance := math.Log1p(t.promptVar)
		return math.Exp(math.Sqrt(variance)*math.Sqrt2*math.Erfinv(2*at-1) - variance/2)
	}
	return 1 + benchmarkSpread*(2*at-1)
}
