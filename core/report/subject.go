package report

import (
	"fmt"

	"moecost/core/arch"
	"moecost/core/arch/preset"
	"moecost/core/format"
	"moecost/core/routing"
	"moecost/core/scenario"
	"moecost/core/serving"
)

// Subject is a model as it is loaded: read, converted, counted. It answers
// questions that differ in hardware and load only, as a slider asks them, without
// counting tensors again. What it says does not change after Prepare.
type Subject struct {
	model, weights, kvAsked string // of the scenario
	given                   *arch.Reading
	counted                 *routing.Counts

	arch        *arch.Model // after conversion
	reading     *arch.Reading
	preset      preset.Preset // zero for a custom model
	name        string
	source      string
	weightsName string
	kv          format.Format
	footprint   *serving.Footprint
	counts      Model // what does not depend on the load
	bytes       byteCounts
	kinds       []coveredLayers // without their coverage

	memo memo
}

// byteCounts is what weights take.
type byteCounts struct {
	weights                       format.Size
	experts, mtp, vision, lookups int64
}

// maxKVBytesPerToken is 200 times the largest published cache. Below it a sequence
// of any length counts in an int64.
const maxKVBytesPerToken = 1e9

// Prepare reads and counts the model of a question. It fails if there is none.
func Prepare(q Question) (*Subject, error) {
	ask := q.Scenario
	s := &Subject{model: ask.Model, weights: ask.Weights, kvAsked: ask.KV, given: q.Reading, counted: q.Counts}
	if err := s.read(q); err != nil {
		return nil, err
	}
	s.weightsName = "as published: " + mainFormat(s.arch)
	if ask.Weights != "" {
		scheme, ok := format.SchemeByID(ask.Weights)
		if !ok {
			return nil, fmt.Errorf("weights: %q: not a known weight scheme; leave it out for weights as published", ask.Weights)
		}
		s.arch, s.weightsName = s.arch.Convert(scheme), scheme.Name
	}
	id := ask.KV
	if id == "" {
		id = s.preset.KV
	}
	if id == "" {
		id = format.BF16.ID
	}
	var ok bool
	if s.kv, ok = format.KVByID(id); !ok {
		return nil, fmt.Errorf("kv: %q: not a known cache format; use bf16 or fp8", id)
	}
	s.footprint = serving.Compile(s.arch, s.kv)
	s.count()
	if perToken := s.counts.KVBytesPerToken; perToken > maxKVBytesPerToken {
		return nil, fmt.Errorf("config.json: %.3g bytes of KV cache per token: the largest published model keeps 5e6; check num_key_value_heads, head_dim and num_hidden_layers", perToken)
	}
	return s, nil
}

// Same tells whether a question is about this subject.
func (s *Subject) Same(q Question) bool {
	return q.Scenario.Model == s.model && q.Scenario.Weights == s.weights && q.Scenario.KV == s.kvAsked &&
		q.Reading == s.given && q.Counts == s.counted
}

// popularity is that of the experts, where counts do not say it.
func (s *Subject) popularity(ask scenario.Scenario) routing.Popularity {
	p := routing.Popularity{Skew: ask.Skew, Counts: s.counted}
	if ask.Law == "power" {
		p.Law = routing.Power
	}
	return p
}

// read finds the architecture.
func (s *Subject) read(q Question) (err error) {
	switch {
	case q.Scenario.Model != scenario.ModelCustom:
		p, ok := preset.ByID(q.Scenario.Model)
		if !ok {
			return fmt.Errorf("model: %q: not a known model; use a preset's id, or custom with a config.json", q.Scenario.Model)
		}
		if s.reading, err = p.Reading(); err != nil {
			return fmt.Errorf("model: %w", err)
		}
		s.preset, s.name, s.source = p, p.Name, "config.json of "+p.HubID
		if !p.Verbatim {
			s.source += ", put together from " + p.Source
		}
	case q.Reading == nil:
		return fmt.Errorf("model: custom: there is no architecture: paste the model's config.json, or choose a preset")
	default:
		s.reading, s.source = q.Reading, "the config.json given"
		if q.Reading.Source != "" {
			s.source = q.Reading.Source
		}
	}
	s.arch = s.reading.Model
	if s.name == "" {
		s.name = s.arch.Name
	}
	if s.name == "" {
		s.name = "The custom model"
	}
	return nil
}

// count does everything that walks the tensors.
func (s *Subject) count() {
	m := s.arch
	s.counts = s.modelCounts()
	s.bytes = byteCounts{
		weights: m.WeightBytes(), experts: m.WeightBytesByRole()[arch.RoutedExperts].Bytes(),
		mtp: m.MTPBytes().Bytes(), vision: m.VisionBytes().Bytes(),
	}
	if !m.Tied { // a tied embedding is read whole, as the head
		for _, t := range m.Embedding {
			s.bytes.lookups += t.Size().Bytes()
		}
	}
	for i := range m.Blocks {
		for j := range m.Blocks[i].Sublayers {
			if sub := &m.Blocks[i].Sublayers[j]; sub.MoE != nil && sub.MoE.Experts > 0 {
				s.kinds = addCovered(s.kinds, sub)
			}
		}
	}
	for i := range s.kinds {
		if l := &s.kinds[i]; s.counted != nil {
			l.counted = s.counted.Inclusion(int(l.experts), int(l.zero), int(l.topK))
		}
	}
}

// mainFormat names the format of most of a model's bytes.
func mainFormat(m *arch.Model) string {
	bytes := map[string]int64{}
	best := ""
	for t := range m.Tensors() {
		name := t.Stored.Name
		bytes[name] += t.Size().Bytes()
		if best == "" || bytes[name] > bytes[best] {
			best = name
		}
	}
	return best
}
