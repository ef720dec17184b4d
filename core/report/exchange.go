package report

import (
	"math"

	"moecost/core/arch"
	"moecost/core/routing"
	"moecost/core/serving"
)

// fp8Token is the bytes of an element that dispatch sends: FP8 with a four-byte
// scale per 128 (DeepEP, low-latency and normal kernels).
const fp8Token = 1 + 4.0/128

// exchange is how tokens travel to their experts.
type exchange struct {
	moe          *arch.MoE
	bytes        float64 // of one copy of a token
	ranks, nodes float64
	limit        float64 // nodes that a token's experts may lie on; 0 is all
	copies       routing.Copies

	sent     float64 // tokens that one GPU sends
	leaving  float64 // copies of each that leave over the slowest link
	arriving float64 // copies of each that the ranks of its experts get together
	received float64 // copies that arrive at the busiest GPU over it
	link     float64 // bytes/s of it
	over     string
}

// exchange describes dispatch; false if tokens do not travel.
func (r *Report) exchange() (exchange, bool) {
	in := &r.in
	l := in.layout
	x := exchange{moe: in.arch.MoE(), ranks: float64(l.StageGPUs()), nodes: 1}
	if x.moe == nil || !l.Dispatches() || in.clock.timing == nil {
		return x, false
	}
	x.bytes = float64(x.moe.Hidden) * fp8Token
	x.nodes = math.Ceil(x.ranks / float64(max(in.gpu.ScaleUp.GPUs, 1)))
	x.limit = in.clock.timing.NodeLimit(x.moe)
	topK := x.moe.ExpectedExperts()
	x.copies = routing.CopiesPerToken(float64(x.moe.Experts), topK, x.ranks, x.nodes, x.limit)

	places := x.ranks
	x.leaving, x.link, x.over = x.copies.PerRank, in.gpu.ScaleUp.BytesPerSecond, "inside the scale-up domain"
	if x.nodes > 1 {
		places = x.nodes
		x.leaving, x.link, x.over = x.copies.PerNode, in.gpu.ScaleOutBytesPerSecond, "between scale-up domains"
	}
	x.leaving *= 1 - 1/places
	x.arriving = topK
	if r.Scenario.Fabric == "multicast" {
		x.leaving, x.arriving = 1, x.copies.PerRank
	}
	x.sent = in.clock.timing.Rows(in.clock.decodeWork)
	x.received = x.sent * x.arriving * in.clock.timing.Imbalance(in.clock.decodeWork) * (1 - 1/places)
	return x, true
}

// routingSection is what a decode step spends on choosing experts and reaching
// them; nil for a dense model.
func (r *Report) routingSection() *Routing {
	c := &r.in.clock
	moe := r.Model.MoELayers
	if moe == 0 {
		return nil
	}
	s := &c.decode
	topK, _ := c.timing.TopK()
	if c.factor.Decode > 0 {
		topK *= c.factor.Decode
	}
	out := &Routing{
		Gate: s.Parts[serving.RouterGate] - topK, TopK: topK, Permute: s.Parts[serving.Permute],
		Dispatch: s.Parts[serving.Dispatch], Combine: s.Parts[serving.Combine],
		PerLayer: s.Routing() / float64(moe), Share: s.Routing() / s.Seconds,
	}
	out.ExchangeShare = (out.Dispatch + out.Combine) / s.Seconds
	if x, ok := r.exchange(); ok {
		out.PerExpert, out.PerRank, out.PerNode, out.Multicast = x.copies.PerExpert*x.bytes, x.copies.PerRank*x.bytes, x.copies.PerNode*x.bytes, x.bytes
		if x.link > 0 {
			out.Inject = x.sent * x.leaving * x.bytes / x.link
			out.Receive = x.received * x.bytes / x.link
		}
	}
	return out
}
