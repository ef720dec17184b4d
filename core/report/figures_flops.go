package report

var flopEntries = []entry{
	{"model.flops_per_token", "what one decoded token multiplies", FLOPsPerToken, counted(func(r *Report) float64 { return r.Model.FLOPsPerToken })},
	flopEntry("routed_experts", func(f *FLOPs) float64 { return f.RoutedExperts }),
	flopEntry("shared_experts", func(f *FLOPs) float64 { return f.SharedExperts }),
	flopEntry("dense", func(f *FLOPs) float64 { return f.Dense }),
	flopEntry("attention_projections", func(f *FLOPs) float64 { return f.Projections }),
	flopEntry("attention_core", func(f *FLOPs) float64 { return f.Core }),
	flopEntry("router", func(f *FLOPs) float64 { return f.Router }),
	flopEntry("head", func(f *FLOPs) float64 { return f.Head }),
}

// flopsKey stands before a component of the model in the ids of its FLOPs.
const flopsKey = "model.flops_per_token_by_part."

func flopEntry(key string, get func(*FLOPs) float64) entry {
	return entry{flopsKey + key, "FLOPs per token in " + key, FLOPsPerToken,
		counted(func(r *Report) float64 { return get(&r.Model.FLOPsPerTokenByPart) })}
}
