package report

import (
	"iter"
	"strconv"

	"moecost/core/arch"
)

func modelExplanations() []explanation {
	out := []explanation{
		{"model.total_params", explainTotal},
		{"model.mtp_params", func(r *Report, d *Derivation) {
			explainParams(d, r.in.arch.MTP.AllTensors(), all, r.in.source, "drafting modules")
			d.Note = "With the copies of embedding and head that the checkpoint stores for them."
		}},
		{"model.vision_params", func(r *Report, d *Derivation) { explainParams(d, visionOf(r), all, r.in.source, "vision") }},
		{"model.expert_params", func(r *Report, d *Derivation) {
			d.say("expert parameters = routed experts", "R")
			d.figure(r, "R", "model.params_by_part.routed_experts")
		}},
		{"model.active_params", explainActive(arch.WithEmbeddingAndHead)},
		{"model.active_params_without_input_embedding", explainActive(arch.WithoutInputEmbedding)},
		{"model.active_params_without_embedding_and_head", explainActive(arch.WithoutBoth)},
		{"model.kv_bytes_per_token", explainKVPerToken(func(*arch.Attention) bool { return true })},
		{"model.kv_bytes_per_token_unbounded", explainKVPerToken((*arch.Attention).Unbounded)},
		{"model.index_bytes_per_token", explainIndex},
		{"model.kv_bytes_per_sequence", explainKVPerSequence},
		{"model.state_bytes_per_sequence", explainState(true)},
		{"model.state_elements_per_sequence", explainState(false)},
		{"model.layers", explainFact},
		{"model.moe_layers", explainFact},
		{"model.routed_experts", explainFact},
		{"model.shared_experts", explainFact},
		{"model.top_k", explainFact},
		{"model.hidden", explainFact},
		{"model.vocabulary", explainFact},
		{"model.max_context", explainFact},
	}
	for _, c := range components {
		out = append(out, explanation{"model.params_by_part." + c.key, func(r *Report, d *Derivation) {
			explainParams(d, r.in.arch.Tensors(), ofRole(c.role), r.in.source, c.name)
		}})
	}
	return out
}

// explainFact derives a figure that the config states.
func explainFact(r *Report, d *Derivation) {
	d.say("as the architecture says", "x")
	d.term("x", d.Figure.Name, d.Figure.Value, d.Figure.Unit, r.in.source)
}

func visionOf(r *Report) iter.Seq[arch.Tensor] {
	return func(yield func(arch.Tensor) bool) {
		for _, t := range r.in.arch.Vision {
			if !yield(t) {
				return
			}
		}
	}
}

func explainTotal(r *Report, d *Derivation) {
	var formula sum
	for _, c := range components {
		d.figure(r, c.symbol, "model.params_by_part."+c.key)
		formula.add("%s", c.symbol)
	}
	d.say("total = routed experts + shared experts + dense layers + attention + embedding and head + router", formula.String())
	d.Note = "As stored: tied embeddings once, MTP modules and vision towers apart, scales of number formats left out."
}

// expertKind is MoE layers whose experts are alike.
type expertKind struct {
	layers, topK      int64
	reached           float64 // experts with weights that a token is expected to reach
	params, multiples int64   // of one expert, and of these the ones in matrices
}

func expertKinds(m *arch.Model) []expertKind {
	var kinds []expertKind
	for i := range m.Blocks {
		for _, s := range m.Blocks[i].Sublayers {
			if s.MoE == nil {
				continue
			}
			k := expertKind{layers: 1, topK: s.MoE.TopK, reached: s.MoE.ExpectedExperts()}
			for _, t := range s.Tensors {
				if t.Role == arch.RoutedExperts && t.Copies > 0 {
					k.params += t.Params() / t.Copies
					if t.Use == arch.Multiplied {
						k.multiples += t.Elements() / t.Copies
					}
				}
			}
			found := false
			for j, old := range kinds {
				old.layers = k.layers
				if old == k {
					kinds[j].layers++
					found = true
				}
			}
			if !found {
				kinds = append(kinds, k)
			}
		}
	}
	return kinds
}

func explainActive(c arch.Convention) func(*Report, *Derivation) {
	return func(r *Report, d *Derivation) {
		d.figure(r, "T", "model.total_params")
		d.figure(r, "R", "model.params_by_part.routed_experts")
		var formula sum
		formula.add("T - R")
		words := "active = total − routed experts + layers × top-k × one expert"
		for i, k := range expertKinds(r.in.arch) {
			n := strconv.Itoa(i + 1)
			d.term("n"+n, "MoE layers", float64(k.layers), Layers, r.in.source)
			d.term("k"+n, "experts that a token is sent to", float64(k.topK), Experts, r.in.source)
			d.term("x"+n, "parameters of one expert", float64(k.params), Params, r.in.source)
			formula.add("n%s*k%s*x%s", n, n, n)
		}
		text := formula.String()
		if table := leftOut(r.in.arch, c); table > 0 {
			d.term("U", "tables left out by this convention", float64(table), Params, r.in.source)
			text += " - U"
			words += " − tables left out"
		}
		d.say(words, text)
		d.Note = "Vendors count in different ways: with embedding and head, without the input embedding, without both."
	}
}

// leftOut is the tables that a convention does not count.
func leftOut(m *arch.Model, c arch.Convention) int64 {
	n := int64(0)
	if c == arch.WithoutBoth || c == arch.WithoutInputEmbedding && !m.Tied {
		for _, t := range m.Embedding {
			n += t.Params()
		}
	}
	if c == arch.WithoutBoth {
		for _, t := range m.Head {
			if t.Use == arch.Multiplied {
				n += t.Params()
			}
		}
	}
	return n
}
