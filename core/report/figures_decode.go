package report

var decodeEntries = []entry{
	{"decode.context_tokens", "mean length of a sequence at a decode step", Tokens, ofDecode(func(d *Decode) float64 { return d.Context })},
	{"decode.distinct_experts", "distinct experts that a step touches in a layer", Experts, ofDecode(func(d *Decode) float64 { return d.DistinctExperts })},
	{"decode.touched_share", "share of the routed experts that a step touches", Share, ofDecode(func(d *Decode) float64 { return d.TouchedShare })},
	{"decode.touched_experts_bytes", "routed experts that a step reads", Bytes, ofDecode(func(d *Decode) float64 { return d.TouchedExpertsBytes })},
	{"decode.touched_bytes", "weights that a step reads", Bytes, ofDecode(func(d *Decode) float64 { return d.TouchedBytes })},
	{"decode.touched_kv_bytes", "cache that a step reads", Bytes, ofDecode(func(d *Decode) float64 { return d.TouchedKVBytes })},
}

func ofDecode(get func(*Decode) float64) func(*Report) (float64, bool) {
	return func(r *Report) (float64, bool) {
		if r.Decode == nil {
			return 0, false
		}
		v := get(r.Decode)
		return v, v > 0
	}
}
