// Package arch describes a language model as a stack of blocks made of named
// tensors with shapes. Everything that the rest of moecost says about a model
// is derived from that one description: the parameter counts, the bytes in any
// number format, the KV cache per token and the recurrent state per sequence.
//
// The package keeps three counts apart that are often taken for one another:
// resident (what must sit in memory: all experts), touched (what one step
// reads: the distinct experts its tokens hit) and computed (what one token
// multiplies: top-k experts).
//
// What is not modelled: encoder-decoder models, and the arithmetic of vision
// towers, whose weights are counted but never multiplied here.
package arch

import "moecost/core/format"

// Model is a decoder as published.
type Model struct {
	Name         string // "DeepSeek-V3"
	Organisation string // "DeepSeek"; empty for a pasted config
	Family       string // the reader that understood it: "deepseek_v3"

	Hidden     int64 // width of the residual stream
	Vocabulary int64
	MaxContext int64 // positions the config promises; 0 if it does not say

	Base format.Format // of everything that the checkpoint does not convert: torch_dtype

	Embedding []Tensor // input embedding first (Role EmbeddingAndHead, Use LookedUp); then tables beside it (per-layer embeddings)
	Head      []Tensor // final norm and output head; with tied embeddings the norm alone
	Tied      bool     // the head multiplies the embedding
	Blocks    []Block  // in order of execution
	MTP       MTP      // multi-token-prediction modules, apart from the main model
	Vision    []Tensor // towers (vision, and audio where its layout is known) and projectors; counted, not multiplied
}

// MTP is the multi-token-prediction part of a checkpoint: blocks of its own and
// the tensors around them, with copies of embedding and head where it stores them.
type MTP struct {
	Depth   int // modules that the checkpoint holds; 0 if none
	Blocks  []Block
	Tensors []Tensor // with their full names
}

// Block is one layer: sublayers in order, each with the norm in front of it.
type Block struct {
	Prefix    string // of its tensors' names in the checkpoint: "model.layers.3."
	Sublayers []Sublayer
}

// Sublayer is exactly one of attention, recurrent mixer, dense feed-forward or
// MoE feed-forward, with its tensors.
type Sublayer struct {
	Attention *Attention
	Recurrent *Recurrent
	Dense     *Dense
	MoE       *MoE
	Tensors   []Tensor
}

// Attention is a softmax attention layer.
type Attention struct {
	Heads    int64
	KVHeads  int64
	KeyDim   int64 // per head, rotary part included
	ValueDim int64

	Latent int64 // width of the compressed KV of multi-head latent attention; 0 if K and V are kept
	Rope   int64 // width of the rotary key beside the latent

	Window int64 // sliding window in tokens; 0 is unbounded
	Chunk  int64 // chunked attention (Llama 4): tokens of the current chunk only; 0 is unbounded

	Compression int64  // tokens per cache entry (DeepSeek-V4: 4 or 128), beside a window of Window tokens; 0 or 1 is none
	Index       *Index // sparse attention: the indexer that selects tokens; nil if none

	SharesKV bool // uses the cache of an earlier layer (cross-layer attention); keeps none itself
}

// Index is the lightning indexer of DeepSeek sparse attention. It keeps one key per token.
type Index struct {
	Heads  int64
	KeyDim int64
	TopK   int64 // tokens that attention then reads
	Shared bool  // selects with an earlier layer's index and keeps no keys itself
}

// Recurrent is a mixer whose memory does not grow with the context: Mamba,
// gated DeltaNet, KDA, lightning attention.
type Recurrent struct {
	Kind          string // "mamba", "mamba2", "gated-deltanet", "kda", "lightning"
	Heads         int64
	State         int64 // elements of the recurrent state per sequence
	Convolution   int64 // elements of the short convolution's state per sequence
	StateFormat   format.Format
	FLOPsPerToken int64 // of the state update and read-out, without the projections
}

// Dense is a feed-forward layer every token goes through.
type Dense struct {
	Inner int64
}

// MoE is a feed-forward layer of which a token computes TopK experts.
type MoE struct {
	Experts     int64 // routed experts with weights
	TopK        int64
	Shared      int64 // shared experts, as the config counts them
	Hidden      int64 // width that an expert reads; the model's, unless experts work in a latent space
	Inner       int64 // width inside a routed expert
	SharedInner int64 // width inside all shared experts together

	Zero      int64 // experts without weights (LongCat); the router chooses among Experts + Zero
	Groups    int64 // node-limited routing: groups of experts; 0 or 1 is none
	TopGroups int64 // groups that a token may use
}
