package report

import (
	"fmt"
)

func routingExplanations() []explanation {
	return []explanation{
		{"routing.gate_s", func(r *Report, d *Derivation) {
			d.figure(r, "g", "decode.parts.router_gate")
			d.figure(r, "k", "routing.top_k_s")
			d.say("gate = gate and top-k − top-k", "g - k")
			d.Note = "The gate matrix, its read and the norm in front of it."
		}},
		{"routing.top_k_s", func(r *Report, d *Derivation) {
			_, a := r.in.clock.timing.TopK()
			d.say("top-k = layers × kernels × time of a kernel", d.calibrate(r, d.account(r, a), true, r.in.clock.factor.Decode))
			d.Note = "One kernel of the three that gating launches: what fused top-k costs whatever the number of experts. Unfused grouped top-k has been measured at 100 µs per layer (tokenspeed, issue 171)."
		}},
		{"routing.permute_s", copyOf("decode.parts.permute")},
		{"routing.dispatch_s", copyOf("decode.parts.dispatch")},
		{"routing.combine_s", copyOf("decode.parts.combine")},
		{"routing.per_layer_s", func(r *Report, d *Derivation) {
			d.routing(r)
			d.figure(r, "n", "model.moe_layers")
			d.say("per layer = (gate + top-k + permutation) / MoE layers", "(g + k + p)/n")
		}},
		{"routing.share", func(r *Report, d *Derivation) {
			d.routing(r)
			d.figure(r, "S", "decode.step_s")
			d.say("share = (gate + top-k + permutation) / step", "(g + k + p)/S")
			d.Note = "Without dispatch and combine, which are apart. Mostly launches: nearly the same at every batch, so the share falls as the step grows."
		}},
		{"routing.exchange_share", func(r *Report, d *Derivation) {
			d.figure(r, "i", "routing.dispatch_s")
			d.figure(r, "o", "routing.combine_s")
			d.figure(r, "S", "decode.step_s")
			d.say("share = (dispatch + combine) / step", "(i + o)/S")
		}},
		{"routing.dispatch_bytes_per_expert", explainDispatch(func(r *Report, d *Derivation, x *exchange) string {
			d.term("k", "experts with weights that a token reaches", x.copies.PerExpert, Experts, r.in.source)
			return "k"
		})},
		{"routing.dispatch_bytes_per_rank", explainDispatch(func(r *Report, d *Derivation, x *exchange) string {
			return d.places(r, x, "ranks of a stage", x.ranks)
		})},
		{"routing.dispatch_bytes_per_node", explainDispatch(func(r *Report, d *Derivation, x *exchange) string {
			s := d.places(r, x, "scale-up domains of a stage", x.nodes)
			if x.limit > 0 {
				d.term("M", "domains that node-limited routing allows", x.limit, Count, r.in.source)
				s = "min(" + s + ", M)"
			}
			return s
		})},
		{"routing.dispatch_bytes_multicast", func(r *Report, d *Derivation) {
			x, _ := r.exchange()
			d.say("bytes = width × bytes per element", d.token(r, &x))
			d.Note = "What leaves the sender. The receivers still get a copy each, so an exchange that waits for the busiest receiver gains nothing."
		}},
		{"routing.inject_s", func(r *Report, d *Derivation) {
			x, _ := r.exchange()
			d.term("m", "tokens that one GPU sends", x.sent, Tokens, "the scenario: batch over the attention replicas and their ranks")
			source := "expected for uniform routing: core/routing, CopiesPerToken"
			if r.Scenario.Fabric == "multicast" {
				source = "the switch copies it"
			}
			d.term("c", "copies of each that leave "+x.over, x.leaving, Count, source)
			d.link(r, &x)
			d.say("time ≥ tokens × copies × bytes / link", "m*c*"+d.token(r, &x)+"/l")
		}},
		{"routing.receive_s", func(r *Report, d *Derivation) {
			x, _ := r.exchange()
			d.link(r, &x)
			d.say("time ≥ copies × bytes / link", "c*"+d.token(r, &x)+"/l")
			source := "tokens × top-k × busiest over mean: core/routing, Ranks"
			d.Note = "One copy for every token and expert, as low-latency kernels send."
			if r.Scenario.Fabric == "multicast" {
				source = "tokens × ranks of their experts × busiest over mean: core/routing, Ranks"
				d.Note = "One copy for every token and rank: a switch that copies saves the receivers only what would have come twice."
			}
			d.term("c", "copies that the busiest GPU gets "+x.over, x.received, Count, source)
		}},
	}
}

// explainDispatch derives the bytes of one token's dispatch by one way of sending.
func explainDispatch(copies func(*Report, *Derivation, *exchange) string) func(*Report, *Derivation) {
	return func(r *Report, d *Derivation) {
		x, _ := r.exchange()
		d.say("bytes = copies × width × bytes per element", copies(r, d, &x)+"*"+d.token(r, &x))
	}
}

func copyOf(id string) func(*Report, *Derivation) {
	return func(r *Report, d *Derivation) {
		d.figure(r, "t", id)
		d.say("the part of a decode step", "t")
	}
}

// routing adds g, k and p.
func (d *Derivation) routing(r *Report) {
	d.figure(r, "g", "routing.gate_s")
	d.figure(r, "k", "routing.top_k_s")
	d.figure(r, "p", "routing.permute_s")
}

// token adds the bytes of one copy of a token.
func (d *Derivation) token(r *Report, x *exchange) string {
	d.term("h", "width of a token", float64(x.moe.Hidden), Elements, r.in.source)
	d.term("b", "bytes per element in FP8, with a scale of 4 bytes per 128", fp8Token, Ratio, "DeepEP, low-latency and normal kernels")
	return "h*b"
}

func (d *Derivation) link(r *Report, x *exchange) {
	source := "as the link describes the accelerator"
	for _, s := range r.in.gpu.Sources.Links {
		source = s.Address
		break
	}
	d.term("l", "link of one GPU, one direction, "+x.over, x.link, BytesPerSecond, source)
}

// places adds the expected number of distinct places of a token's experts.
func (d *Derivation) places(r *Report, x *exchange, what string, places float64) string {
	experts, topK := float64(x.moe.Experts), x.moe.ExpectedExperts()
	source := "uniform routing, experts spread evenly: core/routing, DistinctPlaces"
	if places <= 1 || topK != float64(int(topK)) {
		n := x.copies.PerRank
		if places == x.nodes {
			n = x.copies.PerNode
		}
		d.term("c", "distinct "+what, n, Count, source)
		return "c"
	}
	d.term("R", what, places, Count, r.layoutSource())
	d.term("N", "routed experts of a layer", experts, Experts, r.in.source)
	top, bottom := "", ""
	for i := range int(topK) {
		if i > 0 {
			top, bottom = top+"*", bottom+"*"
		}
		if i == 0 {
			top, bottom = "(N - N/R)", "N"
			continue
		}
		top += fmt.Sprintf("max(N - N/R - %d, 0)", i)
		bottom += fmt.Sprintf("(N - %d)", i)
	}
	return fmt.Sprintf("R*(1 - %s/(%s))", top, bottom)
}
