package serving

import "moecost/core/arch"

// Group is where the weights of a line belong.
type Group uint8

// The groups.
const (
	MainModel Group = iota
	Drafting        // multi-token-prediction modules
	Towers          // vision
)

// Line is the weights of one component that are divided in one way, in equal
// blocks: Layers x OnGPU bytes of the ledger.
type Line struct {
	Group  Group
	Role   arch.Role
	Split  arch.Split
	Parts  int64 // KV heads (SplitKVHeads) or experts (SplitExperts) that are divided
	Layers int64 // equal blocks; 1 outside of blocks
	Bytes  int64 // of one block, all parts
	OnGPU  int64 // of one block, on the fullest GPU
}

// Lines itemises the weights of a pipeline stage. It serves derivations and
// may allocate.
func (f *Footprint) Lines(l Layout, load Load, stage int) []Line {
	var out []Line
	add := func(g Group, n int64, s share) {
		next := Line{g, s.role, s.split, s.parts, n, s.bytes, s.onOneGPU(l, load)}
		for i := range out {
			if o := out[i]; o.Group == g && o.Role == s.role && o.Split == s.split && o.Parts == s.parts && o.Bytes == s.bytes {
				out[i].Layers += n
				return
			}
		}
		out = append(out, next)
	}
	first, last := stageLayers(len(f.upTo)-1, l.PP, stage)
	for k := range f.kinds {
		if n := f.count(k, first, last); n > 0 {
			for _, s := range f.kinds[k].shares {
				add(MainModel, n, s)
			}
		}
	}
	f.ends(l, stage, func(s share) { add(MainModel, 1, s) })
	if stage == 0 {
		for _, s := range f.vision {
			add(Towers, 1, s)
		}
	}
	if stage == l.PP-1 && load.Draft > 0 {
		for _, s := range f.mtp {
			add(Drafting, 1, s)
		}
	}
	return out
}

// CacheLine is what one sequence keeps in equal layers.
type CacheLine struct {
	Layers     int64
	Entries    int64 // of one sequence at its full length
	EntryBytes int64 // of one KV head, or of the latent
	Heads      int64 // KV heads of the layer; 0 for a latent
	OnGPU      int64 // KV heads on one GPU; 1 for a latent
	Keys       int64 // index keys of one sequence
	KeyBytes   int64
	StateBytes int64 // recurrent state on one GPU
}

// Caches itemises what a stage keeps per sequence. It serves derivations and
// may allocate.
func (f *Footprint) Caches(l Layout, load Load, stage int) []CacheLine {
	var out []CacheLine
	add := func(n int64, k *blockKind) {
		for i := range k.caches {
			out = addCache(out, k.caches[i].line(n, load.ReservedTokens(), l.TP))
		}
		for _, s := range k.states {
			out = addCache(out, CacheLine{Layers: n, StateBytes: ceilDiv(s.bytes, int64(l.TP))})
		}
	}
	first, last := stageLayers(len(f.upTo)-1, l.PP, stage)
	for k := range f.kinds {
		if n := f.count(k, first, last); n > 0 {
			add(n, &f.kinds[k])
		}
	}
	if stage == l.PP-1 && load.Draft > 0 {
		add(1, &f.mtpKind)
	}
	return out
}

func addCache(lines []CacheLine, next CacheLine) []CacheLine {
	for i, old := range lines {
		old.Layers = next.Layers
		if old == next {
			lines[i].Layers += next.Layers
			return lines
		}
	}
	return append(lines, next)
}

// Deployed is the weights of the main model on all GPUs together, every copy
// counted: what is replicated over ranks and attention replicas, and spare experts.
func (f *Footprint) Deployed(l Layout, load Load) int64 {
	rest, experts := int64(0), int64(0)
	for s := range l.PP {
		for _, line := range f.Lines(l, load, s) {
			switch n := line.Layers * line.everywhere(l, load); {
			case line.Group != MainModel:
			case line.Split == arch.SplitExperts:
				experts += n
			default:
				rest += n
			}
		}
	}
	return rest + int64(float64(experts)*load.OnGPU())
}

// everywhere is one block of the line on all GPUs of a stage.
func (l Line) everywhere(layout Layout, load Load) int64 {
	tp, dp := int64(layout.TP), int64(layout.DP)
	switch l.Split {
	case arch.SplitTP:
		return l.Bytes * dp
	case arch.SplitKVHeads:
		return l.Bytes * dp * max(tp/l.Parts, 1)
	case arch.SplitExperts:
		return l.Bytes / l.Parts * (l.Parts + load.Spare)
	default:
		return l.Bytes * tp * dp
	}
}

// BytesOnGPU is what one of the layers keeps of a sequence on one GPU.
func (c CacheLine) BytesOnGPU() int64 {
	return c.Entries*c.EntryBytes*c.OnGPU + c.Keys*c.KeyBytes + c.StateBytes
}
