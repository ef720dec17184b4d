package arch

import "moecost/core/format"

// StoreVectors sets the number format of all norms, biases and gates, for
// checkpoints that keep them in another format than the matrices that are not converted.
// Those in FP32 already stay so.
func (m *Model) StoreVectors(f format.Format) {
	m.each(func(t *Tensor) {
		if t.Use == Applied && t.Stored.ID != format.FP32.ID {
			t.Stored = f
		}
	})
}

// each visits every tensor of the checkpoint where it stands.
func (m *Model) each(visit func(*Tensor)) {
	all := func(ts []Tensor) {
		for i := range ts {
			visit(&ts[i])
		}
	}
	blocks := func(bs []Block) {
		for i := range bs {
			for j := range bs[i].Sublayers {
				all(bs[i].Sublayers[j].Tensors)
			}
		}
	}
	all(m.Embedding)
	blocks(m.Blocks)
	all(m.Head)
	blocks(m.MTP.Blocks)
	all(m.MTP.Tensors)
	all(m.Vision)
}

// Convert returns the model as a conversion scheme would store it. Vision towers,
// tables of integers and what the scheme leaves alone (norms, biases, routers) keep their format, and
// so do matrices that the checkpoint keeps in FP32 among 16-bit ones.
func (m *Model) Convert(s format.Scheme) *Model {
	out := *m
	place := format.Place{Layers: len(m.Blocks), Experts: m.RoutedExperts(), QueryPerKV: m.queryPerKV()}
	out.Embedding = m.converted(m.Embedding, s, place)
	out.Head = m.converted(m.Head, s, place)
	out.Blocks = m.convertedBlocks(m.Blocks, s, place, 0)
	out.MTP.Blocks = m.convertedBlocks(m.MTP.Blocks, s, place, len(m.Blocks)-1)
	place.Layer = len(m.Blocks) - 1
	out.MTP.Tensors = m.converted(m.MTP.Tensors, s, place)
	return &out
}

// convertedBlocks numbers the layers from first; MTP layers count as the last one.
func (m *Model) convertedBlocks(blocks []Block, s format.Scheme, place format.Place, first int) []Block {
	out := make([]Block, len(blocks))
	for i, b := range blocks {
		place.Layer = min(first+i, place.Layers-1)
		out[i] = Block{Prefix: b.Prefix, Sublayers: make([]Sublayer, len(b.Sublayers))}
		for j, sub := range b.Sublayers {
			sub.Tensors = m.converted(sub.Tensors, s, place)
			out[i].Sublayers[j] = sub
		}
	}
	return out
}

func (m *Model) converted(ts []Tensor, s format.Scheme, place format.Place) []Tensor {
	out := make([]Tensor, len(ts))
	for i, t := range ts {
		place.Kind, place.Part, place.Columns = m.kindOf(t), format.PartOf(t.Name), 0
		if n := len(t.Shape); n > 0 {
			place.Columns = t.Shape[n-1]
		}
		exact := t.Stored.ID == format.FP32.ID && m.Base.ID != format.FP32.ID
		if f, ok := s.FormatOf(place); ok && !exact && t.Use != Consulted {
			t.Stored = f
		}
		out[i] = t
	}
	return out
}

// kindOf maps a tensor to what schemes call it.
func (m *Model) kindOf(t Tensor) format.Kind {
	switch {
	case t.Use == Applied || t.Use == Consulted:
		return format.Vector
	case t.Role == EmbeddingAndHead && t.Use == LookedUp && !m.Tied:
		return format.Embedding
	}
	return [RoleCount]format.Kind{
		RoutedExperts: format.RoutedExpert, SharedExperts: format.SharedExpert, DenseLayers: format.DenseLayer,
		AttentionWeights: format.Attention, EmbeddingAndHead: format.Head, Router: format.Router,
	}[t.Role]
}

// queryPerKV is the number of query heads per KV head of the first attention
// layer; 1 for latent attention, whose value matrix is no smaller for sharing heads.
func (m *Model) queryPerKV() int64 {
	n := int64(1)
	first := true
	m.attentions(func(a *Attention) {
		if first && a.Latent == 0 && a.KVHeads > 0 {
			n = a.Heads / a.KVHeads
		}
		first = false
	})
	return n
}
