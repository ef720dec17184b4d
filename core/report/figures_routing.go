package report

var routingEntries = []entry{
	{"routing.gate_s", "gate of all layers in a decode step", Seconds, ofRouting(func(x *Routing) float64 { return x.Gate })},
	{"routing.top_k_s", "selection of experts of all layers in a decode step", Seconds, ofRouting(func(x *Routing) float64 { return x.TopK })},
	{"routing.permute_s", "sorting tokens by expert and back, all layers of a decode step", Seconds, ofRouting(func(x *Routing) float64 { return x.Permute })},
	{"routing.dispatch_s", "tokens to the GPUs of their experts, all layers of a decode step", Seconds, ofRouting(func(x *Routing) float64 { return x.Dispatch })},
	{"routing.combine_s", "results back to the tokens' GPUs, all layers of a decode step", Seconds, ofRouting(func(x *Routing) float64 { return x.Combine })},
	{"routing.per_layer_s", "gate, top-k and permutation of one MoE layer", Seconds, ofRouting(func(x *Routing) float64 { return x.PerLayer })},
	{"routing.share", "gate, top-k and permutation in a decode step", Share, ofRouting(func(x *Routing) float64 { return x.Share })},
	{"routing.exchange_share", "dispatch and combine in a decode step", Share, ofRouting(func(x *Routing) float64 { return x.ExchangeShare })},
	dispatchEntry("expert", "a copy for every chosen expert", func(x *Routing) float64 { return x.PerExpert }),
	dispatchEntry("rank", "a copy for every rank that holds some of its experts", func(x *Routing) float64 { return x.PerRank }),
	dispatchEntry("node", "a copy for every scale-up domain, fanned out inside", func(x *Routing) float64 { return x.PerNode }),
	{"routing.dispatch_bytes_multicast", "dispatch of one token in a layer, copied by the switch", Bytes, ofRouting(func(x *Routing) float64 { return x.Multicast })},
	{"routing.inject_s", "dispatch of one layer, lower bound of the sender's link", Seconds, ofRouting(func(x *Routing) float64 { return x.Inject })},
	{"routing.receive_s", "dispatch of one layer, lower bound of the busiest receiver's link", Seconds, ofRouting(func(x *Routing) float64 { return x.Receive })},
}

func ofRouting(get func(*Routing) float64) func(*Report) (float64, bool) {
	return func(r *Report) (float64, bool) {
		if r.Routing == nil {
			return 0, false
		}
		v := get(r.Routing)
		return v, v > 0
	}
}

// dispatchEntry is the bytes of one token's dispatch by one way of sending.
func dispatchEntry(key, how string, get func(*Routing) float64) entry {
	return entry{"routing.dispatch_bytes_per_" + key, "dispatch of one token in a layer, " + how, Bytes, ofRouting(get)}
}
