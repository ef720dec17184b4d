package offload

// Constants are what was fitted on measured rows or read off them: scripts/accuracy
// fits them again.
type Constants struct {
	Sync   float64 // seconds per MoE layer in which GPU and CPU hand over activations and wait for each other
	Mapped float64 // of the CPU's rate, what llama.cpp's kernels reach
	Paged  float64 // of the drive's rate, what page faults of a mapped file reach
	Read   float64 // of the drive's rate, what an engine's own reads of whole experts reach
}

// Fitted returns the constants in use.
//
// Sync is fitted on the rows of offload.csv. Mapped: llama.cpp on an RTX 3090's usual host and on two sockets came within
// a tenth of the hosts' own rates, so it is held at 1. Read is held: 10.5 GB a token at 0.45 to 0.62 tokens/s are 4.7 to 6.5 GB/s
// from a drive of about 7 (waste, Kimi K3).
//
// Paged: between 0.2 and 4.6 GB/s were reached where 7 were to be had; an engine that reads expert by
// expert and waits for each reached 0.89 (FreeToken). The middle is taken, and docs/offload.md says how wide it is.
func Fitted() Constants {
	return Constants{Sync: 65e-6, Mapped: 1, Paged: 0.13, Read: 0.8}
}

// hostReserve is host memory that experts do not get: with a model larger than 65.5 GB of memory
// Linux kept 57.6 GB of it as page cache (llama-bench of Llama-4-Maverick, r/LocalLLaMA, April 2025).
const hostReserve = 8e9

// HostReserve is the host memory that is not counted on for experts, bytes.
const HostReserve = hostReserve

// tokenCost is the time that the CPU takes for an expert with so many tokens, relative to
// one token: 0.32, 0.42, 0.99, 4.36 and 8.48 ms for 1, 2, 4, 8 and 16 tokens (KTransformers, bf16, EPYC 9554 with
// AVX-512: "SpecMoE on KTransformers"). Between them it is taken as linear, and beyond 16 as going on like from 8 to 16.
var tokenCost = [...]struct{ tokens, cost float64 }{
	{1, 1}, {2, 0.42 / 0.32}, {4, 0.99 / 0.32}, {8, 4.36 / 0.32}, {16, 8.48 / 0.32},
}

func costOf(tokens float64) float64 {
	last := len(tokenCost) - 1
	for i := 1; ; i++ {
		if a, b := tokenCost[i-1], tokenCost[i]; tokens <= b.tokens || i == last {
			return max(a.cost+(tokens-a.tokens)/(b.tokens-a.tokens)*(b.cost-a.cost), 1)
		}
	}
}
