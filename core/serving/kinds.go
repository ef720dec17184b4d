package serving

import (
	"moecost/core/arch"
	"moecost/core/format"
	"moecost/core/routing"
)

// matrices are the weights of one role on one rank.
type matrices struct {
	bytes float64 // read once a step
	peak  float64 // seconds at peak rate per token
	deep  float64 // peak over the inner dimension of each multiplication: what a matrix loses per unit of Depth
	peak8 float64 // the same two for matrices in block-scaled FP8
	deep8 float64
	peak4 float64 // and in FP4
	deep4 float64
	out   float64 // bytes of activations read and written per token
	flops float64 // per token, whatever the arithmetic
}

// kind is one kind of sublayer and how many of it there are.
type kind struct {
	_ [0]func() // no == for it: docs/size.md

	print uint64 // of the sublayer: equal ones are one kind
	count float64
	once  float64 // bytes of weights that every step touches: all but routed experts

	attention *arch.Attention
	recurrent *arch.Recurrent
	moe       *arch.MoE
	experts   *routing.Ranks

	mixer, dense, router, shared matrices

	entryBytes  float64 // of a KV cache entry on one rank
	indexBytes  float64 // of an index key
	expert      matrices
	expertBytes float64 // of one expert, over all the GPUs that share it
	copies      float64 // experts with weights that a token reaches
	stateBytes  float64 // of a sequence's recurrent state on one rank, read and written
	coreFLOPs   float64 // recurrent update per token on one rank
	launches    kernels
}

// compile reduces the model to its kinds. Nothing in it depends on Constants.
func (t *Timing) compile(p Assumptions) {
	m := t.d.Model
	routes := p.Routes
	if routes == nil {
		routes = NewRoutes(p.Popularity())
	}
	for i := range m.Blocks {
		for j := range m.Blocks[i].Sublayers {
			t.count(&m.Blocks[i].Sublayers[j], p, routes)
		}
	}
	t.compileModule(p, routes)
	for _, x := range append(m.Head[:len(m.Head):len(m.Head)], tiedHead(m)...) {
		t.head.add(t, &x, float64(t.d.Layout.TP))
		t.once += float64(x.Size().Bytes())
	}
}

// count adds a sublayer to the kind it is of.
func (t *Timing) count(s *arch.Sublayer, p Assumptions, routes *Routes) {
	if s.MoE != nil {
		t.moe++
	}
	print := fingerprint(s)
	for i := range t.kinds {
		if k := &t.kinds[i]; k.print == print {
			k.count++
			t.once += k.once
			return
		}
	}
	k := t.kindOf(s, p, routes)
	k.print = print
	t.once += k.once
	t.kinds = append(t.kinds, k)
}

// tiedHead is the embedding as a matrix, if it makes the logits too.
func tiedHead(m *arch.Model) []arch.Tensor {
	if !m.Tied || len(m.Embedding) == 0 {
		return nil
	}
	tied := m.Embedding[0] // the tables beside it make no logits
	tied.Use = arch.Multiplied
	return []arch.Tensor{tied}
}

// add puts the share of a tensor that one rank holds into m.
func (m *matrices) add(t *Timing, x *arch.Tensor, parts float64) {
	if x.Use != arch.Multiplied {
		return
	}
	n := float64(x.Elements())
	used, rate := t.d.GPU.Peaks.Used(x.Stored.Arithmetic)
	m.bytes += float64(x.Size().Bytes()) / parts
	m.flops += 2 * n / parts
	seconds, inner := 2*n/parts/rate, float64(x.Shape[len(x.Shape)-1])
	if part := format.PartOf(x.Name); part == format.DownPart || part == format.OutputPart {
		inner /= parts // these are cut along the dimension that is summed over
	}
	switch {
	case used == format.ArithmeticFP4:
		m.peak4 += seconds
		m.deep4 += seconds / inner
	case used == format.ArithmeticFP8 && x.Stored.BlockRows > 1:
		m.peak8 += seconds
		m.deep8 += seconds / inner
	default:
		m.peak += seconds
		m.deep += seconds / inner
	}
	if len(x.Shape) == 2 {
		const activationBytes = 2 // BF16 in, BF16 out
		m.out += activationBytes * float64(x.Shape[0]+x.Shape[1]) / parts
	}
}

// kindOf reduces one sublayer to what its time depends on.
func (t *Timing) kindOf(s *arch.Sublayer, p Assumptions, routes *Routes) kind {
	l := t.d.Layout
	tp := float64(l.TP)
	k := kind{count: 1, attention: s.Attention, recurrent: s.Recurrent, moe: s.MoE, launches: countKernels(s)}
	kvParts := tp
	if s.Attention != nil && s.Attention.KVHeads > 0 {
		kvParts = min(tp, float64(s.Attention.KVHeads))
	}
	for i := range s.Tensors {
		x := &s.Tensors[i]
		parts := 1.0
		switch x.Split {
		case arch.SplitTP, arch.SplitVocabulary:
			parts = tp
		case arch.SplitKVHeads:
			parts = kvParts
		case arch.SplitExperts:
			parts = float64(l.ExpertSplit())
		}
		switch x.Role {
		case arch.RoutedExperts:
			one := *x
			one.Copies = 1
			k.expert.add(t, &one, parts)
			if x.Use == arch.Multiplied {
				k.expertBytes += float64(one.Size().Bytes())
			}
			continue
		case arch.SharedExperts:
			k.shared.add(t, x, parts)
		case arch.Router:
			k.router.add(t, x, parts)
		case arch.DenseLayers:
			k.dense.add(t, x, parts)
		default:
			k.mixer.add(t, x, parts)
		}
		if x.Use == arch.Multiplied {
			k.once += float64(x.Size().Bytes())
		}
	}
	if a := s.Attention; a != nil {
		own := *a
		own.SharesKV = false // an earlier layer's cache is read all the same
		k.entryBytes = float64(own.EntryBytes(t.d.KV))
		if a.Latent == 0 {
			k.entryBytes /= kvParts
		}
		k.indexBytes = float64(a.IndexEntryBytes(t.d.KV))
	}
	if r := s.Recurrent; r != nil {
		state := float64(r.StateFormat.SizeOf([]int64{r.State}).Bytes()) + float64(format.BF16.SizeOf([]int64{r.Convolution}).Bytes())
		k.stateBytes = 2 * state / tp
		k.coreFLOPs = float64(r.FLOPsPerToken) / tp
	}
	if moe := s.MoE; moe != nil {
		if f := storedIn(s, arch.RoutedExperts); f.Arithmetic == format.ArithmeticFP8 && f.BlockRows > 1 {
			t.blocks = true
		}
		k.copies = moe.ExpectedExperts()
		k.experts = routes.Ranks(moe, t.Placement(moe))
		if p.Balanced > 0 {
			k.experts = k.experts.WithBalance(p.Balanced)
		}
	}
	return k
}
