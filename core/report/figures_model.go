package report

import (
	"moecost/core/arch"
)

// fact is a figure that the config states.
func fact(id, name string, unit Unit, get func(*Report) int64) entry {
	return entry{id, name, unit,
		func(r *Report) (float64, bool) { v := get(r); return float64(v), v > 0 }}
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
	{"model.total_params", "parameters of the main text model", Params, counted(func(r *Report) int64 { return r.Model.TotalParams })},
	{"model.mtp_params", "parameters of the drafting modules", Params, present(func(r *Report) int64 { return r.Model.MTPParams })},
	{"model.vision_params", "parameters of vision towers and projectors", Params, present(func(r *Report) int64 { return r.Model.VisionParams })},
	{"model.expert_params", "parameters of all routed experts", Params, counted(func(r *Report) int64 { return r.Model.ExpertParams })},
	{"model.active_params", "parameters that one token uses, embedding and head included", Params, counted(func(r *Report) int64 { return r.Model.ActiveParams })},
	{"model.active_params_without_input_embedding", "parameters that one token uses, input embedding left out", Params, counted(func(r *Report) int64 { return r.Model.ActiveParamsWithoutInputEmbedding })},
	{"model.active_params_without_embedding_and_head", "parameters that one token uses, embedding and head left out", Params, counted(func(r *Report) int64 { return r.Model.ActiveParamsWithoutEmbeddings })},
}, partEntries(), []entry{
	{"model.kv_bytes_per_token", "cache per token, all layers", BytesPerToken, counted(func(r *Report) float64 { return r.Model.KVBytesPerToken })},
	{"model.kv_bytes_per_token_unbounded", "cache per token, layers without a window", BytesPerToken, counted(func(r *Report) float64 { return r.Model.KVBytesPerTokenUnbounded })},
	{"model.index_bytes_per_token", "index keys per token", BytesPerToken, present(func(r *Report) int64 { return r.Model.IndexBytesPerToken })},
	{"model.kv_bytes_per_sequence", "cache of one sequence at full length", Bytes, counted(func(r *Report) int64 { return r.Model.KVBytesPerSequence })},
	{"model.state_bytes_per_sequence", "recurrent state of one sequence", Bytes, present(func(r *Report) int64 { return r.Model.StateBytesPerSequence })},
	{"model.state_elements_per_sequence", "recurrent state of one sequence", Elements, present(func(r *Report) int64 { return r.Model.StateElementsPerSequence })},
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
			counted(func(r *Report) int64 { return c.params(&r.Model.ParamsByPart) })})
	}
	return out
}
