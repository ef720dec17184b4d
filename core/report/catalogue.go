package report

import (
	"slices"

	"moecost/core/arch/preset"
	"moecost/core/format"
	"moecost/core/hardware"
	"moecost/core/scenario"
	"moecost/core/serving"
)

// shortGPU are the names that people use for the accelerator that they mostly mean.
var shortGPU = map[string][]string{
	"a100-80-sxm": {"a100", "a100-80", "a100-sxm"},
	"h100-sxm":    {"h100", "h100-80"},
	"h200":        {"h200-sxm"},
	"b200":        {"b200-sxm"},
	"b300":        {"b300-sxm"},
	"rtxpro6000":  {"rtx-pro-6000"},
	"rtx3090":     {"3090", "rtx-3090"},
	"rtx4090":     {"4090", "rtx-4090"},
	"rtx5090":     {"5090", "rtx-5090"},
}

// Charts are the names of the charts, in the order of the page.
var Charts = []scenario.Choice{
	{ID: "ledger", Name: "What one GPU holds"},
	{ID: "models", Name: "Resident against active weights"},
	{ID: "gpus", Name: "One GPU's share against their number"},
	{ID: "kv", Name: "Cache against length"},
	{ID: "routing", Name: "Share of routing against batch"},
	{ID: "traffic", Name: "Bytes that a token sends"},
	{ID: "boards", Name: "Experts read by one step"},
	{ID: "coverage", Name: "Coverage against batch"},
	{ID: "tpot", Name: "Time of a token against batch"},
	{ID: "batch", Name: "Time of a step against batch"},
	{ID: "throughput", Name: "All users against each user"},
	{ID: "bytes", Name: "Bytes read for one token"},
	{ID: "roofline", Name: "Roofline of the step"},
	{ID: "draft", Name: "Gain by drafting"},
	{ID: "chunk", Name: "Prefill against its chunk"},
	{ID: "ranks", Name: "Load of each GPU, experts in order"},
	{ID: "placed", Name: "Load of each GPU, placed by EPLB"},
	{ID: "imbalance", Name: "The busiest GPU against their number"},
	{ID: "spare", Name: "Gain by spare experts"},
	{ID: "tail", Name: "How long a step takes"},
	{ID: "causes", Name: "Causes of the tail"},
	{ID: "skewed", Name: "Tail against skew and expert parallelism"},
	{ID: "offload", Name: "Time by what is done about missing experts"},
	{ID: "timeline", Name: "Copies beside the GPU's work"},
	{ID: "saving", Name: "Saving by prefetching"},
	{ID: "hits", Name: "Hit rate against cache size"},
	{ID: "vram", Name: "Speed against GPU memory"},
	{ID: "accuracy", Name: "Predicted against measured"},
}

// Tables are the names of the figures that are tables: an embed shows them as it shows charts.
var Tables = []scenario.Choice{
	{ID: "account", Name: "The account of one GPU"},
	{ID: "requests", Name: "What requests wait for"},
	{ID: "savings", Name: "What prefetching would save otherwise"},
	{ID: "errors", Name: "Errors by class"},
}

// Catalogue is what a link may name: presets, accelerators, formats, engines, charts.
func Catalogue() scenario.Catalogue {
	c := scenario.Catalogue{
		Charts: slices.Concat(Charts, Tables),
		CustomGPU: func(text string) (string, error) {
			a, err := hardware.Parse(text)
			if err != nil {
				return "", err
			}
			return hardware.Encode(a), nil
		},
	}
	for _, p := range preset.All() {
		c.Models = append(c.Models, scenario.Choice{ID: p.ID, Name: p.Name, Aliases: p.Aliases})
	}
	for _, a := range hardware.All() {
		c.GPUs = append(c.GPUs, scenario.Choice{ID: a.ID, Name: a.Name, Aliases: shortGPU[a.ID]})
	}
	for _, s := range format.Schemes() {
		c.Weights = append(c.Weights, scenario.Choice{ID: s.ID, Name: s.Name})
	}
	for _, f := range format.KVFormats() {
		c.KVs = append(c.KVs, scenario.Choice{ID: f.ID, Name: f.Name})
	}
	for _, e := range serving.Engines() {
		c.Engines = append(c.Engines, scenario.Choice{ID: e.ID, Name: e.Name})
	}
	return c
}
