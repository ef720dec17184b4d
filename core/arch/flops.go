package arch

// FLOPs is what one token multiplies, by component. A multiply-add is two.
type FLOPs struct {
	RoutedExperts float64
	SharedExperts float64
	DenseLayers   float64
	Projections   float64 // of attention and recurrent mixers
	Core          float64 // attention over the cached tokens, index scores, state updates
	Router        float64
	Head          float64
}

// Total is the sum of all components.
func (f FLOPs) Total() float64 {
	return f.RoutedExperts + f.SharedExperts + f.DenseLayers + f.Projections + f.Core + f.Router + f.Head
}

// FLOPsPerToken is what one decoded token multiplies with context tokens before
// it. Matrices cost two FLOPs per element, routed experts top-k of N times
// (of N + zero experts where some have no weights, all equally likely);
// norms, activations and the embedding look-up are left out.
func (m *Model) FLOPsPerToken(context int64) FLOPs {
	var f FLOPs
	for i := range m.Blocks {
		for _, s := range m.Blocks[i].Sublayers {
			for _, t := range s.Tensors {
				if t.Use == Multiplied {
					*f.of(t.Role) += 2 * s.multiplications(t)
				}
			}
			if s.Attention != nil {
				f.Core += s.Attention.DecodeFLOPs(context)
			}
			if s.Recurrent != nil {
				f.Core += float64(s.Recurrent.FLOPsPerToken)
			}
		}
	}
	f.Head = 2 * float64(m.HeadElements())
	return f
}

// of maps a tensor's role to its line.
func (f *FLOPs) of(r Role) *float64 {
	return [RoleCount]*float64{
		RoutedExperts: &f.RoutedExperts, SharedExperts: &f.SharedExperts, DenseLayers: &f.DenseLayers,
		AttentionWeights: &f.Projections, EmbeddingAndHead: &f.Head, Router: &f.Router,
	}[r]
}

// multiplications is the number of elements that one token multiplies of a tensor.
func (s *Sublayer) multiplications(t Tensor) float64 {
	n := float64(t.Elements())
	if s.MoE == nil || t.Role != RoutedExperts || t.Copies <= 1 {
		return n
	}
	return n / float64(t.Copies) * s.MoE.ExpectedExperts()
}

// ExpectedExperts is the number of experts with weights that a token is
// expected to reach: TopK, less those that fall on experts without weights, all equally likely.
func (moe *MoE) ExpectedExperts() float64 {
	if moe.Zero == 0 {
		return float64(moe.TopK)
	}
	return float64(moe.TopK) * float64(moe.Experts) / float64(moe.Experts+moe.Zero)
}

// HeadElements is the size of the matrix that makes logits; with tied
// embeddings it is the embedding.
func (m *Model) HeadElements() int64 {
	n := int64(0)
	for _, t := range m.Head {
		if t.Use == Multiplied {
			n += t.Elements()
		}
	}
	if m.Tied && len(m.Embedding) > 0 {
		n += m.Embedding[0].Elements()
	}
	return n
}

// DecodeFLOPs is attention itself for one new token: scores and weighted
// values, 2 x heads x (key + value width) per entry read, and the index scores where a sparse index
// selects. Latent attention works on the latent (weight absorption, DeepSeek-V2 section 2.1.2).
func (a *Attention) DecodeFLOPs(context int64) float64 {
	key, value := a.KeyDim, a.ValueDim
	if a.Latent > 0 {
		key = a.Latent + a.Rope
		value = max(a.Latent, min(a.ValueDim, key)) // DeepSeek-V4 reads the whole entry as value
	}
	return 2*float64(a.Heads)*float64(key+value)*float64(a.EntriesRead(context)) + a.indexFLOPs(context)
}

// PrefillFLOPs is attention itself for one prompt token that attends to context
// tokens, with keys and values expanded from a latent.
func (a *Attention) PrefillFLOPs(context int64) float64 {
	return 2*float64(a.Heads)*float64(a.KeyDim+a.ValueDim)*float64(a.EntriesRead(context)) + a.indexFLOPs(context)
}

// indexFLOPs is the score of every index key by every index head.
func (a *Attention) indexFLOPs(context int64) float64 {
	if a.Index == nil || a.Index.Shared {
		return 0
	}
	if a.Compression > 1 {
		context /= a.Compression
	}
	return 2 * float64(a.Index.Heads) * float64(a.Index.KeyDim) * float64(context)
}
