package serving

import (
	"slices"

	"moecost/core/arch"
)

// rules are the dimensions that decide whether engines accept a layout: what
// Layout.Check looks for, each distinct value once.
type rules struct {
	byTP    []int64 // heads and widths that TP must divide
	kvHeads []int64 // that TP divides, or that divide TP
	inner   []int64 // widths of an expert that the GPUs which share it divide
	experts int64   // fewest in an MoE layer; 0 for a dense model
}

func rulesOf(m *arch.Model) rules {
	var r rules
	add := func(to *[]int64, n int64) {
		if !slices.Contains(*to, n) {
			*to = append(*to, n)
		}
	}
	for i := range m.Blocks {
		for j := range m.Blocks[i].Sublayers {
			s := &m.Blocks[i].Sublayers[j]
			switch {
			case s.Attention != nil:
				add(&r.byTP, s.Attention.Heads)
				if s.Attention.Latent == 0 && s.Attention.KVHeads > 0 {
					add(&r.kvHeads, s.Attention.KVHeads)
				}
			case s.Recurrent != nil:
				add(&r.byTP, s.Recurrent.Heads)
			case s.Dense != nil:
				add(&r.byTP, s.Dense.Inner)
			case s.MoE != nil:
				add(&r.byTP, s.MoE.SharedInner)
				add(&r.inner, s.MoE.Inner)
			}
		}
	}
	r.experts, _ = fewestExperts(m)
	return r
}

// Accepts is Layout.Check without its words, for searches.
func (f *Footprint) Accepts(l Layout) bool {
	tp := int64(l.TP)
	if l.TP*l.DP*l.PP != l.GPUs || l.GPUs < 1 || l.EP < 1 || l.StageGPUs()%l.EP != 0 || l.PP > len(f.upTo)-1 {
		return false
	}
	if int64(l.EP) > max(f.rules.experts, 1) {
		return false
	}
	for _, n := range f.rules.byTP {
		if n%tp != 0 {
			return false
		}
	}
	for _, n := range f.rules.kvHeads {
		if n%tp != 0 && tp%n != 0 {
			return false
		}
	}
	split := int64(l.ExpertSplit())
	for _, n := range f.rules.inner {
		if n%split != 0 {
			return false
		}
	}
	return true
}
