// Package balance says which rank holds which expert, and what that does to the
// busiest rank: contiguous experts, EPLB, which replicates hot experts and evens
// out tokens, and a placement that evens out distinct experts instead (METRO's objective).
//
// What a rank waits for depends on the step. With many tokens it is the tokens it
// multiplies, Loads; with few it is the weights it reads, Distinct. A replica halves the tokens
// of a hot expert, and is one more weight to read. So what helps prefill may hurt decode.
//
// Not modelled: ranks that differ in speed, and routing that picks replicas by
// what the rest of the batch hits.
package balance
