package cache

// frequent is the hit rate of an LFU cache per layer under independent tokens. In
// the long run it keeps the hottest experts, but what the last step asked for is there too:
// of so many slots as many go to the hottest as leave room for the others that a step asks for.
//
//	C' + sum_{i > C'} q_i = slots,  hit rate = (sum_{i <= C'} q_i + sum_{i > C'} q_i²) / sum q_i
//
// with q_i the probability that a step asks for expert i, hottest first. A cache with
// less room than one step asks for keeps the hottest of what the last step asked for.
func (t Traffic) frequent(slots float64) float64 {
	pi, tokens := hottestFirst(t.Coverage.Pi), t.tokens(1)
	all := 0.0
	for _, p := range pi {
		all += requested(p, tokens)
	}
	hit, room := 0.0, slots-all // room: what is left for the hottest beside all others that a step asks for
	if room < 0 {
		room = slots // for those that a step asks for, hottest first
		for _, p := range pi {
			q := requested(p, tokens)
			part := min(room/q, 1)
			hit += part * q * q
			if room -= q; room <= 0 {
				break
			}
		}
		return hit / all
	}
	for _, p := range pi {
		q := requested(p, tokens)
		// To stay, an expert needs a slot all the time instead of in a share q of the steps.
		stays := 1.0
		if need := 1 - q; need > room {
			stays = room / need
		}
		room -= stays * (1 - q)
		hit += stays*q + (1-stays)*q*q
	}
	return hit / all
}
