package routing

import "math"

// DistinctPlaces is the expected number of distinct places (ranks, nodes) that
// one token's topK experts lie on, when experts are spread evenly over so many places and all are
// equally likely: places (1 - C(N-N/places, k) / C(N, k)). Skew makes it smaller.
//
// 256 experts, top-8: 3.61 of 4 places, 5.30 of 8, 6.52 of 16, 7.27 of 32.
func DistinctPlaces(experts, topK, places float64) float64 {
	if places <= 1 || topK <= 0 {
		return math.Min(1, topK)
	}
	here := experts / places // experts of one place
	missed := 1.0            // none of the token's experts lies there
	for i := 0.0; i < topK; i++ {
		missed *= math.Max(experts-here-i, 0) / (experts - i)
	}
	return places * (1 - missed)
}

// Copies says how often one token's activations leave the port of its GPU in one MoE
// layer, by how dispatch is done. Times hidden width and bytes per element it is bytes.
type Copies struct {
	PerExpert float64 // one copy for every expert, as low-latency kernels send
	PerRank   float64 // one for every rank that holds some of them
	PerNode   float64 // one for every node, fanned out inside
	Multicast float64 // one, copied by the switch; every rank still receives its own
}

// CopiesPerToken counts for uniform routing over ranks in nodes. nodeLimit is the most
// nodes that a token's experts may lie on (node-limited routing); 0 is no limit.
func CopiesPerToken(experts, topK, ranks, nodes, nodeLimit float64) Copies {
	c := Copies{
		PerExpert: topK,
		PerRank:   DistinctPlaces(experts, topK, ranks),
		PerNode:   DistinctPlaces(experts, topK, nodes),
		Multicast: 1,
	}
	if nodeLimit > 0 {
		c.PerNode = math.Min(c.PerNode, nodeLimit)
	}
	return c
}
