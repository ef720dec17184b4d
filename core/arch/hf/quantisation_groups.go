package hf

import (
	"slices"
	"sort"
	"strings"

	"moecost/core/arch"
	"moecost/core/format"
)

// rule is one of several formats in one checkpoint, and the modules it is for.
type rule struct {
	all     bool // targets every Linear
	targets *patterns
	format  format.Format
}

// grouped converts each matrix by the first rule for it. Routers of DeepSeek's
// kind are no Linear, and the others are on every published ignore list, so they stay in the base format.
func (q *quantisation) grouped(rules []rule, ignored *patterns) {
	q.lists = append(q.lists, ignored)
	for _, r := range rules {
		if r.targets != nil {
			q.lists = append(q.lists, r.targets)
		}
	}
	q.matrix = func(fullName string, role arch.Role) format.Format {
		name := module(fullName)
		if role == arch.Router || role == arch.EmbeddingAndHead && isEmbedding(fullName) || ignored.match(name) {
			return q.base
		}
		for _, r := range rules { // a named target goes before "Linear"
			if !r.all && r.targets.match(name) {
				return r.format
			}
		}
		for _, r := range rules {
			if r.all {
				return r.format
			}
		}
		return q.base
	}
}

// readCompressedTensors reads config_groups: for each its targets (class names
// or module patterns) and the weights' number format.
func readCompressedTensors(q *quantisation, c *config) {
	groups := c.object("config_groups")
	if groups == nil {
		q.note("compressed-tensors without config_groups: all weights are counted in %s", q.base.Name)
		return
	}
	rules := readGroups(q, c, groups, c.textOr("", "format"))
	q.grouped(rules, newPatterns(c.textList("ignore")))
}

func readGroups(q *quantisation, c, groups *config, common string) []rule {
	c.log.quiet(groups)
	names := make([]string, 0, len(groups.values))
	for name := range groups.values {
		names = append(names, name)
	}
	sort.Strings(names)
	var rules []rule
	for _, name := range names {
		g := groups.object(name)
		if g == nil {
			continue
		}
		c.log.quiet(g)
		weights := g.object("weights")
		if weights == nil {
			continue
		}
		c.log.quiet(weights)
		f, ok := weightFormat(weights, g.textOr(common, "format"), g.object("input_activations"))
		if !ok {
			q.note("%s: its number format is not known here: its weights are counted in %s", name, q.base.Name)
			f = q.base
		}
		targets := g.textList("targets")
		r := rule{format: f, all: len(targets) == 0 || slices.Contains(targets, "Linear")}
		r.targets = newPatterns(slices.DeleteFunc(targets, func(s string) bool { return s == "Linear" }))
		rules = append(rules, r)
	}
	return rules
}

// weightFormat reads one weights block of compressed-tensors or ModelOpt.
// Scales are stored in the model's 16-bit format, except those of the FP4 formats and of FP8 blocks.
func weightFormat(w *config, layout string, inputs *config) (format.Format, bool) {
	const scaleBytes = 2
	bits := int(w.floatOr(0, "num_bits"))
	kind, strategy := w.textOr("int", "type"), w.textOr("", "strategy")
	group := 0
	if w.has("group_size") {
		group = groupSize(w, 0)
	}
	staticInputs := inputs != nil && len(inputs.values) > 0 && !inputs.boolOr(false, "dynamic")
	if inputs != nil {
		w.log.quiet(inputs)
	}
	switch {
	case kind == "float" && bits == 4 && (strings.HasPrefix(layout, "mxfp4") || group == 32):
		return format.MXFP4, true
	case kind == "float" && bits == 4:
		if inputs == nil || len(inputs.values) == 0 {
			return nvfp4(4), true
		}
		return nvfp4(8), true
	case kind == "float" && bits == 8 && (strings.HasPrefix(layout, "mxfp8") || group == 32):
		return format.MXFP8, true
	case kind == "float" && bits == 8 && strategy == "channel":
		return fp8Channel(scaleBytes), true
	case kind == "float" && bits == 8 && strategy == "block":
		block := w.intList("block_structure")
		if len(block) != 2 || block[0] < 1 || block[1] < 1 {
			block = []int64{128, 128}
		}
		return format.FP8Blocks(int(block[0]), int(block[1]), 4), true
	case kind == "float" && bits == 8:
		if staticInputs {
			return fp8Tensor(2 * scaleBytes), true
		}
		return fp8Tensor(scaleBytes), true
	case kind == "int" && bits == 8 && group <= 0 && layout != "pack-quantized":
		return int8Channel(scaleBytes), true
	case kind == "int" && bits >= 2 && bits <= 8:
		return packed(bits, group, !w.boolOr(true, "symmetric")), true
	}
	return format.Format{}, false
}

// algorithms are ModelOpt's quant_algo names (NVIDIA TensorRT-LLM,
// tensorrt_llm/quantization/mode.py, and ModelOpt's hf_quant_config.json).
var algorithms = map[string]format.Format{
	"NVFP4":                     nvfp4(8),
	"NVFP4_AWQ":                 nvfp4(8),
	"W4A4_NVFP4":                nvfp4(8),
	"W4A16_NVFP4":               nvfp4(4),
	"W4A8_NVFP4_FP8":            nvfp4(8),
	"MXFP4":                     format.MXFP4,
	"W4A16_MXFP4":               format.MXFP4,
	"W4A8_MXFP4_FP8":            format.MXFP4,
	"W4A8_MXFP4_MXFP8":          format.MXFP4,
	"MXFP8":                     format.MXFP8,
	"FP8":                       fp8Tensor(8),
	"FP8_PER_CHANNEL_PER_TOKEN": fp8Channel(4),
	"FP8_BLOCK_SCALES":          format.FP8Blocks(128, 128, 4),
	"FP8_PB_WO":                 format.FP8Blocks(128, 128, 4),
	"W8A8_SQ_PER_CHANNEL":       int8Channel(4),
	"INT8_SQ":                   int8Channel(4),
	"W8A16":                     int8Channel(2),
	"W4A16":                     modelOptINT4(-1),
	"W4A16_AWQ":                 modelOptINT4(128),
	"W4A8_AWQ":                  modelOptINT4(128),
}

// readModelOpt reads NVIDIA's checkpoints: quant_algo for all Linear modules, or
// MIXED_PRECISION with a list by module. hf_quant_config.json nests the same under "quantization".
func readModelOpt(q *quantisation, c *config) {
	if inner := c.object("quantization"); inner != nil {
		c.log.quiet(inner)
		c = inner
	}
	skipped := newPatterns(append(append(c.textList("ignore"), c.textList("exclude_modules")...), c.textList("exclude")...))
	algo := strings.ToUpper(c.textOr("", "quant_algo"))
	if layers := c.object("quantized_layers"); layers != nil {
		q.grouped(layerRules(q, layers), skipped)
		return
	}
	if f, ok := algorithms[algo]; ok {
		if (algo == "W4A16_AWQ" || algo == "W4A8_AWQ") && c.has("group_size") {
			f = modelOptINT4(groupSize(c, 128))
		}
		q.grouped([]rule{{all: true, format: f}}, skipped)
		return
	}
	if groups := c.object("config_groups"); groups != nil {
		q.grouped(readGroups(q, c, groups, ""), skipped)
		return
	}
	q.note("modelopt: quant_algo %q is not known here: all weights are counted in %s", algo, q.base.Name)
}

// layerRules reads quantized_layers: module name to algorithm.
func layerRules(q *quantisation, layers *config) []rule {
	byAlgo := map[string][]string{}
	for name := range layers.values {
		if o := layers.object(name); o != nil {
			algo := strings.ToUpper(o.textOr("", "quant_algo"))
			byAlgo[algo] = append(byAlgo[algo], name)
			o.log.quiet(o)
		}
	}
	layers.log.quiet(layers)
	algos := make([]string, 0, len(byAlgo))
	for algo := range byAlgo {
		algos = append(algos, algo)
	}
	sort.Strings(algos)
	var rules []rule
	for _, algo := range algos {
		f, ok := algorithms[algo]
		if !ok {
			q.note("modelopt: quant_algo %q is not known here: its %d modules are counted in %s", algo, len(byAlgo[algo]), q.base.Name)
			continue
		}
		rules = append(rules, rule{format: f, targets: newPatterns(byAlgo[algo])})
	}
	return rules
}
