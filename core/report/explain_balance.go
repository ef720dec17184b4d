package report

import (
	"fmt"
	"slices"

	"moecost/core/balance"
	"moecost/core/routing"
	"moecost/core/serving"
)

func balanceExplanations() []explanation {
	return []explanation{
		{"balance.gini", func(r *Report, d *Derivation) {
			d.popular(r, func(s routing.Spread) float64 { return s.Gini }, "Gini coefficient", func(n int) string {
				ranks := make([]float64, n)
				for i := range ranks {
					ranks[i] = float64(n - i)
				}
				d.Terms = append(d.Terms, Term{Symbol: "w", Name: "weights of the experts, hottest first: N, N − 1 … 1", Values: ranks, Unit: Count, Source: "definition of the Gini coefficient"})
				return "2*sum(p*w)/(N*sum(p)) - (N + 1)/N"
			})
		}},
		{"balance.cv", func(r *Report, d *Derivation) {
			d.popular(r, func(s routing.Spread) float64 { return s.CV }, "coefficient of variation", func(int) string {
				mean := 0.0
				for _, p := range r.representative().pi {
					mean += p
				}
				d.term("u", "mean of p", mean/float64(r.representative().experts), Share, "the probabilities")
				return "(sum((p - u)^2)/N)^(1/2)/u"
			})
		}},
		{"balance.hottest_expert", func(r *Report, d *Derivation) {
			d.popular(r, func(s routing.Spread) float64 { return s.MaxOverMean }, "hottest expert over the mean", func(int) string {
				d.term("h", "probability that a token chooses the hottest expert", slices.Max(r.representative().pi), Share, "the largest of p")
				return "h*N/sum(p)"
			})
			d.Note = "At most experts over top-k: a token chooses an expert once."
		}},
		{"balance.max_over_mean", func(r *Report, d *Derivation) { d.imbalance(r, r.in.clock.off) }},
		{"balance.max_over_mean_eplb", func(r *Report, d *Derivation) {
			d.imbalance(r, r.in.clock.eplb)
			d.Note += fmt.Sprintf(" %d spare slots; the rest is drift, sampling, and experts that do not come out even.", r.in.clock.eplbSpare)
		}},
		{"balance.eplb_spare", func(r *Report, d *Derivation) {
			d.say("the scenario's, or one on each rank", "s")
			source := "the scenario: spare"
			if r.Scenario.EPLB == "off" && int(r.in.clock.eplbSpare) == r.in.layout.EP {
				source = "one for every expert-parallel rank, as DeepSeek deploys: " + r.layoutSource()
			}
			d.term("s", "spare slots", float64(r.in.clock.eplbSpare), Experts, source)
		}},
		{"balance.eplb_spare_bytes", func(r *Report, d *Derivation) { d.spare(r, r.in.clock.eplbSpare) }},
		{"balance.spare_bytes", func(r *Report, d *Derivation) { d.spare(r, r.in.load.Spare) }},
		{"balance.mean_distinct", func(r *Report, d *Derivation) {
			x := r.Balance.MeanDistinct * float64(r.in.layout.EP)
			d.term("D", "distinct experts of a layer in one pipeline stage's step, mean over layers", x, Experts, "core/routing, Coverage, as decode.distinct_experts")
			d.term("R", "expert-parallel ranks", float64(r.in.layout.EP), Count, r.layoutSource())
			d.say("mean = distinct experts / ranks", "D/R")
		}},
		{"balance.busiest_distinct", explainBusiestDistinct("expected maximum over the ranks, experts in any order: core/routing, Ranks")},
		{"balance.busiest_distinct_eplb", explainBusiestDistinct("expected maximum over the ranks of seeded layers, replicas that get a token counted: core/balance, Busiest")},
		{"balance.step_off_s", explainOtherStep("with the experts in order", func(c *clock) *serving.Timing { return c.off })},
		{"balance.step_eplb_s", explainOtherStep("with EPLB", func(c *clock) *serving.Timing { return c.eplb })},
		{"balance.eplb_gain", func(r *Report, d *Derivation) {
			d.figure(r, "o", "balance.step_off_s")
			d.figure(r, "e", "balance.step_eplb_s")
			d.say("gain = step in order / step with EPLB", "o/e")
			d.Note = "Below 1 EPLB costs more than it gains: copies are further weights to read."
		}},
		{"balance.even_step_s", explainOtherStep("if all ranks had the same share", func(c *clock) *serving.Timing { return c.timing.Even() })},
		{"balance.sync_stall_s", func(r *Report, d *Derivation) {
			d.figure(r, "S", "decode.step_s")
			d.figure(r, "e", "balance.even_step_s")
			d.say("wait = step − step of even ranks", "max(S - e, 0)")
			d.Note = "Every MoE layer ends with a barrier, the combine of all ranks. What differs is experts and permutation of the busiest rank, and the exchange, which waits for the port that receives the most."
		}},
		{"balance.sync_stall_share", func(r *Report, d *Derivation) {
			d.figure(r, "w", "balance.sync_stall_s")
			d.figure(r, "S", "decode.step_s")
			d.say("share = wait / step", "w/S")
		}},
		{"balance.moved_bytes", func(r *Report, d *Derivation) {
			_, moe := r.in.clock.eplb.Ranks()
			slots, _, _ := r.rebalancing(r.in.clock.eplb)
			d.figure(r, "X", "memory.experts_bytes")
			d.term("s", "slots of a layer whose expert changes, on the rank with the most", slots, Experts, "mean of seeded layers, between one interval and the next: core/balance, Moved")
			d.term("N", "routed experts of a layer", float64(moe.Experts), Experts, r.in.source)
			d.term("G", "GPUs that share an expert, times pipeline stages", float64(r.in.layout.ExpertSplit()*max(r.in.layout.PP, 1)), Count, r.layoutSource())
			d.say("moved = slots × bytes of an expert in all layers / GPUs that share it", "s*X/N/G")
		}},
		{"balance.rebalance_s", func(r *Report, d *Derivation) {
			d.figure(r, "m", "balance.moved_bytes")
			d.term("L", "MoE layers of a stage", float64(r.stageLayers()), Layers, r.in.source)
			d.term("e", "what an engine spends on a layer besides", balance.SecondsPerLayer, Seconds, "0.91 s for 58 layers: vLLM pull request 43219; core/balance, Blocking")
			d.term("W", "link that the weights move over", r.movingBandwidth(), BytesPerSecond, "the accelerator's")
			d.say("wait = layers × overhead + moved / link", "L*e + m/W")
			d.Note = "Measured blocking rearrangements take 0.26 to 4.4 s. Moved layer by layer beside the steps, they hold up nothing that was measured."
		}},
		{"balance.rebalance_share", func(r *Report, d *Derivation) {
			d.figure(r, "w", "balance.rebalance_s")
			d.figure(r, "S", "decode.step_s")
			d.term("n", "decode steps between two rebalancings", float64(r.Scenario.Interval), Count, "the scenario: interval")
			d.say("share = wait / (steps × step + wait)", "w/(n*S + w)")
			d.Note = "Not in the time per token, which is that of steps: a request that is in flight sees the whole wait once."
		}},
		{"balance.best_spare", func(r *Report, d *Derivation) {
			d.term("s", "the fewest tried with which a step is within 2 % of the shortest that fits in memory", d.Figure.Value, Experts,
				"the step timed with each number of the chart of spare experts")
			d.say("best spare slots", "s")
		}},
	}
}

// popular derives a measure of how unevenly experts are used: of the law from its
// probabilities, of counts as the mean over layers.
func (d *Derivation) popular(r *Report, measure func(routing.Spread) float64, what string, formula func(experts int) string) {
	l := r.representative()
	if l.counted != nil {
		var each []float64
		for _, pi := range l.counted {
			each = append(each, measure(routing.SpreadOf(pi)))
		}
		d.Terms = append(d.Terms, Term{Symbol: "g", Name: what + " of every layer", Values: each, Unit: Ratio, Source: "your counts"})
		d.term("m", "layers counted", float64(len(each)), Layers, "your counts")
		d.say("mean over layers", "sum(g)/m")
		return
	}
	d.Terms = append(d.Terms, Term{
		Symbol: "p", Name: fmt.Sprintf("probability that a token chooses each of %d experts, hottest first", l.experts), Values: l.pi, Unit: Share,
		Source: "core/routing, Inclusion: " + r.law(),
	})
	d.term("N", "routed experts of a layer", float64(l.experts), Experts, r.in.source)
	d.say(what, formula(len(l.pi)))
}

// imbalance derives the tokens of the busiest rank over the mean.
func (d *Derivation) imbalance(r *Report, t *serving.Timing) {
	ranks, moe := t.Ranks()
	tokens, _, _ := t.Routed(r.in.clock.decodeWork)
	source := "mean of 64 seeded random orders: core/routing, Ranks"
	if ranks.Placed() {
		source = "mean of seeded layers: core/balance, Busiest"
	}
	d.term("p", "busiest rank over the mean if there were no end of tokens", ranks.Persistent(), Ratio, source)
	d.term("z", "expected maximum of as many normal variables as ranks", ranks.Noise(), Ratio, "Blom 1958: core/routing, ExpectedMaxNormal")
	d.term("R", "expert-parallel ranks", float64(ranks.N), Count, r.layoutSource())
	d.term("T", "tokens that a layer routes in one step of a stage", tokens, Tokens, "the scenario: batch, draft")
	d.term("k", "experts that a token chooses", float64(moe.TopK), Experts, r.in.source)
	d.say("busiest over mean = 1 + √(persistent² + sampling noise²)", "min(1 + ((p - 1)^2 + z^2*R/(T*k))^(1/2), R)")
	d.Note = "Balancedness, as SGLang and vLLM print it, is mean over busiest: the inverse. TensorRT-LLM's imbalance ratio is this minus 1."
}

// spare derives the memory of spare slots.
func (d *Derivation) spare(r *Report, spare int64) {
	in := &r.in
	without := in.load
	without.Spare = 0
	a := in.footprint.Ledger(&in.gpu, &in.engine, in.layout, without)
	before := float64(perGPU(&a).RoutedExperts)
	d.term("X", fmt.Sprintf("routed experts on the fullest GPU with %d spare slots in a layer", spare), before+float64(r.spareBytes(spare)), Bytes, "the ledger with spare="+fmt.Sprint(spare)+", derived as memory.per_gpu.routed_experts_bytes")
	d.term("x", "the same without", before, Bytes, "the ledger with spare=0")
	d.say("spare = with spare slots − without", "X - x")
}

func explainBusiestDistinct(source string) func(*Report, *Derivation) {
	return func(r *Report, d *Derivation) {
		d.term("e", "distinct experts of the busiest rank, mean over layers", d.Figure.Value, Experts, source)
		d.say("expected maximum over the ranks", "e")
	}
}

// explainOtherStep derives a decode step with experts placed otherwise, as the sum of its operators.
func explainOtherStep(how string, of func(*clock) *serving.Timing) func(*Report, *Derivation) {
	return func(r *Report, d *Derivation) {
		c := &r.in.clock
		s := scaled(of(c).Step(c.decodeWork), c.factor.Decode)
		var formula sum
		for o, seconds := range s.Parts {
			if seconds > 0 {
				symbol := fmt.Sprintf("t%d", o+1)
				d.term(symbol, operatorWords[o], seconds, Seconds, "timed as decode.parts."+serving.Operator(o).Name()+" is, "+how)
				formula.add("%s", symbol)
			}
		}
		d.say("step = sum over operators", formula.String())
	}
}
