package report

import "moecost/core/arch"

// modelCounts is the section as far as the load does not matter.
func (s *Subject) modelCounts() Model {
	m := s.arch
	out := Model{
		TotalParams: m.TotalParams(), MTPParams: m.MTPParams(), VisionParams: m.VisionParams(),
		ActiveParams:                      m.ActiveParams(arch.WithEmbeddingAndHead),
		ActiveParamsWithoutInputEmbedding: m.ActiveParams(arch.WithoutInputEmbedding),
		ActiveParamsWithoutEmbeddings:     m.ActiveParams(arch.WithoutBoth),
		ParamsByPart:                      partsOf(m.ParamsByRole()),

		KVBytesPerToken:          m.KVBytesPerToken(s.kv),
		KVBytesPerTokenUnbounded: m.KVBytesPerTokenUnbounded(s.kv),
		IndexBytesPerToken:       m.IndexBytesPerToken(),
		StateBytesPerSequence:    m.StateBytesPerSequence(),
		StateElementsPerSequence: m.StateElementsPerSequence(),

		Layers: int64(len(m.Blocks)), MoELayers: int64(m.MoELayers()),
		RoutedExperts: m.RoutedExperts(), SharedExperts: m.SharedExperts(), TopK: m.TopK(),
		Hidden: m.Hidden, Vocabulary: m.Vocabulary, MaxContext: m.MaxContext,

		PublishedTotal: s.preset.TotalPublished, PublishedActive: s.preset.ActivePublished,
		Source: s.source, Unread: s.reading.Unread, Notes: s.reading.Notes,
	}
	out.ExpertParams = out.ParamsByPart.RoutedExperts
	for _, a := range s.reading.Assumed {
		out.Assumed = append(out.Assumed, a.Key+" = "+a.Value)
	}
	return out
}

// modelSection adds what depends on the length of sequences.
func (r *Report) modelSection() Model {
	in := &r.in
	out := in.counts
	out.KVBytesPerSequence = in.arch.KVBytesPerSequence(in.load.ReservedTokens(), in.kv)
	f := in.arch.FLOPsPerToken(int64(in.load.DecodeContext()))
	out.FLOPsPerToken = f.Total()
	out.FLOPsPerTokenByPart = FLOPs{f.RoutedExperts, f.SharedExperts, f.DenseLayers, f.Projections, f.Core, f.Router, f.Head}
	return out
}

func partsOf(n [arch.RoleCount]int64) Parts {
	return Parts{
		RoutedExperts: n[arch.RoutedExperts], SharedExperts: n[arch.SharedExperts], Dense: n[arch.DenseLayers],
		Attention: n[arch.AttentionWeights], Embedding: n[arch.EmbeddingAndHead], Router: n[arch.Router],
	}
}
