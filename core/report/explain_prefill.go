package report

import (
	"moecost/core/serving"
)

func prefillExplanations() []explanation {
	return []explanation{
		{"prefill.ttft_s", explainTTFT},
		{"prefill.ttft_loaded_s", explainLoaded},
		{"prefill.step_tokens", func(r *Report, d *Derivation) {
			d.term("c", "prefill tokens per step and replica", float64(r.in.load.Chunk), Tokens, "the scenario: chunk")
			d.say("a full chunk: prompts are waiting", "c")
		}},
		{"prefill.tokens_per_s", func(r *Report, d *Derivation) {
			d.figure(r, "w", "prefill.step_tokens")
			d.part(r, "DP")
			d.part(r, "PP")
			d.figure(r, "S", "prefill.step_s")
			d.say("tokens per second = tokens of a step × replicas × stages, each with a step of its own under way, / its time", "w*DP*PP/S")
		}},
		{"prefill.tokens_per_s_per_gpu", perGPURate("prefill.tokens_per_s")},
		{"prefill.prompt_steps", func(r *Report, d *Derivation) {
			d.term("i", "tokens of a prompt", float64(r.in.load.Prompt), Tokens, "the scenario: in")
			d.term("c", "prefill tokens per step and replica", float64(r.in.load.Chunk), Tokens, "the scenario: chunk")
			d.say("steps = prompt / chunk, rounded up; they are of equal length", "ceil(i/c)")
		}},
	}
}

// alone adds the terms of a prompt by itself: c·x + Q.
func (d *Derivation) alone(r *Report) string {
	t, l := r.in.clock.timing, r.in.load
	one := l
	one.Batch = 1
	d.figure(r, "c", "prefill.prompt_steps")
	d.figure(r, "X", "prefill.prompt_step_s")
	if r.in.clock.ideal {
		return "c*X"
	}
	d.term("Q", "what the engine does to a request before its first token", t.TTFT(one, serving.Waves, 0)-t.PromptSeconds(one), Seconds, fitted)
	return "Q + c*X"
}

func explainTTFT(r *Report, d *Derivation) {
	d.say("time to first token = request + chunks of the prompt × step", d.calibrate(r, d.alone(r), true, r.in.clock.factor.Prefill))
}

func explainLoaded(r *Report, d *Derivation) {
	c, l := &r.in.clock, r.in.load
	users := float64(l.Batch) / float64(r.in.layout.DP)
	formula, words := d.alone(r), "time to first token = request + chunks of the prompt × step"
	if users > 1 {
		k := serving.Fitted()
		plain := c.timing.DecodeStep(l)
		d.term("W", "prompts ahead of this one, relative", k.Wave, Ratio, fitted)
		d.term("U", "users of one attention replica", users, Sequences, "the scenario: batch over the attention replicas")
		d.term("e", "exponent of their number", k.WaveExponent, Count, fitted)
		formula += " + W*(U - 1)^e*" + d.sharedPrompt(r, users) + " + s/2"
		d.term("s", "decode step that it has to wait for, half of it on average", plain.Seconds, Seconds, "decode.step_s, before any measurement of yours")
		words += " + prompts ahead of it + half a decode step"
	}
	d.say(words, d.calibrate(r, formula, true, c.factor.Prefill))
	d.Note = "Users that start together, as benchmarks do: queueing is scheduler policy more than arithmetic."
}
