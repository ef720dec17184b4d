package serving

import "math"

// defaultChunk is the prefill tokens of a step where the load does not say: vLLM's
// and SGLang's default max batched tokens on data-centre GPUs.
const defaultChunk = 8192

func (l Load) chunk() float64 {
	if l.Chunk > 0 {
		return float64(l.Chunk)
	}
	return defaultChunk
}

// DecodeStep times a step in which the whole batch decodes and nothing else happens.
func (t *Timing) DecodeStep(l Load) Step {
	return t.Step(t.DecodeWork(l))
}

// chunkWork fills a chunk with up to so many prompts.
func (t *Timing) chunkWork(l Load, prompts, replicas float64) Work {
	prompt := max(float64(l.Prompt), 1)
	tokens := min(l.chunk(), prompt*max(prompts, 1))
	if prompts <= 1 { // chunks of one prompt are of equal length
		tokens = prompt / math.Ceil(prompt/l.chunk())
	}
	return Work{Prefill: tokens, PrefillReach: prompt / 2, Prompts: tokens / prompt, Prefilling: replicas, Passes: min(t.passes(l), 1), Eager: true}
}

// PromptSeconds is the time from scheduling one prompt on an idle deployment to
// its first token.
func (t *Timing) PromptSeconds(l Load) float64 {
	w := t.chunkWork(l, 1, 1)
	s := t.Step(w)
	return s.Seconds * max(float64(l.Prompt), 1) / w.Prefill
}

// SharedPromptSeconds is the time that one more prompt takes of a replica when
// prompts wait: they share chunks, and a pipeline works on as many chunks as it has stages.
func (t *Timing) SharedPromptSeconds(l Load, waiting float64) float64 {
	w := t.chunkWork(l, waiting, float64(t.d.Layout.DP))
	s := t.Step(w)
	return s.Seconds * max(float64(l.Prompt), 1) / w.Prefill / t.stages
}

// TPOT is the time per output token of one user in a closed loop of Batch
// users, prefill on the same GPUs: the decode step and what the prompts of the others add to it.
func (t *Timing) TPOT(l Load) float64 {
	s := t.DecodeStep(l)
	return s.Seconds + t.PromptWait(l)
}

// PromptWait is the part of TPOT that is not the step: what an output token waits
// for prompts of the other users.
func (t *Timing) PromptWait(l Load) float64 {
	return t.interference(l, float64(l.Batch)-1, math.Pow(float64(l.Batch)/float64(t.d.Layout.DP), t.c.Together))
}

// interference is what an output token waits for prompts of others: each of them
// brings one prompt per output, whose prefill, shared with those that wait beside it, stops decoding.
// (A factor on it, fitted, came out at 1.03, and at full load 1.04.)
func (t *Timing) interference(l Load, others, waiting float64) float64 {
	if others <= 0 || l.Prompt == 0 || l.Output == 0 || t.apart || t.engine == engineIdeal {
		return 0
	}
	return others / float64(t.d.Layout.DP) / float64(l.Output) * t.SharedPromptSeconds(l, waiting)
}

// Arrivals says how requests come.
type Arrivals uint8

// The arrivals.
const (
	Waves  Arrivals = iota // a closed loop whose users start together, as most benchmarks do
	Spread                 // spread over time
)

// TTFT is the time to first token in a closed loop of Batch users; with one
// user, of an idle deployment. Above one it is scheduler policy more than arithmetic.
//
// If the cache holds only admitted of the users' sequences, the others wait for
// one to end: admitted is 0 if it holds them all.
func (t *Timing) TTFT(l Load, a Arrivals, admitted int64) float64 {
	if admitted > 0 && admitted < l.Batch {
		some := l
		some.Batch = admitted
		waiting := float64(l.Batch - admitted)
		return t.TTFT(some, a, 0) + float64(l.Output)*t.TPOT(some)*waiting/float64(admitted)*waiting/float64(l.Batch)
	}
	seconds := t.c.Request[t.engine] + t.PromptSeconds(l)
	users := float64(l.Batch) / float64(t.d.Layout.DP)
	if users <= 1 {
		return seconds
	}
	wave := t.c.Wave
	if a == Spread {
		wave *= t.c.Spread
	}
	s := t.DecodeStep(l)
	return seconds + wave*math.Pow(users-1, t.c.WaveExponent)*t.SharedPromptSeconds(l, users) + s.Seconds/2
}

// OutputPerSecond is the output tokens per second of a closed loop of Batch users.
func (t *Timing) OutputPerSecond(l Load) float64 {
	request := t.TTFT(l, Waves, 0) + (float64(l.Output)-1)*t.TPOT(l)
	return float64(l.Batch) * float64(l.Output) / request
}

// SaturatedPerSecond is the output tokens per second when requests always wait,
// with Batch the sequences that memory and engine admit at once.
func (t *Timing) SaturatedPerSecond(l Load) float64 {
	s := t.DecodeStep(l)
	return float64(l.Batch) / (s.Seconds + t.interference(l, float64(l.Batch), float64(l.Batch)))
}
