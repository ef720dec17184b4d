package compare

import (
	"moecost/core/quantity"
	"moecost/core/report"
)

// Curve is a number against another one that several scenarios can be drawn by, one line each.
type Curve struct {
	Name, Title, Unit string // as in a figure's caption
	X, Y              string // titles of the axes; where Kind has a unit, it stands before Y
	Kind              quantity.Kind
	LogY              bool // x always is
	Rate              bool // x is measured, and no count

	// Line gives the points of a scenario, in the order of the line; none where it has no such curve.
	Line func(*report.Report) [][2]float64
	// Own is the scenario's own point; zero where there is none.
	Own func(*report.Report) (x, y float64)
}

// Curves are all of them, in the order of the page.
var Curves = []Curve{
	{
		Name: "gpus", Title: "What one GPU holds", Unit: "Against the number of GPUs, in the layout that would be chosen",
		X: "GPUs", Y: "on one GPU", Kind: quantity.Bytes, LogY: true,
		Line: func(r *report.Report) (line [][2]float64) {
			for _, p := range r.SizeCurve() {
				line = append(line, [2]float64{float64(p.GPUs), float64(p.PerGPU.Used())})
			}
			return line
		},
		Own: func(r *report.Report) (float64, float64) {
			return float64(r.Scenario.GPUs), float64(r.Memory.PerGPU.Used())
		},
	},
	{
		Name: "kv", Title: "What one sequence keeps", Unit: "KV cache and state against its length",
		X: "Tokens of a sequence", Y: "for one sequence", Kind: quantity.Bytes, LogY: true,
		Line: func(r *report.Report) (line [][2]float64) {
			for _, p := range r.CacheCurve() {
				line = append(line, [2]float64{float64(p.Tokens), float64(p.Bytes())})
			}
			return line
		},
		Own: func(r *report.Report) (float64, float64) {
			return float64(r.Scenario.In + r.Scenario.Out), float64(r.Model.KVBytesPerSequence + r.Model.StateBytesPerSequence)
		},
	},
	{
		Name: "coverage", Title: "Experts that a step reads", Unit: "Share of a layer's experts, against the batch",
		X: "Sequences decoding at once", Y: "Per cent of a layer’s experts", Kind: quantity.Share,
		Line: func(r *report.Report) (line [][2]float64) {
			for _, p := range r.Coverage() {
				line = append(line, [2]float64{p.Tokens, p.Distinct / float64(r.Model.RoutedExperts)})
			}
			return line
		},
		Own: func(r *report.Report) (float64, float64) {
			if r.Decode == nil || r.Model.RoutedExperts == 0 {
				return 0, 0
			}
			return r.RoutedTokens(), r.Decode.DistinctExperts / float64(r.Model.RoutedExperts)
		},
	},
	{
		Name: "tpot", Title: "What each user waits for a token", Unit: "Against the batch",
		X: "Sequences decoding at once", Y: "for one token", Kind: quantity.Seconds, LogY: true,
		Line: steps(func(p report.StepPoint) (float64, float64) { return float64(p.Batch), p.TPOT }),
		Own: decoded(func(r *report.Report, d *report.Decode) (float64, float64) {
			return float64(r.Scenario.Batch), d.TPOT
		}),
	},
	{
		Name: "throughput", Title: "All users against each", Unit: "Output tokens per second; along a line the batch grows",
		X: "Tokens per second of each user", Rate: true, Y: "Tokens per second of all users", Kind: quantity.Plain, LogY: true,
		Line: steps(func(p report.StepPoint) (float64, float64) { return p.TokensPerSPerUser, p.TokensPerS }),
		Own:  decoded(func(_ *report.Report, d *report.Decode) (float64, float64) { return d.TokensPerSUser, d.TokensPerS }),
	},
	{
		Name: "cost", Title: "The price of a million output tokens", Unit: "Decode alone, against each user's speed",
		X: "Tokens per second of each user", Rate: true, Y: "Dollars per million output tokens", Kind: quantity.Plain, LogY: true,
		Line: func(r *report.Report) (line [][2]float64) {
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
		Own: decoded(func(r *report.Report, d *report.Decode) (float64, float64) {
			if r.Cost == nil {
				return 0, 0
			}
			return d.TokensPerSUser, r.Cost.Output
		}),
	},
	{
		Name: "chunk", Title: "What a larger prefill chunk gains", Unit: "Prompt tokens per second of all GPUs",
		X: "Prompt tokens in one step, each replica", Y: "Prompt tokens per second", Kind: quantity.Plain, LogY: true,
		Line: func(r *report.Report) (line [][2]float64) {
			points, _ := r.ChunkCurve()
			for _, p := range points {
				if p.Fits {
					line = append(line, [2]float64{float64(p.Chunk), p.TokensPerS})
				}
			}
			return line
		},
		Own: func(r *report.Report) (float64, float64) {
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
		Name: "imbalance", Title: "The busiest GPU against the mean", Unit: "Tokens, against the expert-parallel ranks, as the scenario places experts",
		X: "Expert-parallel ranks", Y: "Busiest over mean", Kind: quantity.Plain,
		Line: imbalanceLine,
		Own: func(r *report.Report) (float64, float64) {
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
