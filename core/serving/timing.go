package serving

import (
	"moecost/core/arch"
	"moecost/core/format"
	"moecost/core/routing"
)

// Timing is a deployment prepared for timing: the stack of layers reduced to
// its distinct kinds with their bytes and multiplications per rank, so that a step costs
// microseconds to estimate. It does not change after NewTiming and may be shared.
type Timing struct {
	d      Deployment
	c      *Constants
	f      family
	engine engineIndex
	older  bool
	padded bool

	kinds  []kind
	head   matrices // logits of one replica's rank
	hidden float64
	stages float64 // pipeline stages
	moe    float64 // MoE layers
	blocks bool    // routed experts are FP8 with block scales
	once   float64 // bytes of weights that any step touches, each once: all but routed experts and embedding

	bandwidth float64 // bytes/s that weight reads reach
	cacheRead float64
	moeRead   float64
	multiply  float64 // seconds of matrix work per second at peak
	multiply8 float64 // the same in block-scaled FP8
	multiply4 float64 // and in FP4
	attend    float64 // FLOP/s of prefill attention
	latent    float64 // FLOP/s of decode attention on a latent
	launch    float64 // seconds per kernel in a CUDA graph
	host      float64 // seconds per kernel outside one
	links     links
}

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
}

// kind is one kind of sublayer and how many of it there are.
type kind struct {
	key   kindKey
	count float64

	attention *arch.Attention
	recurrent *arch.Recurrent
	experts   *routing.Ranks

	mixer, dense, router, shared matrices

	entryBytes   float64 // of a KV cache entry on one rank
	indexBytes   float64 // of an index key
	expert       matrices
	expertBytes  float64 // of one expert, over all the GPUs that share it
	copies       float64 // experts with weights that a token reaches
	stateBytes   float64 // of a sequence's recurrent state on one rank, read and written
	coreFLOPs    float64 // recurrent update per token on one rank
	headsPerRank float64
	kernels      kernels
	launches     [OperatorCount]float64 // kernels weighted by what a launch of their group costs
}

// kindKey is what makes two sublayers the same for timing.
type kindKey struct {
	attention                            arch.Attention
	index                                arch.Index
	recurrent                            arch.Recurrent
	moe                                  arch.MoE
	mixer, dense, router, shared, expert matrices
	kernels                              kernels
}

// Assumptions are what the time of a step hangs on beside the deployment.
type Assumptions struct {
	Skew     float64 // sigma of the lognormal popularity; 0 is uniform
	Balanced float64 // max over mean tokens of ranks, where experts are replicated to even it out; 0 if they are not
	Padded   bool    // batches are filled up to the sizes that CUDA graphs are captured for (GraphSize)
	Routes   *Routes // expert coverage prepared for other deployments of the same skew, to share; nil prepares it anew
	Older    bool    // a release of vLLM or SGLang up to January 2026, with more and slower launches
}

// NewTiming prepares a deployment. The layout must have passed Check, and the
// accelerator must be Complete.
func NewTiming(d Deployment, p Assumptions) *Timing {
	c := Fitted()
	return newTiming(d, p, &c)
}

// NewTimingWith is NewTiming with other constants than the fitted ones.
func NewTimingWith(d Deployment, p Assumptions, c *Constants) *Timing { return newTiming(d, p, c) }

// Use sets other constants, for fitting them.
func (t *Timing) Use(c *Constants) { t.resolve(c) }

func newTiming(d Deployment, p Assumptions, c *Constants) *Timing {
	t := &Timing{d: d, older: p.Older, padded: p.Padded, hidden: float64(d.Model.Hidden), stages: float64(max(d.Layout.PP, 1))}
	t.compile(p)
	t.resolve(c)
	return t
}

// compile reduces the model to its kinds. Nothing in it depends on Constants.
func (t *Timing) compile(p Assumptions) {
	m := t.d.Model
	routes := p.Routes
	if routes == nil {
		routes = NewRoutes(p.Skew)
	}
	for i := range m.Blocks {
		for j := range m.Blocks[i].Sublayers {
			t.addSublayer(&m.Blocks[i].Sublayers[j], p, routes)
		}
	}
	for _, x := range append(m.Head[:len(m.Head):len(m.Head)], tiedHead(m)...) {
		t.head.add(t, &x, float64(t.d.Layout.TP))
		t.once += float64(x.Size().Bytes())
	}
}

// tiedHead is the embedding as a matrix, if it makes the logits too.
func tiedHead(m *arch.Model) []arch.Tensor {
	if !m.Tied {
		return nil
	}
	tied := append([]arch.Tensor(nil), m.Embedding...)
	for i := range tied {
		tied[i].Use = arch.Multiplied
	}
	return tied
}

// add puts the share of a tensor that one rank holds into m.
func (m *matrices) add(t *Timing, x *arch.Tensor, parts float64) {
	if x.Use != arch.Multiplied {
		return
	}
	n := float64(x.Elements())
	used, rate := t.d.GPU.Peaks.Used(x.Stored.Arithmetic)
	m.bytes += float64(x.Size().Bytes()) / parts
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

func (t *Timing) addSublayer(s *arch.Sublayer, p Assumptions, routes *Routes) {
	l := t.d.Layout
	tp := float64(l.TP)
	k := kind{count: 1, attention: s.Attention, recurrent: s.Recurrent, kernels: countKernels(s)}
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
			t.once += float64(x.Size().Bytes())
		}
	}
	if a := s.Attention; a != nil {
		k.headsPerRank = float64(a.Heads) / tp
		own := *a
		own.SharesKV = false // an earlier layer's cache is read all the same
		k.entryBytes = float64(own.EntryBytes(t.d.KV))
		if a.Latent == 0 {
			k.entryBytes /= kvParts
		}
		k.indexBytes = float64(a.IndexEntryBytes(t.d.KV))
		k.key.attention = *a
		k.key.attention.Index = nil
		if a.Index != nil {
			k.key.index = *a.Index
		}
	}
	if r := s.Recurrent; r != nil {
		state := float64(r.StateFormat.SizeOf([]int64{r.State}).Bytes()) + float64(format.BF16.SizeOf([]int64{r.Convolution}).Bytes())
		k.stateBytes = 2 * state / tp
		k.coreFLOPs = float64(r.FLOPsPerToken) / tp
		k.key.recurrent = *r
	}
	if moe := s.MoE; moe != nil {
		t.moe++
		if f := storedIn(s, arch.RoutedExperts); f.Arithmetic == format.ArithmeticFP8 && f.BlockRows > 1 {
			t.blocks = true
		}
		k.copies = moe.ExpectedExperts()
		k.key.moe = *moe
		k.experts = routes.ranks(moe, l.EP)
		if p.Balanced > 0 {
			k.experts = k.experts.WithBalance(p.Balanced)
		}
	}
	key := k.key
	key.mixer, key.dense, key.router, key.shared, key.expert, key.kernels = k.mixer, k.dense, k.router, k.shared, k.expert, k.kernels
	k.key = key
	for i := range t.kinds {
		if t.kinds[i].key == key {
			t.kinds[i].count++
			return
		}
	}
	t.kinds = append(t.kinds, k)
}

// resolve turns shares of peaks into rates.
func (t *Timing) resolve(c *Constants) {
	t.c, t.f, t.engine = c, familyOf(&t.d.GPU), engineByID(t.d.Engine.ID)
	t.bandwidth = t.d.GPU.BandwidthBytesPerSecond * c.Memory[t.f]
	if t.f == familyAMD && t.blocks {
		t.bandwidth *= c.AMDBlocks
	}
	t.cacheRead = t.bandwidth * c.CacheRead
	t.moeRead = t.bandwidth * c.ExpertRead
	t.multiply = 1 / c.Compute[t.f]
	t.multiply8 = t.multiply / c.FP8Peak
	t.multiply4 = t.multiply / c.FP4Peak
	t.attend = t.d.GPU.Peaks.BF16 * c.AttendPeak
	switch {
	case t.f == familyStrix || t.f == familyApple:
		t.attend = t.d.GPU.Peaks.BF16 * c.Compute[t.f] * c.AttendLocal
	case t.engine == engineLlamaCpp && (t.f == familySpark || t.f == familyConsumer):
		t.attend *= 2 // llama.cpp accumulates attention in FP16, at twice the rate of desktop chips' BF16
	}
	t.latent = t.d.GPU.Peaks.BF16 * c.LatentPeak
	if t.f == familyHopper && t.d.GPU.Peaks.BF16 < starvedRatio*t.d.GPU.BandwidthBytesPerSecond {
		t.multiply, t.multiply8 = 1/starvedCompute, 1/starvedCompute
		t.attend, t.latent = starvedCompute*t.d.GPU.Peaks.BF16, starvedCompute*t.d.GPU.Peaks.BF16
	}
	t.launch = c.Kernel * c.Slow[t.f]
	t.host = c.Host[t.engine] * c.Slow[t.f]
	if t.f == familyAMD && t.blocks {
		t.launch /= c.AMDBlocks
	}
	if t.older && (t.engine == engineVLLM || t.engine == engineSGLang) {
		t.launch *= c.Older
	}
	t.links = linksOf(&t.d, c)
	relative := [launchGroups]float64{1, c.LatentRel, c.IndexRel, c.RecurrentRel, c.MoERel, c.FusedRel, c.QuantRel}
	for i := range t.kinds {
		k := &t.kinds[i]
		k.launches = [OperatorCount]float64{}
		for o := range k.kernels {
			for g, count := range k.kernels[o] {
				k.launches[o] += count * relative[g]
			}
		}
	}
	if t.engine == engineIdeal {
		t.idealise()
	}
}

// idealise sets every efficiency to one and every overhead to nothing: what the
// hardware's own figures allow.
func (t *Timing) idealise() {
	t.bandwidth = t.d.GPU.BandwidthBytesPerSecond
	t.cacheRead, t.moeRead = t.bandwidth, t.bandwidth
	t.multiply, t.multiply8, t.multiply4 = 1, 1, 1
	t.attend, t.latent = t.d.GPU.Peaks.BF16, t.d.GPU.Peaks.BF16
	t.launch, t.host = 0, 0
	c := *t.c
	c.Between, c.Depth, c.Ramp, c.Network = 0, 0, 0, 1
	t.c = &c
	t.links = linksOf(&t.d, t.c)
}
