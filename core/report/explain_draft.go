package report

import (
	"fmt"

	"moecost/core/draft"
	"moecost/core/serving"
)

func draftExplanations() []explanation {
	return []explanation{
		{"draft.tokens_per_step", explainAccepted},
		{"draft.plain_step_s", func(r *Report, d *Derivation) {
			l := r.in.load
			l.Draft = 0
			s := scaled(r.in.clock.timing.DecodeStep(l), r.in.clock.factor.Decode)
			var formula sum
			for o, seconds := range s.Parts {
				if seconds > 0 {
					symbol := fmt.Sprintf("t%d", o+1)
					d.term(symbol, operatorWords[o], seconds, Seconds, "timed as decode.parts."+serving.Operator(o).Name()+" is, with draft=0")
					formula.add("%s", symbol)
				}
			}
			d.say("step = sum over operators", formula.String())
		}},
		{"draft.verify_s", func(r *Report, d *Derivation) {
			d.figure(r, "S", "decode.step_s")
			if r.in.clock.decode.Parts[serving.DraftPasses] == 0 {
				d.say("verification = step", "S")
				d.Note = "The model brings no modules that draft: drafts are taken to be looked up in the text, which costs no time."
				return
			}
			d.figure(r, "d", "decode.parts.draft")
			d.say("verification = step − passes of the drafting modules", "S - d")
		}},
		{"draft.verify_penalty", func(r *Report, d *Derivation) {
			d.figure(r, "V", "draft.verify_s")
			d.figure(r, "P", "draft.plain_step_s")
			d.say("penalty = verification / step without drafts", "V/P")
			d.Note = "Drafted tokens bring experts of their own, alike within a sequence: n of them cover as many as Σ f/(f + j) for j below n independent ones, f = 4 (core/routing, EffectiveTokens)."
		}},
		{"draft.speedup", func(r *Report, d *Derivation) {
			d.figure(r, "P", "draft.plain_step_s")
			d.figure(r, "t", "decode.tpot_s")
			l := r.in.load
			l.Draft = 0
			wait := r.in.clock.timing.PromptWait(l) * r.in.clock.scale()
			if wait == 0 {
				d.say("speedup = step without drafts / time per output token", "P/t")
				return
			}
			d.term("w", "prompts of the others that come during one token, without drafts", wait, Seconds, "as in decode.tpot_s, with draft=0")
			d.say("speedup = (step without drafts + prompts of the others) / time per output token", "(P + w)/t")
		}},
		{"draft.one_speedup", explainSpeedup(func(*Draft) int { return 1 })},
		{"draft.best_k", func(r *Report, d *Derivation) {
			d.term("K", fmt.Sprintf("number from 1 to %d with the greatest speedup", mostDrafts), d.Figure.Value, Tokens, "the time per token with each of them, as draft.speedup")
			d.say("best = the number of drafts that shortens a token most", "K")
			d.Note = sameAcceptance
		}},
		{"draft.best_speedup", explainSpeedup(func(d *Draft) int { return d.BestK })},
		{"draft.from_batch", explainPays("the smallest batch", true)},
		{"draft.loss_batch", explainPays("the batch after the last", false)},
	}
}

// sameAcceptance is the assumption behind a number of drafts.
const sameAcceptance = "Every drafted token is taken to be accepted alike if those before it were. Measured acceptance falls along a chain: a module that drafts one token at 85 to 90 % gave 70 % for each of two and 62 % for each of three (DeepSeek-V3; assets/measurements/specdec.csv)."

func explainAccepted(r *Report, d *Derivation) {
	d.term("a", "share of drafted tokens that are accepted", r.Scenario.Accept, Share, "the scenario: accept")
	var formula sum
	formula.add("1")
	for k := range r.in.load.Draft {
		formula.add("a^%d", k+1)
	}
	d.say("tokens = 1 + a + a² + …, one term for each drafted token: a draft counts if all before it were accepted", formula.String())
}

// explainSpeedup is the speedup with a number of drafts that is not the scenario's.
func explainSpeedup(drafts func(*Draft) int) func(*Report, *Derivation) {
	return func(r *Report, d *Derivation) {
		l, c, k := r.in.load, &r.in.clock, drafts(r.Draft)
		l.Draft = 0
		s := c.timing.DecodeStep(l)
		without := (s.Seconds + c.timing.PromptWait(l)) * c.scale()
		l.Draft = int64(k)
		with := c.timing.DecodeStep(l)
		d.term("o", "time per token without drafts", without, Seconds, "as decode.tpot_s, with draft=0")
		d.term("S", fmt.Sprintf("step with %d drafted", k), with.Seconds*c.scale(), Seconds, fmt.Sprintf("as decode.step_s, with draft=%d", k))
		d.term("n", "tokens that it makes of a sequence", draft.Accepted(k, r.Scenario.Accept), Tokens, "1 + a + a² + … of the acceptance a, the scenario: accept")
		formula := "o/(S/n)"
		if wait := c.timing.PromptWait(l) * c.scale(); wait > 0 {
			d.term("w", "prompts of the others that come during one token", wait, Seconds, fmt.Sprintf("as in decode.tpot_s, with draft=%d", k))
			formula = "o/(S/n + w)"
		}
		d.say("speedup = time per token without drafts / with them", formula)
		if k > 1 {
			d.Note = sameAcceptance
		}
	}
}

func explainPays(which string, inside bool) func(*Report, *Derivation) {
	return func(r *Report, d *Derivation) {
		tokens := int64(r.Draft.BestK)
		if r.in.load.Draft > 0 {
			tokens = r.in.load.Draft
		}
		last, formula, words := d.Figure.Value, "K", which+" with a speedup above 1"
		if !inside {
			last, formula, words = last-1, "K + 1", which+" with a speedup above 1"
		}
		d.term("K", fmt.Sprintf("%s that %d drafted tokens speed up", map[bool]string{true: "smallest batch", false: "largest batch"}[inside], tokens), last, Sequences,
			"powers of two, then bisection over the batch, each as draft.speedup")
		d.say(words, formula)
		d.Note = "Whether so many sequences fit is another question."
	}
}
