package report

import (
	"slices"

	"moecost/core/arch"
	"moecost/core/routing"
	"moecost/core/serving"
)

// coverage is how many experts a step touches, per kind of MoE layer.
type coverage struct {
	layers []coveredLayers
	tokens float64 // that one layer routes in a step, whole deployment; drafts count for what they add
}

// coveredLayers are MoE layers with the same number of experts and top-k.
type coveredLayers struct {
	layers        float64
	experts, topK int64
	reached       float64     // experts with weights that a token reaches
	zero          int64       // experts without weights, among which tokens choose too
	counted       [][]float64 // probability that a token chooses each expert, per layer that the user counted; nil: none
	pi            []float64   // the same of the law, hottest first; of counted layers the mean hottest, second hottest ...
	distinct      float64
	bytes         float64 // of all routed experts of these layers
}

// cover counts distinct experts: sum over experts of 1-(1-pi)^T.
func (s *Subject) cover(p routing.Popularity, load serving.Load) coverage {
	c := coverage{tokens: effectiveTokens(load), layers: slices.Clone(s.kinds)}
	for i := range c.layers {
		l := &c.layers[i]
		if p.Counts != nil && l.counted != nil {
			l.pi, l.distinct = routing.MeanPopularity(l.counted), routing.MeanDistinct(l.counted, c.tokens)
			continue
		}
		p.Counts = nil
		l.pi = p.Layers(int(l.experts), int(l.zero), int(l.topK))[0]
		l.distinct = routing.ExpectedDistinct(l.pi, c.tokens)
	}
	return c
}

func addCovered(kinds []coveredLayers, s *arch.Sublayer) []coveredLayers {
	bytes := 0.0
	for _, t := range s.Tensors {
		if t.Role == arch.RoutedExperts {
			bytes += float64(t.Size().Bytes())
		}
	}
	for i := range kinds {
		if l := &kinds[i]; l.experts == s.MoE.Experts && l.topK == s.MoE.TopK && l.zero == s.MoE.Zero {
			l.layers++
			l.bytes += bytes
			return kinds
		}
	}
	return append(kinds, coveredLayers{layers: 1, experts: s.MoE.Experts, topK: s.MoE.TopK, zero: s.MoE.Zero, reached: s.MoE.ExpectedExperts(), bytes: bytes})
}

// decodeSection counts what a decode step touches.
func (r *Report) decodeSection() *Decode {
	in := &r.in
	d := &Decode{Context: in.load.DecodeContext()}
	layers, experts := 0.0, 0.0
	for i := range in.coverage.layers {
		l := &in.coverage.layers[i]
		layers += l.layers
		d.DistinctExperts += l.layers * l.distinct
		d.TouchedExpertsBytes += l.bytes * l.distinct / float64(l.experts)
		experts += l.bytes
	}
	if layers > 0 {
		d.DistinctExperts /= layers
		d.TouchedShare = d.TouchedExpertsBytes / experts
	}
	d.TouchedBytes = float64(r.alwaysTouched()) + d.TouchedExpertsBytes
	d.TouchedKVBytes = float64(in.load.Batch) * r.readPerSequence()
	return d
}

// alwaysTouched is the weights that every step reads: all but routed experts
// and an embedding that is only looked up.
func (r *Report) alwaysTouched() int64 {
	return r.in.bytes.weights.Bytes() - r.in.bytes.experts - r.in.bytes.lookups
}

// readPerSequence is the cache and state that one sequence's token reads at the
// mean context.
func (r *Report) readPerSequence() float64 {
	n := float64(r.Model.StateBytesPerSequence)
	for _, k := range r.readKinds() {
		n += k.layers * (k.entries*k.entryBytes + k.keys*k.keyBytes)
	}
	return n
}

// readKind is attention layers that read alike.
type readKind struct {
	layers              float64
	entries, entryBytes float64
	keys, keyBytes      float64
}

func (r *Report) readKinds() []readKind {
	in := &r.in
	context := int64(in.load.DecodeContext())
	var kinds []readKind
	for i := range in.arch.Blocks {
		for j := range in.arch.Blocks[i].Sublayers {
			a := in.arch.Blocks[i].Sublayers[j].Attention
			if a == nil {
				continue
			}
			own := *a
			own.SharesKV = false // an earlier layer's cache is read all the same
			k := readKind{layers: 1, entries: float64(a.EntriesRead(context)), entryBytes: float64(own.EntryBytes(in.kv)), keyBytes: float64(a.IndexEntryBytes(in.kv))}
			if k.keyBytes > 0 {
				k.keys = float64(context)
				if a.Compression > 1 {
					k.keys = float64(context / a.Compression)
				}
			}
			kinds = addKind(kinds, k)
		}
	}
	return kinds
}

func addKind(kinds []readKind, next readKind) []readKind {
	for i, old := range kinds {
		old.layers = next.layers
		if old == next {
			kinds[i].layers++
			return kinds
		}
	}
	return append(kinds, next)
}
