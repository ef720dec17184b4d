package hf

import (
	"fmt"
	"strings"

	"moecost/core/arch"
	"moecost/core/format"
)

// quantisation says how the checkpoint stores each tensor.
type quantisation struct {
	base   format.Format // of everything that is not converted: torch_dtype
	matrix func(fullName string, role arch.Role) format.Format

	method string      // quant_method; empty if nothing is converted
	kv     string      // id of the KV cache's format if the checkpoint brings its scales
	lists  []*patterns // for what is to be said about them at the end
	notes  []string
}

// readQuantisation reads torch_dtype and quantization_config. The block stands
// in the file or in the text config; compression_config is its older name. A method that is
// not known leaves the base format and says so.
func readQuantisation(root, text *config) quantisation {
	q := quantisation{base: baseFormat(root, text)}
	q.matrix = func(string, arch.Role) format.Format { return q.base }
	c := quantisationConfig(root, text)
	if c == nil {
		return q
	}
	c.log.quiet(c)
	q.method = strings.ToLower(c.textOr("", "quant_method"))
	q.kv = cacheFormat(c)
	read, ok := methods[q.method]
	if !ok && q.method == "" {
		read, ok = methods[guessMethod(c)]
	}
	if !ok {
		q.notes = append(q.notes, fmt.Sprintf("quantization_config: quant_method %q is not known here: all weights are counted in %s", q.method, q.base.Name))
		return q
	}
	read(&q, c)
	return q
}

func baseFormat(root, text *config) format.Format {
	name := text.textOr("", "torch_dtype", "dtype")
	switch strings.TrimPrefix(strings.ToLower(name), "torch.") {
	case "float16", "half", "fp16":
		return format.FP16
	case "float32", "float", "fp32":
		return format.FP32
	}
	return format.BF16
}

// cacheFormat reads kv_cache_scheme (compressed-tensors) or kv_cache_quant_algo (ModelOpt).
func cacheFormat(c *config) string {
	if scheme := c.object("kv_cache_scheme"); scheme != nil {
		c.log.quiet(scheme)
		if scheme.ownText("type") == "float" && scheme.floatOr(0, "num_bits") == 8 {
			return "fp8"
		}
	}
	if strings.EqualFold(c.ownText("kv_cache_quant_algo"), "FP8") {
		return "fp8"
	}
	return ""
}

func quantisationConfig(root, text *config) *config {
	for _, c := range []*config{root, text} {
		for _, key := range []string{"quantization_config", "compression_config", "quantization"} {
			if q := c.object(key); q != nil && len(q.values) > 0 {
				return q
			}
		}
	}
	return nil
}

// guessMethod names the method of blocks that do not: MLX writes group_size and
// bits only, ModelOpt's own file a quant_algo.
func guessMethod(c *config) string {
	switch {
	case c.has("quant_algo") || c.object("quantization") != nil:
		return "modelopt"
	case c.has("config_groups"):
		return "compressed-tensors"
	case c.has("load_in_4bit", "load_in_8bit"):
		return "bitsandbytes"
	case c.has("qformat_weight"):
		return "mistral"
	case c.has("group_size") && c.has("bits"):
		return "mlx"
	}
	return ""
}

// methods maps quant_method to its reader.
var methods = map[string]func(*quantisation, *config){
	"fp8":                readFP8,
	"fbgemm_fp8":         readChannelFP8,
	"ptpc_fp8":           readChannelFP8,
	"w8a8_fp8":           readChannelFP8,
	"w8a8_int8":          readINT8,
	"blockwise_int8":     readINT8,
	"mxfp4":              readMXFP4,
	"mxfp8":              readMXFP8,
	"gptq":               readGPTQ,
	"gptq_marlin":        readGPTQ,
	"gptqmodel":          readGPTQ,
	"auto-round":         readGPTQ,
	"auto_round":         readGPTQ,
	"intel/auto-round":   readGPTQ,
	"awq":                readAWQ,
	"awq_marlin":         readAWQ,
	"compressed-tensors": readCompressedTensors,
	"compressed_tensors": readCompressedTensors,
	"modelopt":           readModelOpt,
	"modelopt_fp4":       readModelOpt,
	"modelopt_fp8":       readModelOpt,
	"modelopt_mixed":     readModelOpt,
	"modelopt_mxfp8":     readModelOpt,
	"petit_nvfp4":        readModelOpt,
	"nvfp4":              readModelOpt,
	"bitsandbytes":       readBitsAndBytes,
	"quark":              readQuark,
	"mlx":                readMLX,
	"mistral":            readMistral,
}

// module is the path that quantization lists speak of: without ".weight", and
// any expert standing for all.
func module(fullName string) string {
	return strings.ReplaceAll(strings.TrimSuffix(fullName, ".weight"), "{e}", "0")
}

func isEmbedding(fullName string) bool {
	return strings.Contains(fullName, "embed") || strings.Contains(fullName, "wte")
}

// linear converts the matrices of blocks to f, except routers and what is
// skipped. The head is converted only where head says so, an embedding never.
func (q *quantisation) linear(f format.Format, head bool, skipped *patterns) {
	if skipped != nil {
		q.lists = append(q.lists, skipped)
	}
	q.matrix = func(fullName string, role arch.Role) format.Format {
		switch {
		case role == arch.Router, role == arch.EmbeddingAndHead && (!head || isEmbedding(fullName)):
			return q.base
		case skipped.match(module(fullName)):
			return q.base
		}
		return f
	}
}

// note adds a sentence for the user.
func (q *quantisation) note(format string, args ...any) {
	q.notes = append(q.notes, "quantization_config: "+fmt.Sprintf(format, args...))
}

// remarks are the notes, with what went wrong in matching the lists.
func (q *quantisation) remarks() []string {
	for _, p := range q.lists {
		for _, s := range p.unread[:min(len(p.unread), 3)] {
			q.note("the pattern %s is not understood and was taken to match nothing", show(s))
		}
		if p.exceeded {
			q.note("its name patterns take too long to match: some tensors may be counted in the wrong format")
		}
		p.unread, p.exceeded = nil, false
	}
	return q.notes
}
