package report

import (
	"math"
	"slices"

	"moecost/core/serving"
)

// The batches of a curve: two to a doubling from 1, to largestBatch.
const largestBatch = 4096

func curveBatches(own int64) []int64 {
	var out []int64
	for b := int64(1); b <= largestBatch; b *= 2 {
		out = append(out, b)
		if b > 1 && b < largestBatch {
			out = append(out, b+b/2)
		}
	}
	if at, found := slices.BinarySearch(out, own); !found {
		out = slices.Insert(out, at, own)
	}
	return out
}

// StepCurve is the decode step against the batch, from 1 to 4,096 and at the
// scenario's own. It is nil where steps cannot be timed. The slice is the report's: it must
// not be changed.
func (r *Report) StepCurve() []StepPoint {
	c, s := &r.in.clock, r.in.series
	if c.timing == nil {
		return nil
	}
	s.steps.Do(func() {
		s.step = r.stepCurve(c.timing, r.in.kinds, func(b int64) bool { return b <= r.Memory.MaxBatch })
	})
	return s.step
}

func (r *Report) stepCurve(t *serving.Timing, kinds []coveredLayers, fits func(int64) bool) []StepPoint {
	batches := curveBatches(r.in.load.Batch)
	out := make([]StepPoint, len(batches))
	for i, b := range batches {
		out[i] = r.stepPoint(t, kinds, b)
		out[i].Fits = fits(b) || b == r.in.load.Batch && r.Memory.Fits
	}
	return out
}

func (r *Report) stepPoint(t *serving.Timing, kinds []coveredLayers, batch int64) StepPoint {
	c, l := &r.in.clock, r.in.load
	l.Batch = batch
	step := t.DecodeStep(l)
	tpot := c.predict(r.decodeClass(t, l), r.tpot(t, l), c.factor.Decode)
	p := StepPoint{
		Batch: batch, Step: scaled(step, c.factor.Decode),
		TPOT: tpot.Seconds, Low: tpot.Low, High: tpot.High,
		TokensPerS: float64(batch) / tpot.Seconds, TokensPerSPerUser: 1 / tpot.Seconds,
		Distinct: step.Distinct, TouchedBytes: step.Weights,
	}
	layers, reached := 0.0, 0.0
	for i := range kinds {
		layers += kinds[i].layers
		reached += kinds[i].layers * kinds[i].reached
	}
	if step.Distinct > 0 && layers > 0 {
		p.TokensPerExpert = float64(batch*(1+l.Draft)) / float64(r.in.layout.PP) * reached / layers / step.Distinct
	}
	if step.Seconds > 0 {
		p.RoutingShare = step.Routing() / step.Seconds
	}
	return p
}

// TwinCurves are the same of two dense models on as many of the same GPUs, each
// in the layout that would be chosen for it, with the scenario's attention, cache and head: one
// that multiplies as much per token and one that holds as many bytes. Each has one feed-forward
// layer in place of every MoE layer. Nil for a dense model. The slices are the report's.
func (r *Report) TwinCurves() []TwinCurve {
	if r.in.clock.timing == nil || r.Model.MoELayers == 0 {
		return nil
	}
	s := r.in.series
	s.twins.Do(func() { s.dense = r.twinCurves() })
	return s.dense
}

func (r *Report) twinCurves() []TwinCurve {
	in := &r.in
	var out []TwinCurve
	for _, dense := range in.dense() {
		layout, _ := dense.footprint.Choose(&in.gpu, &in.engine, in.load, serving.Layout{GPUs: in.layout.GPUs})
		if layout.GPUs == 0 { // no layout of its own: that of the mixture
			layout = in.layout
			layout.EP = 1
		}
		d := r.deployment()
		d.Model, d.Layout = dense.model, layout
		t := in.memo.prepare(d, r.assume())
		led := dense.footprint.Ledger(&in.gpu, &in.engine, layout, in.load)
		most := int64(layout.DP) * led.Sequences()
		twin := TwinCurve{Name: dense.name, Layout: layout, Params: dense.params, Bytes: dense.bytes, Inner: dense.inner}
		twin.Points = r.stepCurve(t, nil, func(b int64) bool { return b <= most })
		for j := range twin.Points {
			twin.Points[j].Fits = twin.Points[j].Batch <= most
		}
		out = append(out, twin)
	}
	return out
}

// knee is the batch from which on no doubling raises the throughput by more
// than √2: beyond it every user slows down by a larger factor than the deployment gains. 0 if
// doubling still pays at the end of the curve.
func (r *Report) knee() int64 {
	t, l := r.in.clock.timing, r.in.load
	knee, before := int64(1), 0.0
	for b := int64(1); b <= 2*largestBatch; b *= 2 {
		l.Batch = b
		rate := float64(b) / r.tpot(t, l)
		if before > 0 && rate > math.Sqrt2*before {
			knee = b
		}
		before = rate
	}
	if knee > largestBatch {
		return 0
	}
	return knee
}

// best is the largest batch that fits whose time per output token keeps an
// objective in seconds; 0 if there is no objective, or none does.
func (r *Report) best(objective float64) int64 {
	if objective <= 0 {
		return 0
	}
	t, l := r.in.clock.timing, r.in.load
	factor := r.in.clock.factor.Decode
	if factor > 0 {
		objective /= factor
	}
	low, high := int64(0), r.Memory.MaxBatch+1 // low keeps it, high does not
	for high-low > 1 {
		l.Batch = low + (high-low)/2
		if r.tpot(t, l) <= objective {
			low = l.Batch
		} else {
			high = l.Batch
		}
	}
	return low
}

// Objective is the time per output token that the scenario asks for, in seconds; 0 for none.
func (r *Report) Objective() float64 { return r.Scenario.TPOT / 1e3 }

// Nearby is the 80 % range of measured over predicted that is left inside one
// configuration, after one measurement of it: how certain comparisons along a
// curve are. Both are 0 where the class of predictions has none.
func (r *Report) Nearby() [2]float64 {
	if r.Decode != nil {
		_, classes := Accuracy()
		for _, c := range classes {
			if c.Name == r.Decode.Class {
				return [2]float64{c.NearbyLow, c.NearbyHigh}
			}
		}
	}
	return [2]float64{}
}
