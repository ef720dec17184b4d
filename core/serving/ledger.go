package serving

import (
	"math/bits"

	"moecost/core/arch"
	"moecost/core/hardware"
)

// Ledger is what the fullest GPU of a deployment holds, in bytes. Its lines
// add up to the capacity; with Free below zero the deployment does not fit and
// -Free is missing.
type Ledger struct {
	Stage    int   // of the pipeline; the one with the least free memory
	Capacity int64 // of the accelerator

	Weights [arch.RoleCount]int64 // of the main model, by component
	Padding int64                 // columns that kernels add to routed experts
	MTP     int64                 // drafting modules, if the load drafts
	Vision  int64                 // towers and projectors, which engines load too

	KV    int64 // cache entries of all sequences of the replica, at their full length
	Index int64 // keys of sparse attention's indexers
	State int64 // recurrent state

	Activation int64 // workspace of the largest step
	Comm       int64 // buffers of collectives and expert dispatch
	Runtime    Runtime
	Fraction   float64 // of what a program sees that the engine fills
	Free       int64   // room for more cache

	Rest        int64 // what weights, workspace and runtime leave of what the engine fills
	Pool        int64 // what the engine takes of it for KV, index keys and state: in use and free
	PerSequence int64 // of the pool that one sequence takes at its full length
}

// Runtime is the memory that holds neither weights nor cache nor workspace.
type Runtime struct {
	Driver    int64 // kept by the driver: no program can allocate it
	Libraries int64 // CUDA libraries and their workspaces
	Graphs    int64 // CUDA graphs and context
	Clear     int64 // what the engine leaves clear on purpose
}

// Bytes is the sum.
func (r Runtime) Bytes() int64 { return r.Driver + r.Libraries + r.Graphs + r.Clear }

// WeightBytes is the sum of the components.
func (l *Ledger) WeightBytes() int64 {
	n := int64(0)
	for _, b := range l.Weights {
		n += b
	}
	return n
}

// CacheBytes is everything that is kept per sequence.
func (l *Ledger) CacheBytes() int64 { return l.KV + l.Index + l.State }

// Fits tells whether the load's sequences have their place.
func (l *Ledger) Fits() bool { return l.Free >= 0 }

// Sequences is how many sequences of full length the pool of one replica holds.
func (l *Ledger) Sequences() int64 {
	if l.Pool <= 0 || l.PerSequence <= 0 {
		return 0
	}
	return l.Pool / l.PerSequence
}

// Tokens is how many tokens of cache the pool of one replica holds, in
// sequences of the given length.
func (l *Ledger) Tokens(length int64) int64 {
	if l.Pool <= 0 || l.PerSequence <= 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(l.Pool), uint64(length))
	if hi >= uint64(l.PerSequence) {
		return 0
	}
	tokens, _ := bits.Div64(hi, lo, uint64(l.PerSequence))
	return int64(tokens)
}

// beyondCounting is 4.6 exabytes: more than anybody has, and half of what an int64 counts.
const beyondCounting = 1 << 62

// Times multiplies counts, and stops at beyondCounting: a million sequences of
// ten million tokens of an odd model are more.
func Times(a, b int64) int64 {
	if hi, lo := bits.Mul64(uint64(a), uint64(b)); hi == 0 && lo < beyondCounting {
		return int64(lo)
	}
	return beyondCounting
}

// Ledger prices a layout that Check accepts.
func (f *Footprint) Ledger(gpu *hardware.Accelerator, e *Engine, l Layout, load Load) Ledger {
	worst := f.stage(gpu, e, l, load, 0)
	for s := 1; s < l.PP; s++ {
		if next := f.stage(gpu, e, l, load, s); next.Free < worst.Free {
			worst = next
		}
	}
	return worst
}

// stage is the account of one pipeline stage.
func (f *Footprint) stage(gpu *hardware.Accelerator, e *Engine, l Layout, load Load, s int) Ledger {
	led := Ledger{Stage: s, Capacity: gpu.MemoryBytes}
	first, last := stageLayers(len(f.upTo)-1, l.PP, s)
	var perKV, perIndex, perState int64
	for k := range f.kinds {
		n := f.count(k, first, last)
		if n == 0 {
			continue
		}
		for _, part := range f.kinds[k].shares {
			led.Weights[part.role] += n * part.onOneGPU(l, load)
		}
		for i := range f.kinds[k].paddings {
			if e.Pads {
				led.Padding += n * f.kinds[k].paddings[i].line(gpu, l, load).Bytes()
			}
		}
		kv, index, state := f.kinds[k].perSequence(l, load.ReservedTokens())
		perKV += n * kv
		perIndex += n * index
		perState += n * state
	}
	f.ends(l, s, func(part share) { led.Weights[part.role] += part.onOneGPU(l, load) })
	if s == 0 {
		led.Vision = sumShares(f.vision, l, load)
	}
	if s == l.PP-1 && load.Draft > 0 {
		led.MTP = sumShares(f.mtp, l, load)
		kv, index, state := f.mtpKind.perSequence(l, load.ReservedTokens())
		perKV, perIndex, perState = perKV+kv, perIndex+index, perState+state
	}
	n := l.SequencesPerReplica(load.Batch)
	led.PerSequence = perKV + perIndex + perState
	if all := Times(n, led.PerSequence); all < beyondCounting {
		led.KV, led.Index, led.State = n*perKV, n*perIndex, n*perState
	} else {
		led.KV = all
	}
	f.overhead(&led, gpu, e, l, load)
	return led
}

// ends visits what a stage holds beside its blocks: the embedding on the first,
// the head on the last, which needs its own copy of a tied embedding.
func (f *Footprint) ends(l Layout, s int, visit func(share)) {
	if s == 0 {
		for _, part := range f.embedding {
			visit(part)
		}
	}
	if s == l.PP-1 {
		for _, part := range f.head {
			visit(part)
		}
		if l.PP > 1 {
			for _, part := range f.tied {
				visit(part)
			}
		}
	}
}

// overhead fills the lines that the engine adds, and what remains.
func (f *Footprint) overhead(led *Ledger, gpu *hardware.Accelerator, e *Engine, l Layout, load Load) {
	led.Activation = f.Workspace(gpu, e, l, load)
	led.Comm = f.Buffers(e, l)
	led.fill(gpu, e, e.Fraction)
	if led.Padding > 0 && led.Pool < led.PerSequence && e.Raised > e.Fraction {
		led.fill(gpu, e, e.Raised)
	}
}

// fill divides what the engine fills of the GPU.
func (led *Ledger) fill(gpu *hardware.Accelerator, e *Engine, fraction float64) {
	led.Fraction = fraction
	led.Runtime = e.runtime(gpu, fraction)
	led.Rest = led.Capacity - led.Runtime.Bytes() - led.WeightBytes() - led.Padding - led.MTP - led.Vision - led.Activation - led.Comm
	led.Pool = led.Rest
	if led.Rest > 0 {
		led.Pool = int64(float64(led.Rest) * e.Remainder)
	}
	led.Runtime.Clear += led.Rest - led.Pool
	led.Free = led.Pool - led.CacheBytes()
}

// runtime is what an engine that fills a share of an accelerator leaves or takes of it,
// whatever the model.
func (e *Engine) runtime(gpu *hardware.Accelerator, fraction float64) Runtime {
	if e.NoWorkspace {
		return Runtime{}
	}
	visible := Visible(*gpu)
	unfilled := visible - int64(float64(visible)*fraction)
	r := Runtime{Driver: gpu.MemoryBytes - visible, Libraries: e.LibraryBytes, Graphs: e.GraphBytes}
	r.Clear = max(unfilled-r.Graphs, 0) // graphs are captured in what is left unfilled
	return r
}

// count is the number of blocks of kind k from first up to, not including, last.
func (f *Footprint) count(k, first, last int) int64 {
	at := func(i int) int64 {
		if k < len(f.upTo[i]) {
			return f.upTo[i][k]
		}
		return 0
	}
	return at(last) - at(first)
}

func (k *blockKind) perSequence(l Layout, context int64) (kv, index, state int64) {
	for i := range k.caches {
		e, x := k.caches[i].perSequence(context, l.TP)
		kv, index = kv+e, index+x
	}
	for _, s := range k.states {
		state += ceilDiv(s.bytes, int64(l.TP))
	}
	return kv, index, state
}

func sumShares(shares []share, l Layout, load Load) int64 {
	n := int64(0)
	for _, s := range shares {
		n += s.onOneGPU(l, load)
	}
	return n
}

// stageLayers gives the layers of a pipeline stage, the last one exclusive. As
// many as divide evenly; the rest goes to the stages before the last one, which
// has the head (vLLM, vllm/distributed/utils.py, get_pp_indices).
func stageLayers(layers, stages, s int) (first, last int) {
	each, rest := layers/stages, layers%stages
	before := max(s-(stages-1-rest), 0) // stages before s that have one more
	first = s*each + min(before, rest)
	last = first + each
	if s < stages-1 && s >= stages-1-rest {
		last++
	}
	return first, last
}
