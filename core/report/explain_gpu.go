package report

import (
	"fmt"
	"strconv"

	"moecost/core/arch"
	"moecost/core/serving"
)

func perGPUExplanations() []explanation {
	out := []explanation{
		{"memory.per_gpu.padding_bytes", explainPadding},
		{"memory.per_gpu.mtp_bytes", explainLines("drafting modules", func(l serving.Line) bool { return l.Group == serving.Drafting })},
		{"memory.per_gpu.vision_bytes", explainLines("vision", func(l serving.Line) bool { return l.Group == serving.Towers })},
		{"memory.per_gpu.kv_bytes", func(r *Report, d *Derivation) {
			d.say("cache = sequences of the fullest replica × what a GPU keeps of one", "ceil(B/DP)*q")
			d.batch(r)
			d.part(r, "DP")
			d.figure(r, "q", "memory.per_gpu_bytes_per_sequence")
		}},
		{"memory.per_gpu.activation_bytes", explainWorkspace},
		{"memory.per_gpu.comm_bytes", explainBuffers},
		{"memory.per_gpu.runtime_bytes", func(r *Report, d *Derivation) {
			d.say("runtime = driver + libraries + graphs + kept clear", "d + l + g + c")
			d.figure(r, "d", "memory.runtime.driver_bytes")
			d.figure(r, "l", "memory.runtime.libraries_bytes")
			d.figure(r, "g", "memory.runtime.graphs_bytes")
			d.figure(r, "c", "memory.runtime.clear_bytes")
		}},
		{"memory.per_gpu.free_bytes", func(r *Report, d *Derivation) {
			d.say("free = capacity − weights − cache − workspace − communication − runtime", "C - W - K - A - B - R")
			d.figure(r, "C", "memory.gpu_bytes")
			d.figure(r, "W", "memory.per_gpu_weights_bytes")
			d.figure(r, "K", "memory.per_gpu.kv_bytes")
			d.figure(r, "A", "memory.per_gpu.activation_bytes")
			d.figure(r, "B", "memory.per_gpu.comm_bytes")
			d.figure(r, "R", "memory.per_gpu.runtime_bytes")
			d.Note = "Room for more cache. Below zero, that much is missing."
		}},
		{"memory.per_gpu_weights_bytes", explainWeights},
		{"memory.per_gpu_used_bytes", func(r *Report, d *Derivation) {
			d.say("used = capacity − free", "C - F")
			d.figure(r, "C", "memory.gpu_bytes")
			d.figure(r, "F", "memory.per_gpu.free_bytes")
		}},
		{"memory.per_gpu_bytes_per_sequence", explainSequence},
		{"memory.per_gpu_pool_bytes", explainPool},
		{"memory.runtime.driver_bytes", explainConstant(func(*Report) string {
			return "an H100 reports 81,559 MiB and gives programs 79.18 GiB (llm-d-planner docs/empirical-vllm-memory-results.md); taken for every NVIDIA accelerator"
		})},
		{"memory.runtime.libraries_bytes", explainConstant(engineSource)},
		{"memory.runtime.graphs_bytes", explainConstant(engineSource)},
		{"memory.runtime.clear_bytes", explainClear},
	}
	for _, c := range components {
		out = append(out, explanation{"memory.per_gpu." + c.key + "_bytes",
			explainLines(c.name, func(l serving.Line) bool { return l.Group == serving.MainModel && l.Role == c.role })})
	}
	return out
}

func explainConstant(source func(*Report) string) func(*Report, *Derivation) {
	return func(r *Report, d *Derivation) {
		d.say("a constant", "x")
		d.term("x", d.Figure.Name, d.Figure.Value, Bytes, source(r))
	}
}

func engineSource(r *Report) string { return r.in.engine.Name + ": " + r.in.engine.Source }

// explainLines adds up layers × what the fullest GPU holds of one.
func explainLines(what string, keep func(serving.Line) bool) func(*Report, *Derivation) {
	return func(r *Report, d *Derivation) {
		in := &r.in
		var formula sum
		used := map[string]bool{}
		part := func(symbol string) string {
			if !used[symbol] {
				used[symbol] = true
				d.part(r, symbol)
			}
			return symbol
		}
		i := 0
		for _, l := range in.footprint.Lines(in.layout, in.load, in.ledger.Stage) {
			if !keep(l) {
				continue
			}
			i++
			n := strconv.Itoa(i)
			d.term("n"+n, "layers of this content", float64(l.Layers), Layers, in.source)
			switch l.Split {
			case arch.SplitTP:
				d.term("b"+n, "bytes in a layer, "+splitName(l.Split), float64(l.Bytes), Bytes, in.source)
				formula.add("n%s*ceil(b%s/%s)", n, n, part("TP"))
			case arch.SplitKVHeads:
				d.term("b"+n, "bytes in a layer, "+splitName(l.Split), float64(l.Bytes), Bytes, in.source)
				d.term("h"+n, "KV heads", float64(l.Parts), Count, in.source)
				formula.add("n%s*ceil(b%s/min(%s, h%s))", n, n, part("TP"), n)
			case arch.SplitExperts:
				formula.add("n%s*%s", n, r.expertShare(d, n, l, part))
			default:
				d.term("b"+n, "bytes in a layer, "+splitName(l.Split), float64(l.Bytes), Bytes, in.source)
				formula.add("n%s*b%s", n, n)
			}
		}
		d.say(what+" on one GPU = layers × bytes / GPUs that share them", formula.String())
		if i == 0 {
			d.Note = "There are none on the fullest GPU."
		}
	}
}

// expertShare is the formula of a layer's routed experts on the fullest GPU.
func (r *Report) expertShare(d *Derivation, n string, l serving.Line, part func(string) string) string {
	in := &r.in
	d.term("o"+n, "bytes of one expert", float64(l.Bytes/l.Parts), Bytes, in.source)
	d.term("e"+n, "routed experts of a layer", float64(l.Parts), Experts, in.source)
	slots := "e" + n
	if in.load.Spare > 0 {
		d.term("x"+n, "spare expert slots per layer", float64(in.load.Spare), Experts, "the scenario: spare")
		slots = fmt.Sprintf("(e%s + x%s)", n, n)
	}
	text := fmt.Sprintf("ceil(o%s*ceil(%s/%s)/%s)", n, slots, part("EP"), part("S"))
	if in.load.Host > 0 {
		d.term("g"+n, "share of the routed experts on GPUs", in.load.OnGPU(), Share, "the scenario: 1 - host + host × cache")
		text = fmt.Sprintf("ceil(%s*g%s)", text, n)
	}
	return text
}

func explainWeights(r *Report, d *Derivation) {
	var formula sum
	for _, c := range components {
		d.figure(r, c.symbol, "memory.per_gpu."+c.key+"_bytes")
		formula.add("%s", c.symbol)
	}
	if r.Memory.PerGPU.Padding > 0 {
		d.figure(r, "P", "memory.per_gpu.padding_bytes")
		formula.add("P")
	}
	if r.Memory.PerGPU.MTP > 0 {
		d.figure(r, "M", "memory.per_gpu.mtp_bytes")
		formula.add("M")
	}
	if r.Memory.PerGPU.Vision > 0 {
		d.figure(r, "V", "memory.per_gpu.vision_bytes")
		formula.add("V")
	}
	d.say("weights = sum of the components", formula.String())
}

func explainPadding(r *Report, d *Derivation) {
	in := &r.in
	var formula sum
	for i, p := range in.footprint.Padding(&in.gpu, &in.engine, in.layout, in.load, in.ledger.Stage) {
		n := strconv.Itoa(i + 1)
		d.term("n"+n, "layers of this content", float64(p.Layers), Layers, in.source)
		d.term("b"+n, "bytes of a layer's MXFP4 experts on one GPU", float64(p.OnGPU), Bytes, in.source)
		d.term("h"+n, "width that an expert reads", float64(p.Hidden), Elements, in.source)
		d.term("H"+n, "width that kernels hold", float64(p.HiddenTo), Elements, kernelWidths)
		d.term("i"+n, "width inside an expert, on one GPU", float64(p.Inner), Elements, in.source)
		d.term("I"+n, "width that kernels hold", float64(p.InnerTo), Elements, kernelWidths)
		formula.add("n%s*floor(b%s*(H%s/h%s*I%s/i%s - 1))", n, n, n, n, n, n)
	}
	d.say("padding = layers × bytes × (widths that kernels hold / widths − 1)", formula.String())
	d.Note = "By default back ends and recent releases: older ones and other back ends differ."
}

// kernelWidths is where the widths of padded experts come from.
const kernelWidths = "vLLM, vllm/model_executor/layers/quantization/mxfp4.py, create_weights, and SGLang's; on H100 measured: 64.4 GiB for 60.8 of gpt-oss-120b's tensors (assets/measurements/vllm_memory.csv)"

func explainSequence(r *Report, d *Derivation) {
	in := &r.in
	var formula sum
	for i, c := range in.footprint.Caches(in.layout, in.load, in.ledger.Stage) {
		n := strconv.Itoa(i + 1)
		d.term("n"+n, "layers that keep the same", float64(c.Layers), Layers, in.source)
		if c.StateBytes > 0 {
			d.term("z"+n, "recurrent state on one rank", float64(c.StateBytes), Bytes, in.source)
			formula.add("n%s*z%s", n, n)
			continue
		}
		d.term("m"+n, "entries of one sequence", float64(c.Entries), Tokens, "the scenario: in + out, and the layer's window")
		name := "bytes of an entry, latent and rotary key"
		if c.Heads > 0 {
			name = fmt.Sprintf("bytes of an entry of one of %d KV heads", c.Heads)
		}
		d.term("e"+n, name, float64(c.EntryBytes), Bytes, formatSource(in.kv))
		each := fmt.Sprintf("m%s*e%s", n, n)
		if c.Heads > 0 {
			d.term("h"+n, "KV heads on one rank", float64(c.OnGPU), Count, "heads / TP, at least one: "+in.layout.String())
			each += "*h" + n
		}
		if c.Keys > 0 {
			d.term("k"+n, "index keys", float64(c.Keys), Tokens, in.source)
			d.term("x"+n, "bytes of an index key", float64(c.KeyBytes), Bytes, "vLLM, vllm/model_executor/models/deepseek_v2.py, DeepseekV32IndexerCache")
			each = fmt.Sprintf("(%s + k%s*x%s)", each, n, n)
		}
		formula.add("n%s*%s", n, each)
	}
	d.say("per sequence = layers × entries × bytes of an entry × heads on one rank", formula.String())
	d.Note = "A latent is kept whole on every rank; tensor parallelism divides KV heads only."
}

func explainWorkspace(r *Report, d *Derivation) {
	in := &r.in
	w := in.footprint.WorkspaceParts(&in.gpu, &in.engine, in.layout, in.load)
	if in.engine.NoWorkspace {
		d.say("none in this profile", "x")
		d.term("x", "workspace", 0, Bytes, engineSource(r))
		return
	}
	d.say("workspace = the larger of sampling and one prefill chunk", "max(s*v*y, c*u)")
	d.term("s", "sequences that sampling is prepared for", float64(w.Sequences), Sequences, engineSource(r))
	d.figure(r, "v", "model.vocabulary")
	d.term("y", "bytes of sampling per sequence and vocabulary entry", float64(in.engine.SamplerBytes), Bytes, engineSource(r))
	d.term("c", "prefill tokens in one step", float64(w.Tokens), Tokens, "the scenario: chunk, as far as the engine takes it")
	name, source := "bytes of activations per token in the widest layer", in.source+", "+in.layout.String()
	if in.engine.TokenBytes > 0 {
		name, source = "bytes that the engine sets aside per token", engineSource(r)
	}
	d.term("u", name, float64(w.TokenBytes), Bytes, source)
}

func explainBuffers(r *Report, d *Derivation) {
	in := &r.in
	b := in.footprint.BufferParts(&in.engine, in.layout)
	if b.Slots == 0 {
		d.say("buffers of the collectives", "g")
		d.term("g", "buffers of the all-reduce, where a GPU has a peer", float64(b.Group), Bytes, engineSource(r))
		return
	}
	const deepEP = "deepseek-ai/DeepEP, csrc/legacy/config.hpp, LowLatencyLayout; 128 tokens as in its README"
	d.say("buffers = all-reduce + 2 × (send + receive) × experts × tokens", "g + 2*e*t*(m + max(p, m))")
	d.term("g", "buffers of the all-reduce", float64(b.Group), Bytes, engineSource(r))
	d.term("e", "routed experts of a layer", float64(b.Experts), Experts, in.source)
	d.term("t", "tokens that a rank may dispatch in a step", float64(b.Slots), Tokens, deepEP)
	d.term("p", "bytes of a dispatched token", float64(b.Dispatch), Bytes, deepEP)
	d.term("m", "bytes of a combined token", float64(b.Combine), Bytes, deepEP)
}

func explainPool(r *Report, d *Derivation) {
	in := &r.in
	d.figure(r, "C", "memory.gpu_bytes")
	d.figure(r, "W", "memory.per_gpu_weights_bytes")
	d.figure(r, "A", "memory.per_gpu.activation_bytes")
	d.figure(r, "B", "memory.per_gpu.comm_bytes")
	if in.engine.Remainder == 1 || in.ledger.Rest <= 0 {
		d.say("pool = capacity − weights − workspace − communication − runtime", "C - W - A - B - R")
		d.figure(r, "R", "memory.per_gpu.runtime_bytes")
		return
	}
	d.say("pool = share × (capacity − weights − workspace − communication − driver − libraries − graphs)", "floor(r*(C - W - A - B - d - l - g - c))")
	d.term("r", "share of the rest that becomes the pool", in.engine.Remainder, Share, engineSource(r))
	d.figure(r, "d", "memory.runtime.driver_bytes")
	d.figure(r, "l", "memory.runtime.libraries_bytes")
	d.figure(r, "g", "memory.runtime.graphs_bytes")
	kept := in.ledger.Runtime.Clear - (in.ledger.Rest - in.ledger.Pool)
	d.term("c", "kept clear before that", float64(kept), Bytes, engineSource(r))
}

func explainClear(r *Report, d *Derivation) {
	in := &r.in
	if in.engine.NoWorkspace {
		d.say("none in this profile", "x")
		d.term("x", "kept clear", 0, Bytes, engineSource(r))
		return
	}
	d.figure(r, "C", "memory.gpu_bytes")
	d.figure(r, "d", "memory.runtime.driver_bytes")
	d.figure(r, "g", "memory.runtime.graphs_bytes")
	if in.engine.Remainder == 1 || in.ledger.Rest <= 0 {
		d.say("clear = visible memory − what the engine fills − graphs", "max(C - d - floor((C - d)*f) - g, 0)")
		d.term("f", "share of the visible memory that the engine fills", in.ledger.Fraction, Share, engineSource(r))
		return
	}
	d.say("clear = capacity − weights − workspace − communication − driver − libraries − graphs − pool", "C - W - A - B - d - l - g - P")
	d.figure(r, "W", "memory.per_gpu_weights_bytes")
	d.figure(r, "A", "memory.per_gpu.activation_bytes")
	d.figure(r, "B", "memory.per_gpu.comm_bytes")
	d.figure(r, "l", "memory.runtime.libraries_bytes")
	d.figure(r, "P", "memory.per_gpu_pool_bytes")
}
