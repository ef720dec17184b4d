package chart

import (
	"moecost/core/quantity"
	"moecost/core/report"
)

// overlays is the table of them, in the order of the page.
var overlays = []overlay{
	{
		name: "gpus", title: "What one GPU holds", unit: "Against the number of GPUs, in the layout that would be chosen",
		x: "GPUs", y: "on one GPU", kind: quantity.Bytes, logY: true,
		line: func(r *report.Report) (line [][2]float64) {
			for _, p := range r.SizeCurve() {
				line = append(line, [2]float64{float64(p.GPUs), float64(p.PerGPU.Used())})
			}
			return line
		},
		own: func(r *report.Report) (float64, float64) {
			return float64(r.Scenario.GPUs), float64(r.Memory.PerGPU.Used())
		},
	},
	{
		name: "kv", title: "What one sequence keeps", unit: "KV cache and state against its length",
		x: "Tokens of a sequence", y: "for one sequence", kind: quantity.Bytes, logY: true,
		line: func(r *report.Report) (line [][2]float64) {
			for _, p := range r.CacheCurve() {
				line = append(line, [2]float64{float64(p.Tokens), float64(p.Bytes())})
			}
			return line
		},
		own: func(r *report.Report) (float64, float64) {
			return float64(r.Scenario.In + r.Scenario.Out), float64(r.Model.KVBytesPerSequence + r.Model.StateBytesPerSequence)
		},
	},
	{
		name: "coverage", title: "Experts that a step reads", unit: "Share of a layer's experts, against the batch",
		x: "Sequences decoding at once", y: "Per cent of a layer’s experts", kind: quantity.Share,
		line: func(r *report.Report) (line [][2]float64) {
			for _, p := range r.Coverage() {
				line = append(line, [2]float64{p.Tokens, p.Distinct / float64(r.Model.RoutedExperts)})
			}
			return line
		},
		own: func(r *report.Report) (float64, float64) {
			if r.Decode == nil || r.Model.RoutedExperts == 0 {
				return 0, 0
			}
			return r.RoutedTokens(), r.Decode.DistinctExperts / float64(r.Model.RoutedExperts)
		},
	},
	{
		name: "tpot", title: "What each user waits for a token", unit: "Against the batch",
		x: "Sequences decoding at once", y: "for one token", kind: quantity.Seconds, logY: true,
		line: steps(func(p report.StepPoint) (float64, float64) { return float64(p.Batch), p.TPOT }),
		own: decoded(func(r *report.Report, d *report.Decode) (float64, float64) {
			return float64(r.Scenario.Batch), d.TPOT
		}),
	},
	{
		name: "throughput", title: "All users against each", unit: "Output tokens per second; along a line the batch grows",
		x: "Tokens per second of each user", y: "Tokens per second of all users", kind: quantity.Plain, logY: true,
		line: steps(func(p report.StepPoint) (float64, float64) { return p.TokensPerSPerUser, p.TokensPerS }),
		own:  decoded(func(_ *report.Report, d *report.Decode) (float64, float64) { return d.TokensPerSUser, d.TokensPerS }),
	},
	{
		name: "cost", title: "The price of a million output tokens", unit: "Decode alone, against each user's speed",
		x: "Tokens per second of each user", y: "Dollars per million output tokens", kind: quantity.Plain, logY: true,
		line: func(r *report.Report) (line [][2]float64) {
			if r.Cost == nil || r.Decode.Step <= 0 {
				return nil
			}
			own := r.Decode.Step / float64(r.Scenario.Batch)
			for _, p := range r.StepCurve() {
				if p.Fits {
					line = append(line, [2]float64{p.TokensPerSPerUser, r.Cost.Output * p.Step.Seconds / float64(p.Batch) / own})
				}
			}
			return line
		},
		own: decoded(func(r *report.Report, d *report.Decode) (float64, float64) {
			if r.Cost == nil {
				return 0, 0
			}
			return d.TokensPerSUser, r.Cost.Output
		}),
	},
	{
		name: "chunk", title: "What a larger prefill chunk gains", unit: "Prompt tokens per second of all GPUs",
		x: "Prompt tokens in one step, each replica", y: "Prompt tokens per second", kind: quantity.Plain, logY: true,
		line: func(r *report.Report) (line [][2]float64) {
			points, _ := r.ChunkCurve()
			for _, p := range points {
				if p.Fits {
					line = append(line, [2]float64{float64(p.Chunk), p.TokensPerS})
				}
			}
			return line
		},
		own: func(r *report.Report) (float64, float64) {
			points, _ := r.ChunkCurve()
			for _, p := range points {
				if p.Fits && p.Chunk == r.Scenario.Chunk {
					return float64(p.Chunk), p.TokensPerS
				}
			}
			return 0, 0
		},
	},
	{
		name: "imbalance", title: "The busiest GPU against the mean", unit: "Tokens, against the expert-parallel ranks, as the scenario places experts",
		x: "Expert-parallel ranks", y: "Busiest over mean", kind: quantity.Plain,
		line: imbalanceLine,
		own: func(r *report.Report) (float64, float64) {
			for _, p := range imbalanceLine(r) {
				if p[0] == float64(r.Scenario.EP) {
					return p[0], p[1]
				}
			}
			return 0, 0
		},
	},
}

func imbalanceLine(r *report.Report) (line [][2]float64) {
	for _, p := range r.ImbalanceCurve() {
		y := p.Off
		switch r.Scenario.EPLB {
		case "static":
			y = p.Static
		case "online":
			y = p.Online
		}
		line = append(line, [2]float64{float64(p.Ranks), y})
	}
	return line
}

func steps(at func(report.StepPoint) (float64, float64)) func(*report.Report) [][2]float64 {
	return func(r *report.Report) (line [][2]float64) {
		for _, p := range r.StepCurve() {
			if p.Fits {
				x, y := at(p)
				line = append(line, [2]float64{x, y})
			}
		}
		return line
	}
}

func decoded(at func(*report.Report, *report.Decode) (float64, float64)) func(*report.Report) (float64, float64) {
	return func(r *report.Report) (float64, float64) {
		if r.Decode == nil || r.Decode.TPOT <= 0 {
			return 0, 0
		}
		return at(r, r.Decode)
	}
}
