package hf

import (
	"strings"

	"moecost/core/arch"
	"moecost/core/format"
)

// skipList joins the names that methods have for modules they leave alone.
func skipList(c *config) *patterns {
	var list []string
	for _, key := range []string{
		"modules_to_not_convert", "ignored_layers", "ignore", "exclude_modules", "exclude", "llm_int8_skip_modules", "dynamic_exclude",
	} {
		list = append(list, c.textList(key)...)
	}
	return newPatterns(list)
}

// readFP8 reads the format of DeepSeek-V3 (weight_block_size) and of FP8 with a scale per tensor.
func readFP8(q *quantisation, c *config) {
	f := fp8Tensor(4)
	if c.textOr("dynamic", "activation_scheme") == "static" {
		f = fp8Tensor(8)
	}
	if block := c.intList("weight_block_size"); len(block) == 2 {
		if block[0] < 1 || block[1] < 1 {
			c.fail(c.path+"weight_block_size", "%v: two positive sizes would do, such as [128, 128]", block)
			return
		}
		f = format.FP8Blocks(int(block[0]), int(block[1]), 4)
	} else if len(block) != 0 {
		c.fail(c.path+"weight_block_size", "%d entries: two would do, such as [128, 128]", len(block))
		return
	}
	if layers := c.object("quantized_layers"); layers != nil { // FP8 with some layers in another format (NVFP4 experts of DeepSeek-V4)
		q.grouped(append(layerRules(q, layers), rule{all: true, format: f}), newPatterns(nil))
		return
	}
	q.linear(f, false, skipList(c))
}

// readChannelFP8 reads FP8 with an FP32 scale per output channel (FBGEMM: Llama FP8).
func readChannelFP8(q *quantisation, c *config) { q.linear(fp8Channel(4), false, skipList(c)) }

// readINT8 reads W8A8 with FP32 scales per channel or block (DeepSeek-R1 INT8 of Meituan).
func readINT8(q *quantisation, c *config) {
	f := int8Channel(4)
	if block := c.intList("weight_block_size"); len(block) == 2 && block[0] > 0 && block[1] > 0 {
		f.BlockRows, f.BlockCols, f.Name = int(block[0]), int(block[1]), "INT8 (blocks)"
	}
	q.linear(f, false, skipList(c))
}

// readMXFP4 reads gpt-oss: the routed experts' matrices and nothing else.
func readMXFP4(q *quantisation, c *config) {
	skipped := skipList(c)
	q.lists = append(q.lists, skipped)
	f := format.MXFP4
	q.matrix = func(fullName string, role arch.Role) format.Format {
		if role != arch.RoutedExperts || skipped.match(module(fullName)) {
			return q.base
		}
		return f
	}
}

// readMXFP8 reads checkpoints whose matrices are all MXFP8 (MiniMax-M3-MXFP8).
func readMXFP8(q *quantisation, c *config) { q.linear(format.MXFP8, false, skipList(c)) }

// readGPTQ reads GPTQ and AutoRound: packed integers, FP16 scales, and packed
// zero points even where symmetric. The order of columns (g_idx) is left out: engines drop it.
// dynamic (GPTQModel) holds rules by name: "-:" leaves a module alone.
func readGPTQ(q *quantisation, c *config) {
	bits := c.floatOr(4, "bits")
	if bits != 2 && bits != 3 && bits != 4 && bits != 8 {
		c.fail(c.path+"bits", "%g: 2, 3, 4 or 8 would do", bits)
		return
	}
	group := groupSize(c, 128)
	f := format.IntGroups(int(bits), group, true)
	if strings.Contains(c.textOr("", "packing_format"), "llm_compressor") {
		f = packed(int(bits), group, !c.boolOr(true, "sym"))
	}
	skipped := skipList(c)
	if rules := c.object("dynamic"); rules != nil {
		var names []string
		other := 0
		for name := range rules.values {
			if exp, ok := strings.CutPrefix(name, "-:"); ok {
				names = append(names, "re:"+strings.TrimPrefix(exp, "re:"))
			} else {
				other++
			}
		}
		c.log.quiet(rules)
		skipped = skipped.with(names)
		if other > 0 {
			q.note("dynamic has %d rules with other bits for single modules: they are counted in %d bits", other, f.Bits)
		}
	}
	if extra := c.object("extra_config"); extra != nil {
		readExtraConfig(q, extra, skipped)
	}
	q.linear(f, c.boolOr(false, "lm_head"), skipped)
}

// readExtraConfig reads AutoRound's exceptions: modules with 16 bits are left alone.
func readExtraConfig(q *quantisation, extra *config, skipped *patterns) {
	other := 0
	for name := range extra.values {
		if o := extra.object(name); o != nil && o.floatOr(4, "bits") >= 16 {
			skipped.add(name)
		} else {
			other++
		}
	}
	extra.log.quiet(extra)
	if other > 0 {
		q.note("extra_config gives %d modules a format of their own: they are counted in the common one", other)
	}
}

// readAWQ reads AWQ: packed integers, FP16 scales and packed zero points per group.
func readAWQ(q *quantisation, c *config) {
	bits := c.floatOr(4, "bits", "w_bit")
	if bits != 4 && bits != 8 {
		c.fail(c.path+"bits", "%g: 4 or 8 would do", bits)
		return
	}
	zeros := c.boolOr(true, "zero_point")
	f := constants(format.IntGroups(int(bits), groupSize(c, 128), zeros), 0)
	q.linear(f, false, skipList(c))
}

// groupSize reads the columns that share a scale; -1 is a whole row.
func groupSize(c *config, def int) int {
	size := c.floatOr(float64(def), "group_size", "q_group_size")
	if size == -1 {
		return -1
	}
	if size < 1 || size > maxDim || size != float64(int(size)) {
		c.fail(c.path+"group_size", "%g: a whole number such as 32 or 128 would do, or -1 for whole rows", size)
		return def
	}
	return int(size)
}

// readBitsAndBytes reads NF4 and LLM.int8 (one FP32 scale per row).
func readBitsAndBytes(q *quantisation, c *config) {
	f := format.NF4
	if c.boolOr(false, "bnb_4bit_use_double_quant") {
		f = doubleNF4()
	}
	if c.boolOr(false, "load_in_8bit", "_load_in_8bit") {
		f = int8Channel(4)
		f.Name, f.Source = "INT8 (bitsandbytes)", "LLM.int8(), arXiv 2208.07339"
	}
	q.linear(f, false, skipList(c))
}

// readQuark reads AMD Quark's global scheme: MXFP4 or FP8.
func readQuark(q *quantisation, c *config) {
	skipped := skipList(c)
	weight := (*config)(nil)
	if global := c.object("global_quant_config"); global != nil {
		c.log.quiet(global)
		weight = global.object("weight")
		if weight == nil { // a list of one or two stages: the first is the stored one
			if stages := global.list("weight"); len(stages) > 0 {
				if values, ok := stages[0].(map[string]any); ok {
					weight = &config{path: global.path + "weight[0].", values: values, log: c.log}
				}
			}
		}
	}
	if weight == nil {
		q.note("quark: global_quant_config.weight is missing: all weights are counted in %s", q.base.Name)
		return
	}
	c.log.quiet(weight)
	switch kind, scheme := weight.textOr("", "dtype"), weight.textOr("", "qscheme"); {
	case kind == "fp4":
		q.linear(format.MXFP4, false, skipped)
	case strings.HasPrefix(kind, "fp8") && scheme == "per_channel":
		q.linear(fp8Channel(4), false, skipped)
	case strings.HasPrefix(kind, "fp8"):
		q.linear(fp8Tensor(8), false, skipped)
	case kind == "int8":
		q.linear(int8Channel(4), false, skipped)
	default:
		q.note("quark: dtype %q is not known here: all weights are counted in %s", kind, q.base.Name)
		return
	}
	if layers := c.object("layer_quant_config"); layers != nil && len(layers.values) > 0 {
		c.log.quiet(layers)
		q.note("layer_quant_config gives single modules a format of their own: they are counted in the global one")
	}
}

// readMLX reads the converted models of Apple's MLX: everything with a matrix is
// packed, embedding and head too, with a 16-bit scale and a 16-bit bias per group.
func readMLX(q *quantisation, c *config) {
	bits, group := int(c.floatOr(4, "bits")), groupSize(c, 64)
	if bits < 2 || bits > 8 || group < 1 {
		c.fail(c.path+"bits", "%d bits in groups of %d: 2 to 8 bits and a positive group would do", bits, group)
		return
	}
	f := mlxAffine(bits, group)
	switch c.textOr("affine", "mode") {
	case "mxfp4":
		f = format.MXFP4
	case "nvfp4":
		f = nvfp4(0)
	case "mxfp8":
		f = format.MXFP8
	}
	other := 0
	for key, value := range c.values {
		if _, ok := value.(map[string]any); ok {
			c.log.asked[c.path+key] = true
			other++
		}
	}
	if other > 0 {
		q.note("%d modules have a format of their own: they are counted in the common one of %d bits", other, bits)
	}
	q.matrix = func(_ string, role arch.Role) format.Format { return f }
}

// readMistral reads the "quantization" of a params.json: FP8 with a scale per
// tensor, and one for the input where activations are scaled statically.
func readMistral(q *quantisation, c *config) {
	if kind := c.textOr("", "qformat_weight"); kind != "fp8_e4m3" {
		q.note("qformat_weight %q is not known here: all weights are counted in %s", kind, q.base.Name)
		return
	}
	if c.textOr("", "qscheme_act") == "TENSOR" {
		q.linear(fp8Tensor(8), false, skipList(c))
		return
	}
	q.linear(fp8Tensor(4), false, skipList(c))
}
