package serving

import "math"

// Work is what one step processes, over the whole deployment.
type Work struct {
	Decode  float64 // sequences that each decode a token
	Drafted float64 // further tokens per sequence that are verified in the same step
	Context float64 // mean context of a decoding sequence, tokens

	Prefill      float64 // prompt tokens of one replica
	PrefillReach float64 // mean tokens that a prompt token attends to
	Prompts      float64 // prompts that these tokens end, per replica: rows that need logits
	Prefilling   float64 // replicas that prefill at once; 0 is all

	Passes float64 // of the model's own drafting modules, one after the other; the first over all tokens of the step

	Eager bool // outside CUDA graphs: the host launches every kernel
}

// Step times one forward pass. It allocates nothing, unless experts are elsewhere.
func (t *Timing) Step(w Work) Step {
	x := t.amounts(&w)
	if x.tokens <= 0 {
		return Step{}
	}
	if t.elsewhere != nil {
		return t.elsewhere(w, t.resident(&w, &x))
	}
	return t.resident(&w, &x)
}

func (t *Timing) resident(w *Work, x *amounts) Step {
	var s Step
	s.Weights = t.once
	for i := range t.kinds {
		t.sublayer(&s, &t.kinds[i], w, x)
	}
	if t.moe > 0 {
		s.Distinct /= t.moe
	}
	t.drafts(&s, w, x)
	t.finish(&s, w, x.replica, x.tokens)
	return s
}

// sublayer adds one kind of sublayer, as often as there are of it.
func (t *Timing) sublayer(s *Step, k *kind, w *Work, x *amounts) {
	n, tokens := k.count, x.tokens
	for o, count := range k.launches {
		if count > 0 {
			s.add(Operator(o), BoundLaunch, n*count*t.launch)
		}
	}
	switch {
	case k.attention != nil:
		t.matrices(s, AttentionProjections, &k.mixer, n, tokens)
		t.attentionCore(s, k, w, x.replica, x.decoded)
	case k.recurrent != nil:
		t.matrices(s, AttentionProjections, &k.mixer, n, tokens)
		s.roof(RecurrentState, n*(x.replica+w.Prompts)*k.stateBytes/t.cacheRead, n*tokens*k.coreFLOPs/t.attend)
	case k.experts != nil:
		t.moeLayer(s, k, x, w.Prefill > 0)
	default:
		t.matrices(s, DenseMatrices, &k.dense, n, tokens)
	}
	if reduce := t.links.allReduce(tokens * t.hidden * 2); reduce > 0 && !(k.experts != nil && t.d.Layout.Dispatches()) {
		s.add(AllReduce, BoundNetwork, n*reduce)
	}
}

// matrices adds weights that every token is multiplied with.
func (t *Timing) matrices(s *Step, o Operator, m *matrices, n, tokens float64) {
	if m.bytes > 0 {
		s.add(o, BoundMemory, n*tokens*m.out*t.c.Between/t.bandwidth)
		s.roof(o, n*(m.bytes+tokens*m.out)/t.bandwidth, n*tokens*t.multiplied(m))
	}
}

// multiplied is the time that the multiplications of one token take.
func (t *Timing) multiplied(m *matrices) float64 {
	return (m.peak+t.c.Depth*m.deep)*t.multiply + (m.peak8+t.c.Depth*m.deep8)*t.multiply8 + (m.peak4+t.c.Depth*m.deep4)*t.multiply4
}

func (t *Timing) attentionCore(s *Step, k *kind, w *Work, replica, decoded float64) {
	a, n := k.attention, k.count
	if replica > 0 {
		context := int64(w.Context)
		read := float64(a.EntriesRead(context)) * k.entryBytes
		if k.indexBytes > 0 {
			read += float64(indexKeys(a.Compression, context)) * k.indexBytes
		}
		rate := t.attend
		if a.Latent > 0 {
			rate = t.latent
		}
		flops := a.DecodeFLOPs(context) / float64(t.d.Layout.TP)
		s.roof(AttentionCore, n*replica*read/t.cacheRead, n*decoded*flops/rate)
	}
	if w.Prefill > 0 {
		flops := a.PrefillFLOPs(int64(w.PrefillReach)) / float64(t.d.Layout.TP)
		if t.engine == engineLlamaCpp && a.Latent > 0 {
			flops = a.DecodeFLOPs(int64(w.PrefillReach)) / float64(t.d.Layout.TP) // it keeps to the latent
		}
		s.add(AttentionCore, BoundCompute, n*w.Prefill*flops/t.attend)
	}
}

// indexKeys is the number of index keys that a token is scored against.
func indexKeys(compression, context int64) int64 {
	if compression > 1 {
		return context / compression
	}
	return context
}

// moeLayer adds gate, exchange, routed and shared experts.
func (t *Timing) moeLayer(s *Step, k *kind, x *amounts, prefill bool) {
	n, tokens := k.count, x.tokens
	t.matrices(s, RouterGate, &k.router, n, tokens)
	t.matrices(s, SharedExpertMatrices, &k.shared, n, tokens)

	distinct := k.experts.Coverage.Distinct(x.covering)
	s.Distinct += n * distinct
	s.Weights += n * distinct * k.expertBytes

	busiest, imbalance := t.busiest(k, x)
	copies := x.routed * k.copies / float64(t.d.Layout.EP) * imbalance
	padded := copies + min(busiest*t.c.Ramp, copies)
	// Kernels between the matrices: copies permuted and summed (read and write h, read h), activation.
	moved := copies * (6*float64(k.moe.Hidden) + 6*float64(k.moe.Inner)/float64(t.d.Layout.ExpertSplit()))
	s.add(Permute, BoundMemory, n*moved*t.c.Between/t.bandwidth)
	s.roof(RoutedExpertMatrices, n*(busiest*k.expert.bytes+copies*k.expert.out)/t.moeRead, n*padded*t.multiplied(&k.expert))

	if t.d.Layout.Dispatches() {
		// Every GPU sends the tokens of its replica that it is responsible for. In decode, where
		// a copy goes to every expert, all wait for the port of the one that receives the most.
		mine := tokens / float64(t.d.Layout.TP)
		if !prefill {
			mine *= imbalance
		}
		out, back := t.dispatch(k, prefill), t.combine(k, prefill)
		s.add(Dispatch, BoundNetwork, n*t.links.shown(t.links.exchange(mine, &out)))
		s.add(Combine, BoundNetwork, n*t.links.shown(t.links.exchange(mine, &back)))
	}
}

// finish adds the head, the pipeline and what a step costs besides its layers,
// and holds an eager step up to the host.
func (t *Timing) finish(s *Step, w *Work, replica, tokens float64) {
	rows := replica*(1+w.Drafted) + w.Prompts
	t.matrices(s, HeadAndSampling, &t.head, 1, rows)
	if t.engine != engineIdeal {
		s.add(HeadAndSampling, BoundLaunch, t.c.Step*t.c.Slow[t.f]+headKernels*t.launch+t.c.Sequence*rows)
	}
	if t.stages > 1 {
		bytes := tokens * t.hidden * 2
		s.add(PipelineTransfer, BoundNetwork, (t.stages-1)*(20e-6+bytes/t.links.network))
	}
	if host := t.hostSeconds(w); w.Eager && host > 0 {
		// Host and device work at the same time, but not perfectly: the wait is
		// (host³ + device³)^⅓ - device, written without the difference of nearly equal numbers.
		device := s.Seconds
		both := math.Cbrt(host*host*host + device*device*device)
		s.add(HeadAndSampling, BoundLaunch, host*host*host/(both*both+both*device+device*device))
	}
}

// hostSeconds is how long the host takes to launch every kernel of an eager step.
func (t *Timing) hostSeconds(w *Work) float64 {
	launches := 0.0
	for i := range t.kinds {
		k := &t.kinds[i]
		for _, count := range k.launches {
			launches += k.count * count
		}
		if k.recurrent != nil {
			launches += k.count * chunkedKernels
		}
	}
	if w.Passes > 0 {
		launches += t.draft.launches()
	}
	return launches * t.host
}
