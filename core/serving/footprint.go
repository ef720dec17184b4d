package serving

import (
	"math"
	"slices"

	"moecost/core/arch"
	"moecost/core/format"
)

// Footprint is a model reduced to what memory depends on, so that a layout is
// priced without walking its tensors again: blocks with equal content are one
// kind, and a pipeline stage is a number of each.
type Footprint struct {
	kinds     []blockKind
	upTo      [][]int64 // upTo[i][k] is the number of blocks of kind k among the first i
	embedding []share
	head      []share
	tied      []share // what the last of several stages needs of a tied embedding
	vision    []share
	mtp       []share   // of the modules that a draft needs; embedding and head are the main model's
	mtpKind   blockKind // cache and workspace of the MTP blocks

	rules rules

	hidden, vocabulary int64
	widestRouting      int64 // experts of the largest MoE layer
	weights            int64 // all bytes of the main model
	experts            int64 // of these, routed experts
}

// blockKind is the content of a block.
type blockKind struct {
	shares   []share
	paddings []padding
	caches   []cache
	states   []state
	works    []work
}

// share is bytes of one component that are divided in one way.
type share struct {
	role  arch.Role
	split arch.Split
	parts int64 // KV heads (SplitKVHeads) or experts (SplitExperts)
	bytes int64 // of all parts
}

// cache is the KV cache of an attention layer.
type cache struct {
	window, chunk, compression int64
	heads                      int64 // KV heads that tensor parallelism divides; 0 for a latent, which it does not
	entry                      int64 // bytes per entry: of one head, or of the latent
	index                      int64 // bytes per index key
}

// state is what a recurrent mixer keeps per sequence.
type state struct{ bytes int64 }

// work is the width, in elements per token, of the tensors that a sublayer
// makes between its input and its output.
type work struct {
	split  int64 // elements that tensor parallelism divides
	topK   int64 // experts that a token visits
	hidden int64 // width of an expert's input
	inner  int64 // width inside an expert
}

// Compile reduces a model. kv is the number format of its cache.
func Compile(m *arch.Model, kv format.Format) *Footprint {
	f := &Footprint{hidden: m.Hidden, vocabulary: m.Vocabulary, weights: m.WeightBytes().Bytes()}
	f.rules = rulesOf(m)
	f.experts = m.WeightBytesByRole()[arch.RoutedExperts].Bytes()
	for _, t := range m.Embedding {
		f.embedding = addShare(f.embedding, t, nil)
	}
	for _, t := range m.Head {
		f.head = addShare(f.head, t, nil)
	}
	if m.Tied && len(m.Embedding) > 0 {
		f.tied = addShare(nil, m.Embedding[0], nil)
	}
	for _, t := range m.Vision {
		f.vision = addShare(f.vision, t, nil)
	}
	f.upTo = make([][]int64, 1, len(m.Blocks)+1)
	f.upTo[0] = make([]int64, 0)
	for i := range m.Blocks {
		k := f.kindOf(compileBlock(&m.Blocks[i], m, kv))
		counts := make([]int64, len(f.kinds))
		copy(counts, f.upTo[i])
		counts[k]++
		f.upTo = append(f.upTo, counts)
		for _, s := range m.Blocks[i].Sublayers {
			if s.MoE != nil {
				f.widestRouting = max(f.widestRouting, s.MoE.Experts)
			}
		}
	}
	for i := range m.MTP.Blocks {
		k := compileBlock(&m.MTP.Blocks[i], m, kv)
		f.mtp = append(f.mtp, k.shares...)
		f.mtpKind.caches = append(f.mtpKind.caches, k.caches...)
		f.mtpKind.states = append(f.mtpKind.states, k.states...)
	}
	for _, t := range m.MTP.Tensors {
		if t.Role != arch.EmbeddingAndHead || t.Use == arch.Applied {
			f.mtp = addShare(f.mtp, t, nil)
		}
	}
	return f
}

// kindOf finds the index of a kind, adding it if it is new.
func (f *Footprint) kindOf(k blockKind) int {
	for i, old := range f.kinds {
		if slices.Equal(old.shares, k.shares) && slices.Equal(old.caches, k.caches) &&
			slices.Equal(old.states, k.states) && slices.Equal(old.works, k.works) && slices.Equal(old.paddings, k.paddings) {
			return i
		}
	}
	f.kinds = append(f.kinds, k)
	return len(f.kinds) - 1
}

func compileBlock(b *arch.Block, m *arch.Model, kv format.Format) blockKind {
	var k blockKind
	for i := range b.Sublayers {
		s := &b.Sublayers[i]
		for _, t := range s.Tensors {
			k.shares = addShare(k.shares, t, s)
		}
		if p, ok := paddingOf(s); ok {
			k.paddings = append(k.paddings, p)
		}
		switch {
		case s.Attention != nil:
			k.caches = append(k.caches, compileCache(s.Attention, kv))
			k.works = append(k.works, work{split: s.Attention.Heads*(s.Attention.KeyDim+s.Attention.ValueDim) + s.Attention.EntryElements()})
		case s.Recurrent != nil:
			k.states = append(k.states, state{recurrentBytes(s.Recurrent, m)})
		case s.Dense != nil:
			k.works = append(k.works, work{split: 3 * s.Dense.Inner})
		case s.MoE != nil:
			k.works = append(k.works, work{split: 3 * s.MoE.SharedInner, topK: s.MoE.TopK, hidden: s.MoE.Hidden, inner: s.MoE.Inner})
		}
	}
	return k
}

func compileCache(a *arch.Attention, kv format.Format) cache {
	c := cache{window: a.Window, chunk: a.Chunk, compression: a.Compression, entry: a.EntryBytes(kv), index: a.IndexEntryBytes(kv)}
	if a.Latent == 0 && a.KVHeads > 0 {
		c.heads = a.KVHeads
		c.entry /= a.KVHeads // rows of one width, so it divides
	}
	return c
}

func recurrentBytes(r *arch.Recurrent, m *arch.Model) int64 {
	return r.StateFormat.SizeOf([]int64{r.State}).Bytes() + m.Base.SizeOf([]int64{r.Convolution}).Bytes()
}

// addShare adds a tensor to the share of its kind. s is the sublayer it
// belongs to, nil outside of blocks.
func addShare(shares []share, t arch.Tensor, s *arch.Sublayer) []share {
	add := share{role: t.Role, split: t.Split, bytes: t.Size().Bytes()}
	switch {
	case t.Split == arch.SplitKVHeads && s != nil && s.Attention != nil && s.Attention.KVHeads > 0:
		add.parts = s.Attention.KVHeads
	case t.Split == arch.SplitExperts && s != nil && s.MoE != nil && s.MoE.Experts > 0:
		add.parts = s.MoE.Experts
	case t.Split == arch.SplitKVHeads || t.Split == arch.SplitExperts:
		add.split = arch.SplitTP // nothing says how many parts there are
	case t.Split == arch.SplitVocabulary:
		add.split = arch.SplitTP // the vocabulary is divided over the same ranks
	}
	for i := range shares {
		if shares[i].role == add.role && shares[i].split == add.split && shares[i].parts == add.parts {
			shares[i].bytes += add.bytes
			return shares
		}
	}
	return append(shares, add)
}

// onOneGPU is the part of a share that the fullest GPU of a stage holds.
func (s share) onOneGPU(l Layout, load Load) int64 {
	switch s.split {
	case arch.SplitTP:
		return ceilDiv(s.bytes, int64(l.TP))
	case arch.SplitKVHeads:
		return ceilDiv(s.bytes, min(int64(l.TP), s.parts))
	case arch.SplitExperts:
		rank := ceilDiv(s.bytes/s.parts*l.ExpertsPerRank(s.parts+load.Spare), int64(l.ExpertSplit()))
		if load.Host > 0 {
			return int64(math.Ceil(float64(rank) * load.OnGPU()))
		}
		return rank
	default:
		return s.bytes
	}
}

// line itemises a cache for n equal layers and one sequence.
func (c *cache) line(n, context int64, tp int) CacheLine {
	a := arch.Attention{Window: c.window, Chunk: c.chunk, Compression: c.compression}
	l := CacheLine{Layers: n, Entries: a.Entries(context), EntryBytes: c.entry, Heads: c.heads, OnGPU: 1}
	if c.heads > 0 {
		l.OnGPU = max(ceilDiv(c.heads, int64(tp)), 1) // fewer heads than ranks are copied
	}
	if c.index > 0 {
		l.Keys, l.KeyBytes = context, c.index
		if c.compression > 1 {
			l.Keys /= c.compression
		}
	}
	return l
}

// perSequence is what one GPU keeps of a sequence of the given length, in KV
// entries and in index keys.
func (c *cache) perSequence(context int64, tp int) (entries, index int64) {
	l := c.line(1, context, tp)
	return l.Entries * l.EntryBytes * l.OnGPU, l.Keys * l.KeyBytes
}
