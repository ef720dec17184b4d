package tail

import (
	"math"

	"moecost/core/balance"
	"moecost/core/serving"
)

// stack is the MoE layers of a model with every expert on its ranks.
type stack struct {
	c      *Case
	ranks  int
	layers []layer
	slow   []float64 // per rank: how much longer its slowest GPU takes than the mean
	slots  int       // of all layers

	levels  [levelCount]*level // of the mix of domains, made when first needed
	nominal load               // that is drawn
	tables  *binomials         // of its number of tokens; nil where tokens are drawn one by one
	copies  []float64          // scratch: token copies by rank
	reads   []float64          // distinct experts by rank
	chosen  []int32            // scratch of drawing tokens: experts of one, experts seen, tokens by held expert
	seen    []int32
	hits    []int32
}

// load is what the MoE layers of a step get.
type load struct {
	sequences        float64 // over the whole deployment
	tokens, covering float64 // of one stage; independent ones that cover as many experts
	rows             float64 // that one GPU sends
}

// layer is one MoE layer.
type layer struct {
	kind   *serving.ExpertLayers
	pi     []float64 // inclusion probability per expert
	zero   float64   // of the experts without weights, together
	lean   []float32 // per expert: how its log popularity moves with the mix of domains
	held   []held    // rank by rank
	start  []int32   // per rank, and the end: into held
	offset int       // of held among those of all layers
	first  []int32   // per expert, and the end: into where
	where  []int32   // indices into held, by expert
}

// held is an expert on a rank: share of its tokens go there.
type held struct {
	expert int32
	share  float32
}

func newStack(c *Case) *stack {
	t := c.Timing
	s := &stack{c: c, ranks: max(t.Layout().EP, 1)}
	kinds := t.ExpertLayers()
	for i := range kinds {
		s.add(&kinds[i])
	}
	s.copies, s.reads = make([]float64, s.ranks), make([]float64, s.ranks)
	s.slow = slowness(c, s.ranks, t.Layout().ExpertSplit())
	s.nominal = s.loadOf(c.running())
	if len(kinds) > 0 && s.nominal.covering*float64(kinds[0].TopK) > perCopy {
		s.tables = newBinomials(math.Round(s.nominal.covering))
	}
	for i := range s.layers {
		l := &s.layers[i]
		s.seen = longer(s.seen, len(l.pi)+l.kind.Zero)
		s.hits = longer(s.hits, len(l.held))
	}
	return s
}

func longer(x []int32, n int) []int32 {
	if n > len(x) {
		return make([]int32, n)
	}
	return x
}

// loadOf is the load of a decode step of so many sequences.
func (s *stack) loadOf(sequences float64) load {
	l := load{sequences: sequences}
	l.tokens, l.covering, l.rows = s.c.Timing.Routed(s.c.work(sequences, s.c.Load.DecodeContext()))
	return l
}

// work is a decode step of so many sequences at a mean context.
func (c *Case) work(sequences, context float64) serving.Work {
	w := c.Timing.DecodeWork(c.Load)
	w.Decode, w.Context = sequences, context
	return w
}

// slowness is how much longer than the mean the slowest of a few GPUs takes, for
// each of n groups of them. Speeds are normal.
func slowness(c *Case, n, gpus int) []float64 {
	out := make([]float64, n)
	r := streamOf(c.Seed, speeds, 0)
	for i := range out {
		worst := math.Inf(-1)
		for range max(gpus, 1) {
			worst = max(worst, r.normal())
		}
		out[i] = max(1+c.Speed*worst, 0.1)
	}
	return out
}

// add puts the layers of a kind on the stack.
func (s *stack) add(kind *serving.ExpertLayers) {
	for range kind.Layers {
		drawn := kind.Draw(s.c.Seed, len(s.layers))
		l := layer{kind: kind, pi: drawn.Traffic, zero: float64(kind.TopK), lean: make([]float32, kind.Experts)}
		for _, p := range l.pi {
			l.zero -= p
		}
		l.zero = max(l.zero, 0)
		r := streamOf(s.c.Seed, leaning, len(s.layers))
		for i := range l.lean {
			l.lean[i] = float32(r.normal())
		}
		s.hold(&l, &drawn.Placement)
		s.layers = append(s.layers, l)
	}
}

// hold writes a placement down rank by rank. An expert that a rank holds twice is one with
// twice the share.
func (s *stack) hold(l *layer, p *balance.Placement) {
	l.start = make([]int32, s.ranks+1)
	for r := range s.ranks {
		first, end := p.Slots(r)
		l.start[r] = int32(len(l.held))
		for _, e := range p.Expert[first:end] {
			if e == balance.Empty {
				continue
			}
			share := 1 / float32(p.Copies[e])
			again := false
			for i := range l.held[l.start[r]:] {
				if h := &l.held[int(l.start[r])+i]; h.expert == e {
					h.share += share
					again = true
				}
			}
			if !again {
				l.held = append(l.held, held{e, share})
			}
		}
	}
	l.start[s.ranks] = int32(len(l.held))
	l.offset = s.slots
	s.slots += len(l.held)

	l.first, l.where = make([]int32, len(l.pi)+1), make([]int32, len(l.held))
	for _, h := range l.held {
		l.first[h.expert+1]++
	}
	for e := range l.pi {
		l.first[e+1] += l.first[e]
	}
	next := append([]int32(nil), l.first...)
	for i, h := range l.held {
		l.where[next[h.expert]] = int32(i)
		next[h.expert]++
	}
}

// slotOf is where a token goes that has chosen an expert: an index into held.
func (l *layer) slotOf(e int32, r *stream) int32 {
	at, end := l.first[e], l.first[e+1]
	if end-at > 1 {
		for u := r.uniform(); at < end-1; at++ {
			if u -= float64(l.held[l.where[at]].share); u < 0 {
				break
			}
		}
	}
	return l.where[at]
}

// popularity fills dst with the inclusion probabilities of a layer when the mix of
// domains is z standard deviations from its mean, and returns it. Their sum stays.
func (l *layer) popularity(dst []float64, sigma, z float64) []float64 {
	if sigma == 0 || z == 0 {
		return append(dst[:0], l.pi...)
	}
	total := 0.0
	dst = dst[:0]
	for i, p := range l.pi {
		total += p
		dst = append(dst, p*math.Exp(sigma*z*float64(l.lean[i])))
	}
	scaleTo(dst, total)
	return dst
}

// scaleTo scales weights to a sum with none above 1; what is cut off goes to the
// others in proportion.
func scaleTo(w []float64, total float64) {
	for round := range w { // every round but the last cuts one more
		free, cut := 0.0, 0.0
		for _, x := range w {
			if round > 0 && x == 1 {
				cut++
			} else {
				free += x
			}
		}
		if free <= 0 {
			return
		}
		scale, again := (total-cut)/free, false
		for i, x := range w {
			if round > 0 && x == 1 {
				continue
			}
			w[i] = x * scale
			if w[i] > 1 {
				w[i], again = 1, true
			}
		}
		if !again {
			return
		}
	}
}
