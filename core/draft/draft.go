// Package draft says what speculative decoding gains: tokens are drafted
// cheaply, the model verifies them all in one step, and keeps those up to the first
// that it would not have made itself.
//
// For a mixture of experts the verification is not free. Each drafted token brings experts
// of its own, so a step reads more as long as it does not read them all anyway; from some batch on it
// multiplies more, which is never free. Between the two drafting pays, and this package says where.
//
// What is not modelled: trees of drafts (one chain per sequence), acceptance that
// falls along the chain or differs between sequences, and drafts of changing length.
package draft

// Plan is how tokens are drafted.
type Plan struct {
	Tokens int     // drafted for each sequence and step
	Accept float64 // chance that a drafted token is right if all before it are, 0 to 1
	Share  float64 // time of one drafted token, as a share of a step without drafts: of a separate model; 0 for look-up in the text. The passes of the model's own modules are timed, not given
}

// Accepted is the tokens that a step makes of one sequence: 1 + a + a² + …, as a
// draft counts only if all before it were accepted and the step always makes one token itself.
func Accepted(tokens int, accept float64) float64 {
	sum, chance := 1.0, 1.0
	for range tokens {
		chance *= accept
		sum += chance
	}
	return sum
}

// Acceptance is the acceptance that makes a measured mean of tokens per step: the
// inverse of Accepted. What lies outside 1 to 1 + tokens gives 0 or 1.
func Acceptance(tokens int, perStep float64) float64 {
	low, high := 0.0, 1.0
	if tokens < 1 || !(perStep > 1) {
		return 0
	}
	if perStep >= 1+float64(tokens) {
		return 1
	}
	for range 60 {
		if middle := (low + high) / 2; Accepted(tokens, middle) < perStep {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// Penalty is how much longer a step takes that touches more distinct experts:
//
//	(b D((K+1) B) + rest) / (b D(B) + rest)
//
// with b the bytes of one expert of every layer, D the distinct experts without and with drafts, and
// rest all other bytes. It is the memory-bound case of Effect.Penalty, written down.
func Penalty(expertBytes, plain, drafted, rest float64) float64 {
	return (expertBytes*drafted + rest) / (expertBytes*plain + rest)
}
