package serving

import "moecost/core/arch"

// module is one multi-token-prediction module: a layer or two like the model's
// own, behind a projection of the last hidden state and the next token's embedding. The
// logits are those of the model's head. Where a checkpoint holds several they are alike, and it
// is their mean; engines with fewer modules than drafted tokens run the last one again.
type module struct {
	kinds  []kind
	around matrices // the projection
}

// compileModule reduces the drafting modules to what one pass takes. The kinds of
// the main model must have been counted.
func (t *Timing) compileModule(p Assumptions, routes *Routes) {
	mtp := &t.d.Model.MTP
	if mtp.Depth == 0 {
		return
	}
	share, blocks := 1/float64(mtp.Depth), t.blocks
	for i := range mtp.Blocks {
		for j := range mtp.Blocks[i].Sublayers {
			s := &mtp.Blocks[i].Sublayers[j]
			k := t.known(fingerprint(s))
			if k == nil {
				made := t.kindOf(s, p, routes)
				k = &made
			}
			t.draft.kinds = append(t.draft.kinds, *k)
			t.draft.kinds[len(t.draft.kinds)-1].count = share
		}
	}
	for i := range mtp.Tensors {
		if x := &mtp.Tensors[i]; x.Role != arch.EmbeddingAndHead {
			parts := 1.0
			if x.Split == arch.SplitTP {
				parts = float64(t.d.Layout.TP)
			}
			t.draft.around.add(t, x, parts)
		}
	}
	for _, part := range []*float64{&t.draft.around.bytes, &t.draft.around.peak, &t.draft.around.deep, &t.draft.around.peak8, &t.draft.around.deep8,
		&t.draft.around.peak4, &t.draft.around.deep4, &t.draft.around.out, &t.draft.around.flops} {
		*part *= share
	}
	t.blocks = blocks // formats of the main model alone decide
}

// known is the kind of the main model with this fingerprint, or nil.
func (t *Timing) known(print uint64) *kind {
	for i := range t.kinds {
		if t.kinds[i].print == print {
			return &t.kinds[i]
		}
	}
	return nil
}

// passes is how often a decode step runs the drafting module: once for every
// drafted token. A model without modules drafts with something else, which is not timed here.
func (t *Timing) passes(l Load) float64 {
	if t.draft.kinds == nil {
		return 0
	}
	return float64(l.Draft)
}

// drafts adds the passes of the drafting module. The first runs over all tokens of the
// step, whose hidden states and cache entries it needs; each further one over the token that the
// one before has drafted, for every sequence.
func (t *Timing) drafts(s *Step, w *Work, x *amounts) {
	if w.Passes <= 0 || t.draft.kinds == nil {
		return
	}
	first, next := t.draftPasses(w, x)
	s.Seconds += first.Seconds + (w.Passes-1)*next.Seconds
	s.Parts[DraftPasses] += first.Seconds + (w.Passes-1)*next.Seconds
	for b := range s.Waits {
		s.Waits[b] += first.Waits[b] + (w.Passes-1)*next.Waits[b]
	}
}

// draftPasses times the first pass and a further one.
func (t *Timing) draftPasses(w *Work, x *amounts) (first, next Step) {
	t.pass(&first, w, x)
	if w.Passes > 1 {
		one, y := t.further(w)
		t.pass(&next, &one, &y)
	}
	return first, next
}

// further is the work of a pass after the first.
func (t *Timing) further(w *Work) (Work, amounts) {
	one := *w
	one.Drafted, one.Prefill, one.Prompts = 0, 0, 0
	return one, t.amounts(&one)
}

// pass is one pass of the module.
func (t *Timing) pass(s *Step, w *Work, x *amounts) {
	if x.tokens <= 0 {
		return
	}
	for i := range t.draft.kinds {
		t.sublayer(s, &t.draft.kinds[i], w, x)
	}
	t.matrices(s, DenseMatrices, &t.draft.around, 1, x.tokens)
	t.matrices(s, HeadAndSampling, &t.head, 1, x.replica+w.Prompts)
	s.add(HeadAndSampling, BoundLaunch, (moduleKernels+headKernels)*t.launch)
}

// launches counts the kernels of a pass.
func (m *module) launches() float64 {
	n := float64(moduleKernels + headKernels)
	for i := range m.kinds {
		for _, count := range m.kinds[i].launches {
			n += m.kinds[i].count * count
		}
	}
	return n
}
