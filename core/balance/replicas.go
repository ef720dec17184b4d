package balance

// Replicas lists the slots that hold each expert, in rising order.
func (p *Placement) Replicas() [][]int32 {
	out := make([][]int32, len(p.Copies))
	for slot, e := range p.Expert {
		if e != Empty {
			out[e] = append(out[e], int32(slot))
		}
	}
	return out
}

// Nearest is the slot that the tokens of a rank use for each expert where an engine
// dispatches by place and not by chance (SGLang's ep-dispatch-algorithm static): a replica on the rank
// itself, else one by turns, so that the other ranks share them. Empty is an expert that no slot holds.
func (p *Placement) Nearest(rank int) []int32 {
	out := make([]int32, len(p.Copies))
	first, end := p.Slots(rank)
	for e, slots := range p.Replicas() {
		out[e] = Empty
		if len(slots) > 0 {
			out[e] = slots[rank%len(slots)]
		}
		for _, slot := range slots {
			if int(slot) >= first && int(slot) < end {
				out[e] = slot
				break
			}
		}
	}
	return out
}
