package report

import (
	"fmt"
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

var flopEntries = []entry{
	{"model.flops_per_token", "what one decoded token multiplies", FLOPsPerToken, counted(func(r *Report) float64 { return r.Model.FLOPsPerToken }),
		func(r *Report, d *Derivation) {
			var formula sum
			for i, p := range flopParts {
				symbol := "f" + strconv.Itoa(i+1)
				d.figure(r, symbol, "model.flops_per_token_by_part."+p)
				formula.add("%s", symbol)
			}
			d.say("FLOPs = sum over components; a multiply-add is two", formula.String())
			d.Note = "At the mean context of a decode step. Norms, activations and the look-up of the embedding are left out."
		}},
	flopEntry("routed_experts", func(f *FLOPs) float64 { return f.RoutedExperts }, explainExpertFLOPs),
	flopEntry("shared_experts", func(f *FLOPs) float64 { return f.SharedExperts }, explainMatrixFLOPs(arch.SharedExperts)),
	flopEntry("dense", func(f *FLOPs) float64 { return f.Dense }, explainMatrixFLOPs(arch.DenseLayers)),
	flopEntry("attention_projections", func(f *FLOPs) float64 { return f.Projections }, explainMatrixFLOPs(arch.AttentionWeights)),
	flopEntry("attention_core", func(f *FLOPs) float64 { return f.Core }, explainCoreFLOPs),
	flopEntry("router", func(f *FLOPs) float64 { return f.Router }, explainMatrixFLOPs(arch.Router)),
	flopEntry("head", func(f *FLOPs) float64 { return f.Head }, func(r *Report, d *Derivation) {
		d.say("FLOPs = 2 × vocabulary × width", "2*h")
		d.term("h", "elements of the matrix that makes the logits", float64(r.in.arch.HeadElements()), Elements, r.in.source)
	}),
}

var flopParts = []string{"routed_experts", "shared_experts", "dense", "attention_projections", "attention_core", "router", "head"}

func flopEntry(key string, get func(*FLOPs) float64, explain func(*Report, *Derivation)) entry {
	return entry{"model.flops_per_token_by_part." + key, "FLOPs per token in " + key, FLOPsPerToken,
		counted(func(r *Report) float64 { return get(&r.Model.FLOPsPerTokenByPart) }), explain}
}

func explainExpertFLOPs(r *Report, d *Derivation) {
	var formula sum
	for i, k := range expertKinds(r.in.arch) {
		n := strconv.Itoa(i + 1)
		d.term("n"+n, "MoE layers", float64(k.layers), Layers, r.in.source)
		d.term("k"+n, "experts with weights that a token reaches", k.reached, Experts, r.in.source)
		d.term("m"+n, "elements in one expert's matrices", float64(k.multiples), Elements, r.in.source)
		formula.add("2*n%s*k%s*m%s", n, n, n)
	}
	d.say("FLOPs = 2 × layers × top-k × elements of one expert", formula.String())
}

func explainMatrixFLOPs(role arch.Role) func(*Report, *Derivation) {
	return func(r *Report, d *Derivation) {
		inBlocks := func(yield func(arch.Tensor) bool) {
			for i := range r.in.arch.Blocks {
				for t := range r.in.arch.Blocks[i].Tensors() {
					if !yield(t) {
						return
					}
				}
			}
		}
		multiplied := func(t arch.Tensor) bool { return t.Role == role && t.Use == arch.Multiplied }
		var formula sum
		for i, g := range groupTensors(inBlocks, multiplied) {
			symbol := "m" + strconv.Itoa(i+1)
			d.Terms = append(d.Terms, Term{
				Symbol: symbol, Name: tensorName(g), Value: float64(g.times * g.tensor.Elements()),
				Factors: append([]int64{g.times, g.tensor.Copies}, g.tensor.Shape...), Unit: Elements, Source: r.in.source,
			})
			formula.add("%s", symbol)
		}
		d.say("FLOPs = 2 × elements of the matrices", fmt.Sprintf("2*(%s)", formula.String()))
	}
}

func explainCoreFLOPs(r *Report, d *Derivation) {
	context := int64(r.in.load.DecodeContext())
	type kind struct {
		heads, width, entries, recurrent, index float64
	}
	counts := map[kind]float64{}
	var order []kind
	for i := range r.in.arch.Blocks {
		for _, s := range r.in.arch.Blocks[i].Sublayers {
			var k kind
			switch {
			case s.Attention != nil:
				a := s.Attention
				entries := float64(a.EntriesRead(context))
				k = kind{heads: float64(a.Heads), entries: entries, index: indexFLOPs(a, context)}
				k.width = coreWidth(a)
			case s.Recurrent != nil:
				k = kind{recurrent: float64(s.Recurrent.FLOPsPerToken)}
			default:
				continue
			}
			if counts[k] == 0 {
				order = append(order, k)
			}
			counts[k]++
		}
	}
	var formula sum
	for i, k := range order {
		n := strconv.Itoa(i + 1)
		d.term("n"+n, "layers", counts[k], Layers, r.in.source)
		if k.recurrent > 0 {
			d.term("r"+n, "FLOPs of the state's update and read-out", k.recurrent, Count, r.in.source)
			formula.add("n%s*r%s", n, n)
			continue
		}
		d.term("h"+n, "attention heads", k.heads, Count, r.in.source)
		d.term("w"+n, "width of key and value as attention reads them", k.width, Elements, r.in.source)
		d.term("e"+n, "cache entries read at the mean context", k.entries, Tokens, r.in.source)
		text := fmt.Sprintf("2*h%s*w%s*e%s", n, n, n)
		if k.index > 0 {
			d.term("i"+n, "FLOPs of the index scores: 2 × heads × key width × keys", k.index, Count, r.in.source)
			text += " + i" + n
		}
		formula.add("n%s*(%s)", n, text)
	}
	d.say("FLOPs = layers × 2 × heads × (key + value width) × entries read", formula.String())
}

// coreWidth is the width of key and value that a decoded token meets: a latent
// serves as both, and the rotary key comes on top.
func coreWidth(a *arch.Attention) float64 {
	if a.Latent == 0 {
		return float64(a.KeyDim + a.ValueDim)
	}
	key := a.Latent + a.Rope
	return float64(key + max(a.Latent, min(a.ValueDim, key)))
}

// indexFLOPs is the score of every index key by every index head.
func indexFLOPs(a *arch.Attention, context int64) float64 {
	if a.Index == nil || a.Index.Shared {
		return 0
	}
	if a.Compression > 1 {
		context /= a.Compression
	}
	return 2 * float64(a.Index.Heads) * float64(a.Index.KeyDim) * float64(context)
}
