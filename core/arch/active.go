package arch

// Convention says what an "active parameters" figure includes. Vendors differ,
// so a figure without its convention cannot be compared.
type Convention uint8

// The conventions in use. A tied embedding is the head: it goes only with both.
const (
	WithEmbeddingAndHead  Convention = iota // all that a token passes, tables included
	WithoutInputEmbedding                   // the looked-up table left out, the head kept
	WithoutBoth                             // blocks and final norm alone
)

// ActiveParams counts the parameters of the main model that one token uses: all
// of them, but only top-k of each layer's routed experts. Experts without weights (LongCat) are
// taken as not chosen, which gives the upper end of a published range.
func (m *Model) ActiveParams(c Convention) int64 {
	n := int64(0)
	for i, t := range m.Embedding {
		tiedHead := m.Tied && i == 0
		if c == WithEmbeddingAndHead || tiedHead && c == WithoutInputEmbedding {
			n += t.Params()
		}
	}
	for i := range m.Blocks {
		for _, s := range m.Blocks[i].Sublayers {
			n += s.activeParams()
		}
	}
	for _, t := range m.Head {
		if c != WithoutBoth || t.Use != Multiplied {
			n += t.Params()
		}
	}
	return n
}

func (s *Sublayer) activeParams() int64 {
	n := int64(0)
	for _, t := range s.Tensors {
		if s.MoE != nil && t.Role == RoutedExperts && t.Copies > 1 {
			n += t.Params() / t.Copies * min(s.MoE.TopK, t.Copies)
		} else {
			n += t.Params()
		}
	}
	return n
}

// MoELayers counts the blocks' MoE sublayers.
func (m *Model) MoELayers() int {
	n := 0
	for i := range m.Blocks {
		for _, s := range m.Blocks[i].Sublayers {
			if s.MoE != nil {
				n++
			}
		}
	}
	return n
}

// MoE returns the MoE layer that stands for the model: the first of those with
// the most common expert count and top-k. It is nil for a dense model.
func (m *Model) MoE() *MoE {
	type kind struct{ experts, topK int64 }
	count := map[kind]int{}
	var best *MoE
	for i := range m.Blocks {
		for _, s := range m.Blocks[i].Sublayers {
			if s.MoE != nil {
				count[kind{s.MoE.Experts, s.MoE.TopK}]++
			}
		}
	}
	for i := range m.Blocks {
		for _, s := range m.Blocks[i].Sublayers {
			if s.MoE == nil {
				continue
			}
			if best == nil || count[kind{s.MoE.Experts, s.MoE.TopK}] > count[kind{best.Experts, best.TopK}] {
				best = s.MoE
			}
		}
	}
	return best
}

// RoutedExperts is the number of routed experts of the representative MoE layer.
func (m *Model) RoutedExperts() int64 {
	if moe := m.MoE(); moe != nil {
		return moe.Experts
	}
	return 0
}

// SharedExperts is the number of shared experts of the representative MoE
// layer, as the config counts them.
func (m *Model) SharedExperts() int64 {
	if moe := m.MoE(); moe != nil {
		return moe.Shared
	}
	return 0
}

// TopK is the number of experts that a token is sent to in the representative MoE layer.
func (m *Model) TopK() int64 {
	if moe := m.MoE(); moe != nil {
		return moe.TopK
	}
	return 0
}
