package arch

import "moecost/core/format"

// Role is the component of the model that a tensor belongs to. It decides the
// line of the memory ledger and the colour on the page.
type Role uint8

// The components, in the order of the ledger.
const (
	RoutedExperts Role = iota
	SharedExperts
	DenseLayers
	AttentionWeights // every mixer: softmax attention and recurrent layers, with their norms
	EmbeddingAndHead // input embedding, output head, final norm
	Router           // gate, its bias, and the norm in front of an MoE layer
	RoleCount
)

// Use is what one token does with a tensor.
type Use uint8

const (
	// Multiplied matrices cost two FLOPs per element and token.
	Multiplied Use = iota
	// LookedUp tables cost nothing but the row that is read.
	LookedUp
	// Applied vectors (norms, biases, gates, sinks) are element-wise work that
	// does not show next to the matrices.
	Applied
	// Consulted tables of integers say which expert a token id goes to (hash
	// routing). They take bytes and are no parameters.
	Consulted
)

// Split is how a tensor is divided over the GPUs of one replica.
type Split uint8

const (
	// Replicated tensors sit whole on every GPU: norms, router, the MLA
	// down-projections, indexer.
	Replicated Split = iota
	// SplitTP divides evenly over the tensor-parallel ranks.
	SplitTP
	// SplitKVHeads divides over tensor-parallel ranks, but never below one KV head.
	SplitKVHeads
	// SplitVocabulary divides the vocabulary over tensor-parallel ranks.
	SplitVocabulary
	// SplitExperts gives each expert-parallel rank whole experts, each divided
	// over the ranks that share one.
	SplitExperts
)

// Tensor is one weight of the checkpoint, or several of the same shape.
type Tensor struct {
	Name   string  // checkpoint name inside its block; "{e}" stands for the expert
	Shape  []int64 // as stored, output features first
	Copies int64   // how many tensors of this shape: the number of experts, else 1
	Role   Role
	Use    Use
	Split  Split
	Stored format.Format // as the checkpoint stores it
}

// Params is the number of parameters, over all copies: Elements, but none for a
// table of integers.
func (t Tensor) Params() int64 {
	if t.Use == Consulted {
		return 0
	}
	return t.Elements()
}

// Elements is the number of stored numbers, over all copies.
func (t Tensor) Elements() int64 {
	n := t.Copies
	for _, d := range t.Shape {
		n *= d
	}
	return n
}

// Size is the storage of all copies in the tensor's own format.
func (t Tensor) Size() format.Size {
	one := t.Stored.SizeOf(t.Shape)
	return format.Size{Payload: one.Payload * t.Copies, Scales: one.Scales * t.Copies}
}
