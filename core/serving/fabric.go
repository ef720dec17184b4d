package serving

import (
	"math"

	"moecost/core/arch"
	"moecost/core/routing"
)

// Fabric says how dispatch gets a token from its GPU to the ranks of its experts.
type Fabric uint8

// The ways of dispatch.
const (
	Unicast   Fabric = iota // as kernels do: decode steps send a copy per expert, prefill one per rank and per node
	PerNode                 // decode steps, too, send one copy to a node and fan it out there; combine sums inside the node first
	Multicast               // decode steps send one copy, which switches copy to every rank; combine is as ever
)

// transfer is what one dispatch or combine carries for each token.
type transfer struct {
	experts, topK float64
	bytes         float64 // of one copy
	limit         float64 // nodes that a token's experts may lie on; 0 is any number
	fabric        Fabric
	large         bool // the kernels of prefill
}

// copies are those of one token that pass the port of a rank, inside a scale-up
// domain and between domains, expected for uniform routing: of what it sends and what it receives, the
// more. So a switch that copies saves only what a rank would receive twice.
func (k *links) copies(x *transfer) (local, remote float64) {
	local, remote = x.topK, x.topK
	if x.large || x.fabric != Unicast {
		local = routing.DistinctPlaces(x.experts, x.topK, k.ranks)
		remote = routing.DistinctPlaces(x.experts, x.topK, k.nodes)
		if x.limit > 0 {
			remote = min(remote, x.limit)
		}
	}
	if x.fabric == Multicast && !x.large {
		remote = local // a copy per rank arrives at the cards of the node
	}
	return local * (1 - 1/k.ranks), remote * (1 - 1/k.nodes)
}

// latencies are those of a transfer inside a domain and between domains. A copy
// that is fanned out travels both ways.
func (k *links) latencies(x *transfer) (local, remote float64) {
	local, remote = k.local.exchange, 20e-6+2e-6*math.Log2(k.nodes)
	if x.fabric == PerNode && !x.large {
		remote += local
	}
	return local, remote
}

// nodeLimit is the nodes that the experts of one token may lie on, where the
// router keeps to a few groups of experts (node-limited routing: DeepSeek-V3 report, section 2.1.2) and
// groups are whole on a node; 0 where it does not.
func nodeLimit(moe *arch.MoE, nodes float64) float64 {
	if moe.Groups <= 1 || moe.TopGroups <= 0 {
		return 0
	}
	return float64(moe.TopGroups) * max(1, nodes/float64(moe.Groups))
}

// NodeLimit is the nodes that the experts of one token may lie on; 0 is any number.
func (t *Timing) NodeLimit(moe *arch.MoE) float64 { return nodeLimit(moe, t.links.nodes) }

func (t *Timing) dispatch(k *kind, large bool) transfer {
	return transfer{float64(k.moe.Experts), k.copies, float64(k.moe.Hidden) * (1 + 4.0/128), nodeLimit(k.moe, t.links.nodes), t.fabric, large}
}

func (t *Timing) combine(k *kind, large bool) transfer {
	x := transfer{float64(k.moe.Experts), k.copies, float64(k.moe.Hidden) * 2, nodeLimit(k.moe, t.links.nodes), t.fabric, large}
	if x.fabric == Multicast {
		x.fabric = Unicast
	}
	return x
}
