package report

import (
	"iter"
	"strconv"

	"moecost/core/arch"
)

// fact is a figure that the config states.
func fact(id, name string, unit Unit, get func(*Report) int64) entry {
	return entry{id, name, unit,
		func(r *Report) (float64, bool) { v := get(r); return float64(v), v > 0 },
		func(r *Report, d *Derivation) {
			d.say("as the architecture says", "x")
			d.term("x", name, d.Figure.Value, unit, r.in.source)
		}}
}

// counted makes the value of an entry that every report has.
func counted[N int | int64 | float64](get func(*Report) N) func(*Report) (float64, bool) {
	return func(r *Report) (float64, bool) { return float64(get(r)), true }
}

// present makes the value of an entry that is absent where it is zero.
func present[N int | int64 | float64](get func(*Report) N) func(*Report) (float64, bool) {
	return func(r *Report) (float64, bool) { v := get(r); return float64(v), v != 0 }
}

// components are the parts of a model, in the order of the ledger.
var components = []struct {
	key, name, symbol string
	role              arch.Role
	params            func(*Parts) int64
	bytes             func(*PerGPU) int64
}{
	{"routed_experts", "routed experts", "R", arch.RoutedExperts, func(p *Parts) int64 { return p.RoutedExperts }, func(p *PerGPU) int64 { return p.RoutedExperts }},
	{"shared_experts", "shared experts", "S", arch.SharedExperts, func(p *Parts) int64 { return p.SharedExperts }, func(p *PerGPU) int64 { return p.SharedExperts }},
	{"dense", "dense layers", "D", arch.DenseLayers, func(p *Parts) int64 { return p.Dense }, func(p *PerGPU) int64 { return p.Dense }},
	{"attention", "attention", "A", arch.AttentionWeights, func(p *Parts) int64 { return p.Attention }, func(p *PerGPU) int64 { return p.Attention }},
	{"embedding", "embedding and head", "E", arch.EmbeddingAndHead, func(p *Parts) int64 { return p.Embedding }, func(p *PerGPU) int64 { return p.Embedding }},
	{"router", "router", "G", arch.Router, func(p *Parts) int64 { return p.Router }, func(p *PerGPU) int64 { return p.Router }},
}

var modelEntries = join([]entry{
	{"model.total_params", "parameters of the main text model", Params, counted(func(r *Report) int64 { return r.Model.TotalParams }), explainTotal},
	{"model.mtp_params", "parameters of the drafting modules", Params, present(func(r *Report) int64 { return r.Model.MTPParams }),
		func(r *Report, d *Derivation) {
			explainParams(d, r.in.arch.MTP.AllTensors(), all, r.in.source, "drafting modules")
			d.Note = "With the copies of embedding and head that the checkpoint stores for them."
		}},
	{"model.vision_params", "parameters of vision towers and projectors", Params, present(func(r *Report) int64 { return r.Model.VisionParams }),
		func(r *Report, d *Derivation) { explainParams(d, visionOf(r), all, r.in.source, "vision") }},
	{"model.expert_params", "parameters of all routed experts", Params, counted(func(r *Report) int64 { return r.Model.ExpertParams }),
		func(r *Report, d *Derivation) {
			d.say("expert parameters = routed experts", "R")
			d.figure(r, "R", "model.params_by_part.routed_experts")
		}},
	{"model.active_params", "parameters that one token uses, embedding and head included", Params, counted(func(r *Report) int64 { return r.Model.ActiveParams }), explainActive(arch.WithEmbeddingAndHead)},
	{"model.active_params_without_input_embedding", "parameters that one token uses, input embedding left out", Params, counted(func(r *Report) int64 { return r.Model.ActiveParamsWithoutInputEmbedding }), explainActive(arch.WithoutInputEmbedding)},
	{"model.active_params_without_embedding_and_head", "parameters that one token uses, embedding and head left out", Params, counted(func(r *Report) int64 { return r.Model.ActiveParamsWithoutEmbeddings }), explainActive(arch.WithoutBoth)},
}, partEntries(), []entry{
	{"model.kv_bytes_per_token", "cache per token, all layers", BytesPerToken, counted(func(r *Report) float64 { return r.Model.KVBytesPerToken }), explainKVPerToken(func(*arch.Attention) bool { return true })},
	{"model.kv_bytes_per_token_unbounded", "cache per token, layers without a window", BytesPerToken, counted(func(r *Report) float64 { return r.Model.KVBytesPerTokenUnbounded }), explainKVPerToken((*arch.Attention).Unbounded)},
	{"model.index_bytes_per_token", "index keys per token", BytesPerToken, present(func(r *Report) int64 { return r.Model.IndexBytesPerToken }), explainIndex},
	{"model.kv_bytes_per_sequence", "cache of one sequence at full length", Bytes, counted(func(r *Report) int64 { return r.Model.KVBytesPerSequence }), explainKVPerSequence},
	{"model.state_bytes_per_sequence", "recurrent state of one sequence", Bytes, present(func(r *Report) int64 { return r.Model.StateBytesPerSequence }), explainState(true)},
	{"model.state_elements_per_sequence", "recurrent state of one sequence", Elements, present(func(r *Report) int64 { return r.Model.StateElementsPerSequence }), explainState(false)},
	fact("model.layers", "layers", Layers, func(r *Report) int64 { return r.Model.Layers }),
	fact("model.moe_layers", "MoE layers", Layers, func(r *Report) int64 { return r.Model.MoELayers }),
	fact("model.routed_experts", "routed experts of a layer", Experts, func(r *Report) int64 { return r.Model.RoutedExperts }),
	fact("model.shared_experts", "shared experts of a layer", Experts, func(r *Report) int64 { return r.Model.SharedExperts }),
	fact("model.top_k", "experts that a token is sent to", Experts, func(r *Report) int64 { return r.Model.TopK }),
	fact("model.hidden", "width of the residual stream", Elements, func(r *Report) int64 { return r.Model.Hidden }),
	fact("model.vocabulary", "vocabulary", Count, func(r *Report) int64 { return r.Model.Vocabulary }),
	fact("model.max_context", "longest context that the config promises", Tokens, func(r *Report) int64 { return r.Model.MaxContext }),
}, flopEntries)

func partEntries() []entry {
	var out []entry
	for _, c := range components {
		out = append(out, entry{"model.params_by_part." + c.key, c.name, Params,
			counted(func(r *Report) int64 { return c.params(&r.Model.ParamsByPart) }),
			func(r *Report, d *Derivation) {
				explainParams(d, r.in.arch.Tensors(), ofRole(c.role), r.in.source, c.name)
			}})
	}
	return out
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
