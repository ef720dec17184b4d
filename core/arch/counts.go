package arch

import (
	"iter"

	"moecost/core/format"
)

// Tensors yields the weights of the main text model: embedding, blocks, head.
// MTP modules and vision towers are apart.
func (m *Model) Tensors() iter.Seq[Tensor] {
	return func(yield func(Tensor) bool) {
		for _, t := range m.Embedding {
			if !yield(t) {
				return
			}
		}
		for i := range m.Blocks {
			for t := range m.Blocks[i].Tensors() {
				if !yield(t) {
					return
				}
			}
		}
		for _, t := range m.Head {
			if !yield(t) {
				return
			}
		}
	}
}

// Tensors yields the weights of one block.
func (b *Block) Tensors() iter.Seq[Tensor] {
	return func(yield func(Tensor) bool) {
		for _, s := range b.Sublayers {
			for _, t := range s.Tensors {
				if !yield(t) {
					return
				}
			}
		}
	}
}

// AllTensors yields the weights of the multi-token-prediction part.
func (p *MTP) AllTensors() iter.Seq[Tensor] {
	return func(yield func(Tensor) bool) {
		for _, t := range p.Tensors {
			if !yield(t) {
				return
			}
		}
		for i := range p.Blocks {
			for t := range p.Blocks[i].Tensors() {
				if !yield(t) {
					return
				}
			}
		}
	}
}

// TotalParams counts the main text model as stored. Tied embeddings count once;
// MTP modules and vision towers are apart; scales of a number format are bytes, not parameters.
func (m *Model) TotalParams() int64 {
	n := int64(0)
	for t := range m.Tensors() {
		n += t.Params()
	}
	return n
}

// MTPParams counts the multi-token-prediction modules with the copies of
// embedding and head that the checkpoint stores for them.
func (m *Model) MTPParams() int64 {
	n := int64(0)
	for t := range m.MTP.AllTensors() {
		n += t.Params()
	}
	return n
}

// VisionParams counts towers and projectors.
func (m *Model) VisionParams() int64 {
	n := int64(0)
	for _, t := range m.Vision {
		n += t.Params()
	}
	return n
}

// ParamsByRole divides TotalParams into components.
func (m *Model) ParamsByRole() [RoleCount]int64 {
	var n [RoleCount]int64
	for t := range m.Tensors() {
		n[t.Role] += t.Params()
	}
	return n
}

// ExpertParams counts all routed experts of the main model.
func (m *Model) ExpertParams() int64 { return m.ParamsByRole()[RoutedExperts] }

// WeightBytes is the main text model in the formats its tensors have.
func (m *Model) WeightBytes() format.Size {
	var size format.Size
	for t := range m.Tensors() {
		size = plus(size, t.Size())
	}
	return size
}

// WeightBytesByRole divides WeightBytes into components.
func (m *Model) WeightBytesByRole() [RoleCount]format.Size {
	var sizes [RoleCount]format.Size
	for t := range m.Tensors() {
		sizes[t.Role] = plus(sizes[t.Role], t.Size())
	}
	return sizes
}

// MTPBytes is the multi-token-prediction part in the formats its tensors have.
func (m *Model) MTPBytes() format.Size {
	var size format.Size
	for t := range m.MTP.AllTensors() {
		size = plus(size, t.Size())
	}
	return size
}

// VisionBytes is the towers and projectors in the formats their tensors have.
func (m *Model) VisionBytes() format.Size {
	var size format.Size
	for _, t := range m.Vision {
		size = plus(size, t.Size())
	}
	return size
}

// CheckpointBytes is every tensor of the checkpoint: main model, MTP, vision.
// The headers of the files are not in it.
func (m *Model) CheckpointBytes() format.Size {
	return plus(plus(m.WeightBytes(), m.MTPBytes()), m.VisionBytes())
}

func plus(a, b format.Size) format.Size {
	return format.Size{Payload: a.Payload + b.Payload, Scales: a.Scales + b.Scales}
}
