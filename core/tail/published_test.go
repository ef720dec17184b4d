package tail

import (
	"math"
	"testing"

	"moecost/core/serving"
)

// noise is P99 over P50 of what a step waits for in the mean over its layers, and of the
// same in one layer, under the noise of routing alone: the busiest rank's copies over the mean, or
// its distinct experts.
func noise(s *stack, distinct bool) (step, one float64) {
	v := s.levelOf(levelCount / 2)
	var steps, singles []float32
	for i := range 1000 {
		r := streamOf(11, stream(Routing), i)
		sum := 0.0
		for layer := range s.layers {
			s.countsOf(v, layer, &r)
			most, all := 0.0, 0.0
			for rank, n := range s.copies {
				if distinct {
					n = s.reads[rank]
				}
				most, all = max(most, n), all+n
			}
			x := hot(most, all, s.ranks)
			if distinct {
				x = most
			}
			sum += x
			if layer == 0 {
				singles = append(singles, float32(x))
			}
		}
		steps = append(steps, float32(sum))
	}
	return spread(steps).Ratio(), spread(singles).Ratio()
}

// Published runs of the same model (58 or 94 layers, lognormal popularity fixed per
// layer, contiguous experts): P99 over P50 of a whole step and of one layer. Their popularities were drawn
// anew, so that a whole step agrees to 0.4 of a per cent and one layer to what layers differ by.
func TestRoutingNoise(t *testing.T) {
	for _, c := range []struct {
		name      string
		model     string
		l         serving.Layout
		skew      float64
		batch     int64
		distinct  bool
		step, one float64
		layers    float64 // by which one layer differs from another
	}{
		{"R1, EP32, 4,096 tokens, copies", "deepseek-r1", wide32, 1.05, 4096, false, 1.005, 1.03, 0.015},
		{"R1, EP32, 256 tokens, copies", "deepseek-r1", wide32, 1.05, 256, false, 1.019, 1.19, 0.06},
		{"R1, EP32, 64 tokens, distinct experts", "deepseek-r1", wide32, 1.05, 64, true, 1.020, 1.00, 0.13},
		{"Qwen3-235B, EP8, 256 tokens, copies", "qwen3-235b-a22b", wide8, 1, 256, false, 1.012, 1.10, 0.04},
	} {
		step, one := noise(stackOf(t, c.model, c.l, serving.Assumptions{Skew: c.skew}, c.batch), c.distinct)
		t.Logf("%s: step %.4f, one layer %.3f", c.name, step, one)
		if math.Abs(step-c.step) > 0.004 {
			t.Errorf("for %s, got P99/P50 of a step %v, want %v", c.name, step, c.step)
		}
		if math.Abs(one-c.one) > c.layers {
			t.Errorf("for %s, got P99/P50 of one layer %v, want %v ± %v", c.name, one, c.one, c.layers)
		}
	}
}

// What a whole step has in common does not average out: the mix of domains alone makes
// a larger tail than the noise of routing, and so do prompts of others.
func TestCommonCausesMakeTheTail(t *testing.T) {
	c := wide(t, 2048)
	c.Domain, c.Speed = 0.3, 0.02
	r := run(t, c)
	if x := r.Alone[Routing].Ratio(); x < 1.002 || x > 1.03 {
		t.Errorf("for the noise of routing alone, got P99/P50 %v, want 1.005 to 1.02 and a few thousandths for contexts", x)
	}
	if x := r.Alone[Domain].Ratio(); x < 1.05 {
		t.Errorf("for the mix of domains alone, got P99/P50 %v, want more than 1.05", x)
	}
	if x := r.Alone[Prefill].Ratio(); x < 2 {
		t.Errorf("for prompts of others alone, got P99/P50 %v of a step", x)
	}
	if x := r.Alone[Speed].Ratio(); x > 1.02 {
		t.Errorf("for GPUs that keep their speeds, got P99/P50 %v", x)
	}
	if a, b := r.Bare.P50, r.Alone[Speed].P50; !(b > a*1.003 && b < a*1.06) {
		t.Errorf("for GPUs of 2 %% spread, the median goes from %v to %v: want up to 4 %%, the slowest of 32, less where the busiest rank is another", a, b)
	}
}

// Expected maxima of n standard normals.
func TestSlowestOfNormals(t *testing.T) {
	for n, want := range map[int]float64{8: 1.42, 32: 2.07, 72: 2.36, 144: 2.60, 256: 2.82} {
		const seeds = 400
		sum := 0.0
		for seed := range uint64(seeds) {
			worst := 0.0
			for _, x := range slowness(&Case{Seed: seed, Speed: 0.02}, n, 1) {
				worst = max(worst, x)
			}
			sum += (worst - 1) / 0.02
		}
		// One maximum deviates by 0.4 to 0.6, the mean of 400 by 0.03.
		near(t, "the slowest of normals", sum/seeds, want, 0.04)
		together := slowness(&Case{Seed: 1, Speed: 0.02}, 1, n)[0]
		if together <= 1 {
			t.Errorf("for %d GPUs that share an expert, got %v", n, together)
		}
	}
}

// A single prefill server with Poisson arrivals and equal prompts: the mean wait of
// M/D/1, load * service / (2 (1 - load)).
func TestQueue(t *testing.T) {
	for _, load := range []float64{0.3, 0.6, 0.8} {
		a := serving.Assumptions{Apart: true}
		c := Case{Timing: timed(t, "gpt-oss-120b", "h100-sxm", "vllm", serving.Layout{GPUs: 1, TP: 1, PP: 1, EP: 1, DP: 1}, a),
			Load: serving.Load{Batch: 10000, Prompt: 4000, Output: 50, Chunk: 8192}, Seed: 2, PerStep: 1}
		alone := c.Timing.PromptSeconds(c.Load)
		c.Rate = load / alone
		l := newTimeline(&c, newStack(&c))
		l.counting = true
		const wanted = 20_000
		for len(l.ttft) < wanted {
			l.step([]excess{{1, 1}})
		}
		mean := 0.0
		for _, x := range l.ttft {
			mean += float64(x) / wanted
		}
		wait := mean - alone - c.Timing.RequestSeconds()
		// 20,000 waits that follow on one another: 5 % at a load of 0.8.
		near(t, "the mean wait", wait, load*alone/(2*(1-load)), 0.08)
	}
}

// A closed loop keeps its users, whatever happens to them; with a rate as many decode as
// come while one is decoded (Little's law).
func TestUsers(t *testing.T) {
	c := wide(t, 300)
	c.Lengths = 0.3
	l := newTimeline(&c, newStack(&c))
	for range 3000 {
		l.step([]excess{{1, 1}})
		if got := l.decoding + l.queued; got != 300 {
			t.Fatalf("in step %d, %d decode and %d wait: want 300 together", l.steps, l.decoding, l.queued)
		}
	}
	context, decoding := 0.0, 0
	for i := range l.replicas {
		context += l.replicas[i].context
		decoding += l.replicas[i].decoding
	}
	if decoding != l.decoding || math.Abs(context-l.context) > 1e-6*context {
		t.Errorf("replicas hold %d sequences of %v tokens, all together %d of %v", decoding, context, l.decoding, l.context)
	}
	near(t, "mean context", context/float64(decoding), c.Load.DecodeContext(), 0.03)

	c.Rate, c.Load.Batch = 10, 4096
	l = newTimeline(&c, newStack(&c))
	seconds, spent := 0.0, 0.0
	for range 20000 {
		before := l.now
		l.step([]excess{{1, 1}})
		if l.steps > 2000 {
			seconds += l.now - before
			spent += (l.now - before) * float64(l.decoding)
		}
	}
	mean := 0.0
	l.counting = true
	for range 5000 {
		l.step([]excess{{1, 1}})
	}
	for _, x := range l.tpot {
		mean += float64(x) / float64(len(l.tpot))
	}
	near(t, "sequences that decode", spent/seconds, c.Rate*float64(c.Load.Output-1)*mean, 0.05)
}

// Without a cause means without it: the variant that the simulation keeps of each step is
// the median and P99 of a case that leaves the cause out.
func TestWithout(t *testing.T) {
	c := wide(t, 128)
	c.Domain, c.Speed, c.Lengths, c.Moves = 0.3, 0.02, 0.1, Moves{Interval: 70, Seconds: 0.4}
	r := run(t, c)
	for cause := range CauseCount {
		other := c
		other.Without = other.Without.With(cause)
		got := run(t, other)
		// Drafts aside, a closed loop does the same whatever a step takes.
		near(t, "P50 without "+cause.String(), r.Without[cause].P50, got.Step.P50.Value, 1e-6)
		near(t, "P99 without "+cause.String(), r.Without[cause].P99, got.Step.P99.Value, 1e-6)
	}
	bare := c
	bare.Without = every
	near(t, "bare P50", r.Bare.P50, run(t, bare).Step.P50.Value, 1e-6)
}

// Moves hold up what they should: a rebalancing in every 70th step is in the P99; spread
// over 50 steps the same seconds hardly show.
func TestMoves(t *testing.T) {
	c := wide(t, 128)
	c.Without = every &^ (1 << Relocation)
	c.Moves = Moves{Interval: 70, Seconds: 0.4}
	blocking := run(t, c)
	if got := blocking.Step.P99.Value - blocking.Step.P50.Value; math.Abs(got-0.4) > 0.01 {
		t.Errorf("for a stall of 0.4 s every 70 steps, P99 is %v above P50", got)
	}
	c.Moves.Steps = 50
	layerwise := run(t, c)
	if got := layerwise.Step.P99.Value - layerwise.Step.P50.Value; got > 0.01 {
		t.Errorf("spread over 50 steps, P99 is %v above P50", got)
	}
	near(t, "mean step", layerwise.Step.Mean, blocking.Step.Mean, 0.01)
}

// Every point of a sweep has percentiles, however long the case's own timeline would be.
func TestSweep(t *testing.T) {
	c := wide(t, 8)
	c.Drawn = 30
	long := wide(t, 2)
	long.Load.Output = 4000
	c.Sweep = []Point{{Skew: 1, EP: 32, Case: func() Case { return long }}, {Skew: 1, EP: 8, Case: func() Case { return Case{} }}, {Skew: 2, EP: 32, Case: func() Case { return wide(t, 64) }}}
	r := run(t, c)
	if len(r.Sweep) != 2 { // one cannot be simulated
		t.Fatalf("for two cases that can be simulated, got %+v", r.Sweep)
	}
	for _, p := range r.Sweep {
		if !(p.P50 > 0 && p.P99 >= p.P50) {
			t.Errorf("for a point of the sweep, got %+v", p)
		}
	}
}

// Named errors, and nothing that hangs.
func TestRefused(t *testing.T) {
	good := wide(t, 8)
	for _, spoil := range []func(*Case){
		func(c *Case) { c.Timing = nil }, func(c *Case) { c.Load.Batch = 0 }, func(c *Case) { c.Load.Output = 0 },
		func(c *Case) { c.Domain = math.NaN() }, func(c *Case) { c.Speed = -1 }, func(c *Case) { c.Rate = math.Inf(1) }, func(c *Case) { c.Lengths = 2 },
		func(c *Case) { c.Moves.Seconds = math.Inf(1) },
	} {
		c := good
		spoil(&c)
		if _, err := New(c); err == nil {
			t.Errorf("accepted: %+v", c)
		}
	}
}

// Loads at the edge: one user, one output token, more requests than can be served, more
// users than memory holds, a benchmark.
func TestEdges(t *testing.T) {
	for name, change := range map[string]func(*Case){
		"one user":   func(c *Case) { c.Load.Batch = 1 },
		"one token":  func(c *Case) { c.Load.Output = 1 },
		"overload":   func(c *Case) { c.Rate = 1e5 },
		"hardly any": func(c *Case) { c.Rate = 1e-3 },
		"admitted":   func(c *Case) { c.Admitted = 64 },
		"benchmark":  func(c *Case) { c.Benchmark, c.Load.Batch, c.Load.Output = true, 64, 50 },
		"drafts":     func(c *Case) { c.Load.Draft, c.PerStep = 3, 2.5 },
	} {
		c := wide(t, 128)
		c.Drawn = 60
		change(&c)
		r := run(t, c)
		if !r.Done || r.Step.P50.Value < 0 || math.IsNaN(r.Step.Mean+r.TTFT.Mean+r.TPOT.Mean) {
			t.Errorf("%s: %+v", name, r)
		}
		if name == "overload" != r.Overload {
			t.Errorf("%s: overload is %v", name, r.Overload)
		}
		if name == "benchmark" && r.Requests != 640 {
			t.Errorf("a benchmark of 640 requests ended %d", r.Requests)
		}
	}
}
