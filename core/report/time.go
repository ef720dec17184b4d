package report

import (
	"math"

	"moecost/core/draft"
	"moecost/core/routing"
	"moecost/core/serving"
)

// clock is what the times of a report rest on. Decode and TPOT carry the user's
// measurement; everything of prefill but the two TTFTs does not.
type clock struct {
	_ [0]func() // no == for it: docs/size.md

	timing *serving.Timing // nil: this hardware or load cannot be timed
	ideal  bool

	class, prefillClass, firstClass, loadedClass serving.Class
	factor                                       serving.Calibration // measured over predicted; 0 is not measured
	seen                                         []SeenPoint

	decode, prefill, prompt             serving.Step
	decodeWork, prefillWork, promptWork serving.Work
	perStep                             float64 // output tokens of one sequence in a step

	tpot, ttft, loaded serving.Prediction

	off, eplb *serving.Timing // experts in their order, and placed by EPLB; nil where they are not spread over ranks
	mode      string          // of EPLB in eplb
	eplbSpare int64           // spare slots in eplb
}

// fabrics are the ways of dispatch by their ids in a link.
var fabrics = map[string]serving.Fabric{"unicast": serving.Unicast, "node": serving.PerNode, "multicast": serving.Multicast}

// assume is what the times rest on beside the deployment.
func (r *Report) assume() serving.Assumptions {
	in := &r.in
	p := in.popular
	a := serving.Assumptions{Skew: p.Skew, Law: p.Law, Counts: p.Counts, Apart: r.Scenario.Split, Fabric: fabrics[r.Scenario.Fabric]}
	a.Placed = r.setup(r.Scenario.EPLB)
	return a
}

// deployment is the scenario with another model in it.
func (r *Report) deployment() serving.Deployment {
	in := &r.in
	return serving.Deployment{Model: in.arch, GPU: in.gpu, Layout: in.layout, KV: in.kv, Engine: in.engine, Load: in.load}
}

// wind prepares the clock.
func (r *Report) wind() {
	in, c := &r.in, &r.in.clock
	c.ideal = in.engine.ID == "ideal"
	c.perStep = draft.Accepted(int(in.load.Draft), r.Scenario.Accept)
	if !in.gpu.Complete() || in.layout.GPUs == 0 {
		return
	}
	t, l := in.memo.prepare(r.deployment(), r.assume()), in.load
	if l.Host > 0 && in.bytes.experts > 0 {
		if t = r.moveAway(t); t == nil {
			return
		}
	}
	c.timing = t
	c.class = r.decodeClass(t, l)
	c.prefillClass, c.firstClass, c.loadedClass = serving.PrefillRate, serving.FirstToken, serving.LoadedFirst
	if l.Batch <= 1 {
		c.loadedClass = serving.FirstToken
	}
	switch c.class {
	case serving.WideParallel:
		c.prefillClass = c.class
	case serving.Unmeasured, serving.Offloaded, serving.OnDrive:
		c.prefillClass, c.firstClass, c.loadedClass = c.class, c.class, c.class
	}
	c.decodeWork = t.DecodeWork(l)
	c.prefillWork = t.ChunkWork(l, math.Inf(1), float64(in.layout.DP))
	c.promptWork = t.ChunkWork(l, 1, 1)

	alone := l
	alone.Batch = 1
	tpot, ttft, loaded := r.tpot(t, l), t.TTFT(alone, serving.Waves, 0), t.TTFT(l, serving.Waves, 0)
	if m := r.Scenario.MeasuredTPOT; m > 0 {
		c.factor.Decode = m / 1e3 / tpot
	}
	if m := r.Scenario.MeasuredTTFT; m > 0 {
		c.factor.Prefill = m / 1e3 / loaded
	}
	c.seen = r.seenPoints(t, l)
	c.fit()
	c.decode, c.prefill, c.prompt = scaled(t.Step(c.decodeWork), c.factor.Decode), t.Step(c.prefillWork), t.Step(c.promptWork)
	c.tpot = c.predict(c.class, tpot, c.factor.Decode)
	c.ttft = c.predict(c.firstClass, ttft, c.factor.Prefill)
	c.loaded = c.predict(c.loadedClass, loaded, c.factor.Prefill)
}

// decodeClass is the class of a decode time: experts elsewhere are wrong in ways of their own.
func (r *Report) decodeClass(t *serving.Timing, l serving.Load) serving.Class {
	if a := &r.in.away; a.plan != nil {
		if a.times[a.policy].DriveBytes > 0 {
			return serving.OnDrive
		}
		return serving.Offloaded
	}
	return t.DecodeClass(l)
}

// predict puts the range of a class around a time. The ideal profile is a bound
// and has none.
func (c *clock) predict(class serving.Class, seconds, factor float64) serving.Prediction {
	p := serving.Predict(class, seconds, factor)
	if c.ideal {
		p.Low, p.High = p.Seconds, p.Seconds
	}
	return p
}

// scaled is a step whose every part takes factor times as long; 0 leaves it.
func scaled(s serving.Step, factor float64) serving.Step {
	if factor == 0 {
		return s
	}
	s.Seconds *= factor
	for o := range s.Parts {
		s.Parts[o] *= factor
	}
	for b := range s.Waits {
		s.Waits[b] *= factor
	}
	return s
}

// timed tells whether the report's own load has times: only what fits runs.
func (r *Report) timed() bool { return r.in.clock.timing != nil && r.Memory.Fits }

// timeSections fills in what the clock says.
func (r *Report) timeSections() {
	if !r.timed() {
		return
	}
	c := &r.in.clock
	gpus := float64(r.in.layout.GPUs)
	d := r.Decode
	d.Step, d.Parts, d.Bound, d.Class = c.decode.Seconds, partsOfStep(&c.decode), c.decode.Bound().String(), c.class.String()
	d.TPOT, d.TPOTLow, d.TPOTHigh = c.tpot.Seconds, c.tpot.Low, c.tpot.High
	if r.in.load.Draft > 0 {
		d.TokensPerStep = c.perStep
	}
	d.TokensPerS = float64(r.in.load.Batch) / c.tpot.Seconds
	d.TokensPerSOfGPU, d.TokensPerSUser = d.TokensPerS/gpus, 1/c.tpot.Seconds
	d.KneeBatch = r.knee()
	d.BestBatch = r.best(r.Scenario.TPOT / 1e3)

	tokens := c.prefillWork.Prefill
	rate := tokens * float64(r.in.layout.DP*r.in.layout.PP) / c.prefill.Seconds // every stage has a step under way
	r.Prefill = &Prefill{
		TTFT: c.ttft.Seconds, TTFTLow: c.ttft.Low, TTFTHigh: c.ttft.High,
		Loaded: c.loaded.Seconds, LoadedLow: c.loaded.Low, LoadedHigh: c.loaded.High,
		Step: c.prefill.Seconds, StepTokens: tokens, TokensPerS: rate, TokensPerSOfGPU: rate / gpus,
		Parts: partsOfStep(&c.prefill), Bound: c.prefill.Bound().String(), Class: c.prefillClass.String(),
		PromptStep: c.prompt.Seconds, PromptSteps: float64(r.in.load.Prompt) / c.promptWork.Prefill, PromptParts: partsOfStep(&c.prompt),
	}
	r.Routing = r.routingSection()
	r.Draft = r.draftSection()
	if price := r.Scenario.Price; price > 0 {
		hour := price * gpus
		r.Cost = &Cost{
			PerHour: hour,
			Output:  1e6 * hour / 3600 * d.Step / (float64(r.in.load.Batch) * c.perStep),
			Input:   1e6 * hour / 3600 / rate,
		}
	}
}

func partsOfStep(s *serving.Step) map[string]float64 {
	parts := make(map[string]float64, len(s.Parts))
	for o, seconds := range s.Parts {
		if seconds > 0 {
			parts[serving.Operator(o).Name()] = seconds
		}
	}
	return parts
}

// effectiveTokens is how many independent tokens of a layer cover as many
// experts as a step does: drafts of one sequence choose alike.
func effectiveTokens(l serving.Load) float64 {
	return float64(l.Batch) * routing.EffectiveTokens(float64(1+l.Draft), routing.DefaultCorrelation)
}
