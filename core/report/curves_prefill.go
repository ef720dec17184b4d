package report

import (
	"math"

	"moecost/core/routing"
	"moecost/core/serving"
)

// The chunks of a curve, powers of two, and the scenario's own.
const (
	smallestChunk = 512
	largestChunk  = 65536
)

// ChunkCurve is prefill against the tokens of a step, full of waiting prompts;
// saturation is the chunk from which on experts wait for multiplications instead of their
// weights, at the hardware's own figures and uniform routing, all replicas of a stage taken together: 0
// for a dense model.
func (r *Report) ChunkCurve() (points []ChunkPoint, saturation float64) {
	in := &r.in
	t := in.clock.timing
	if t == nil {
		return nil, 0
	}
	d := r.deployment()
	moe := in.arch.MoE()
	var chunks []int64
	for chunk := int64(smallestChunk); chunk <= largestChunk; chunk *= 2 {
		if own := in.load.Chunk; chunk/2 < own && own < chunk && chunk > smallestChunk {
			chunks = append(chunks, own)
		}
		chunks = append(chunks, chunk)
	}
	for _, chunk := range chunks {
		l := in.load
		l.Chunk = chunk
		w := t.ChunkWork(l, math.Inf(1), float64(in.layout.DP))
		s := t.Step(w)
		rate := in.clock.predict(in.clock.prefillClass, s.Seconds, 0)
		tokens, stages := w.Prefill*float64(in.layout.DP), float64(in.layout.PP)
		led := in.footprint.Ledger(&in.gpu, &in.engine, in.layout, l)
		p := ChunkPoint{
			Chunk: chunk, TokensPerS: stages * tokens / s.Seconds, Low: stages * tokens / rate.High, High: stages * tokens / rate.Low,
			ActivationBytes: led.Activation, Fits: led.Fits(),
		}
		if moe != nil && s.Distinct > 0 {
			p.TokensPerExpert = tokens * moe.ExpectedExperts() / s.Distinct
		}
		points = append(points, p)
	}
	return points, serving.SaturationTokens(&d) / float64(in.layout.DP)
}

// Coverage is the distinct experts of the representative MoE layer against the
// tokens that it routes, at the scenario's skew and beside it; nil for a dense model.
func (r *Report) Coverage() []CoveragePoint {
	moe := r.in.arch.MoE()
	if moe == nil {
		return nil
	}
	table := func(p routing.Popularity) *routing.Coverage { return r.in.memo.coverage(moe, p) }
	own, uniform := table(r.in.popular), table(routing.Popularity{})
	low, high := table(routing.Popularity{Skew: 1.1}), table(routing.Popularity{Skew: 0.9})
	batches := curveBatches(r.in.load.Batch)
	out := make([]CoveragePoint, len(batches))
	for i, b := range batches {
		l := r.in.load
		l.Batch = b
		n := effectiveTokens(l)
		out[i] = CoveragePoint{n, own.Distinct(n), uniform.Distinct(n), low.Distinct(n), high.Distinct(n)}
	}
	return out
}

// OtherCoverage is the share of experts that uniform routing touches in every
// other preset with experts, one line per shape (experts and top-k), in the order of AllPublished.
func (r *Report) OtherCoverage() []CoverageLine {
	moe := r.in.arch.MoE()
	seen := map[[2]int64]bool{}
	if moe != nil {
		seen[[2]int64{moe.Experts, moe.TopK}] = true
	}
	var out []CoverageLine
	for _, p := range AllPublished() {
		shape := [2]int64{p.ExpertsPerLayer, p.TopK}
		if p.ExpertsPerLayer == 0 || p.TopK == 0 || seen[shape] {
			continue
		}
		seen[shape] = true
		line := CoverageLine{ID: p.ID, Name: p.Name, Experts: p.ExpertsPerLayer, TopK: p.TopK}
		chance := float64(p.TopK) / float64(p.ExpertsPerLayer)
		for b := int64(1); b <= largestBatch; b *= 2 {
			line.Tokens = append(line.Tokens, float64(b))
			line.Share = append(line.Share, 1-math.Pow(1-chance, float64(b)))
		}
		out = append(out, line)
	}
	return out
}

// Roofline puts the operators of the scenario's decode step under the roofs of the accelerator.
func (r *Report) Roofline() Roofline {
	in := &r.in
	c, peaks := &in.clock, in.gpu.Peaks
	out := Roofline{BytesPerS: in.gpu.BandwidthBytesPerSecond}
	for _, roof := range []Roof{{"FP4", peaks.FP4}, {"FP8", peaks.FP8}, {"INT8", peaks.INT8}, {"BF16", peaks.BF16}} {
		same := roof.Name == "INT8" && roof.FLOPPerS == peaks.FP8 // one line, named as the floating-point format
		if roof.FLOPPerS > 0 && !same {
			out.Roofs = append(out.Roofs, roof)
		}
	}
	if !r.timed() {
		return out
	}
	for o := range serving.OperatorCount {
		seconds := c.decode.Parts[o]
		if seconds <= 0 {
			continue
		}
		a := c.timing.Account(c.decodeWork, o)
		p := RooflinePoint{Operator: o, Name: o.Name(), Seconds: seconds, Share: seconds / c.decode.Seconds, FLOPPerS: a.FLOPs / seconds}
		if a.Bytes > 0 {
			p.Intensity = a.FLOPs / a.Bytes
		}
		out.Points = append(out.Points, p)
	}
	return out
}
