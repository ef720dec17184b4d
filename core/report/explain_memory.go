package report

import (
	"fmt"
	"iter"
	"strconv"

	"moecost/core/arch"
	"moecost/core/serving"
)

func memoryExplanations() []explanation {
	return []explanation{
		{"memory.min_gpus", explainFewest("in any layout that engines accept")},
		{"memory.min_gpus_engine", explainFewest("a power of two inside a host of eight, whole hosts beyond")},
		{"memory.weights_bytes", explainBytesOf((*arch.Model).Tensors, all, true)},
		{"memory.scales_bytes", explainBytesOf((*arch.Model).Tensors, all, false)},
		{"memory.experts_bytes", explainBytesOf((*arch.Model).Tensors, ofRole(arch.RoutedExperts), true)},
		{"memory.mtp_bytes", explainBytesOf(func(m *arch.Model) iter.Seq[arch.Tensor] { return m.MTP.AllTensors() }, all, true)},
		{"memory.vision_bytes", func(r *Report, d *Derivation) { explainStorage(d, visionOf(r), all, r.in.source, true, true) }},
		{"memory.weights_deployed_bytes", explainDeployed},
		{"memory.host_bytes", func(r *Report, d *Derivation) {
			d.say("host = share kept by the host × routed experts", "floor(h*X)")
			d.figure(r, "X", "memory.experts_bytes")
			d.term("h", "share of the routed experts in host memory", r.in.load.Host, Share, "the scenario: host")
		}},
		{"memory.kv_bytes", func(r *Report, d *Derivation) {
			d.say("cache = sequences × (cache + state of one)", "B*q")
			d.batch(r)
			d.figure(r, "q", "model.kv_bytes_per_sequence")
			if r.Model.StateBytesPerSequence > 0 {
				d.Formula = "B*(q + s)"
				d.figure(r, "s", "model.state_bytes_per_sequence")
			}
		}},
		{"memory.kv_deployed_bytes", explainKVDeployed},
		{"memory.gpu_bytes", func(r *Report, d *Derivation) {
			d.say("what the device reports", "C")
			d.term("C", "capacity, sold as "+r.in.gpu.MemorySold, float64(r.in.gpu.MemoryBytes), Bytes, gpuSource(r))
			d.Note = "Gigabytes of 10⁹ bytes and gibibytes of 2³⁰ differ by 7 %, and vendors use both."
		}},
		{"memory.kv_capacity_tokens", explainCapacity("t")},
		{"memory.max_batch", explainCapacity("")},
		{"memory.dense_twin_bytes", func(r *Report, d *Derivation) {
			d.say("twin = weights × active / total", "floor(W*a/T)")
			d.figure(r, "W", "memory.weights_bytes")
			d.twins(r)
			d.Note = "A dense model has as many parameters as it computes. It is taken at the same mean bytes per parameter."
		}},
		{"memory.ratio_to_dense_twin", func(r *Report, d *Derivation) {
			d.say("ratio = total / active", "T/a")
			d.twins(r)
		}},
		{"memory.ratio_to_dense_twin_with_kv", func(r *Report, d *Derivation) {
			d.say("ratio = (weights + cache) / (twin + cache)", "(W + K)/(D + K)")
			d.figure(r, "W", "memory.weights_bytes")
			d.figure(r, "D", "memory.dense_twin_bytes")
			d.figure(r, "K", "memory.kv_bytes")
			d.Note = "Cache does not depend on the number of experts, so the twin is given the same."
		}},
		{"memory.equal_bytes_twin_params", func(r *Report, d *Derivation) {
			d.say("a dense model computes all that it holds", "T")
			d.figure(r, "T", "model.total_params")
		}},
	}
}

func (d *Derivation) batch(r *Report) {
	d.term("B", "sequences decoding at once", float64(r.in.load.Batch), Sequences, "the scenario: batch")
}

func (d *Derivation) twins(r *Report) {
	d.figure(r, "a", "model.active_params")
	d.figure(r, "T", "model.total_params")
}

// part adds one dimension of the layout.
func (d *Derivation) part(r *Report, symbol string) {
	l := r.in.layout
	name, value := map[string]string{
		"TP": "tensor-parallel ranks", "DP": "attention replicas", "EP": "expert-parallel ranks", "PP": "pipeline stages", "S": "GPUs that share one expert",
	}[symbol], map[string]int{"TP": l.TP, "DP": l.DP, "EP": l.EP, "PP": l.PP, "S": l.ExpertSplit()}[symbol]
	source := "the scenario"
	if r.Scenario.Chosen.Layout {
		source = "chosen: " + l.String()
	}
	d.term(symbol, name, float64(value), Count, source)
}

func explainBytesOf(tensors func(*arch.Model) iter.Seq[arch.Tensor], keep func(arch.Tensor) bool, payload bool) func(*Report, *Derivation) {
	return func(r *Report, d *Derivation) {
		source := r.in.source
		if !r.Scenario.Chosen.Weights {
			source += ", converted to " + r.Scenario.WeightsName
		}
		explainStorage(d, tensors(r.in.arch), keep, source, payload, true)
	}
}

func explainFewest(how string) func(*Report, *Derivation) {
	return func(r *Report, d *Derivation) {
		d.say("the first number of GPUs whose ledger has nothing missing", "n")
		d.term("n", "first number that fits", d.Figure.Value, GPUs, "search over numbers of GPUs and their layouts, "+how)
		if r.in.load.Host == 0 {
			d.Formula = "max(n, ceil(W/(C*f)))"
			d.figure(r, "W", "memory.weights_bytes")
			d.figure(r, "C", "memory.gpu_bytes")
			d.term("f", "share of a GPU that the engine fills", r.in.engine.Fraction, Share, r.in.engine.Source)
		}
		d.Note = "Weights alone set the lower bound; cache, workspace and what is replicated decide."
	}
}

func explainDeployed(r *Report, d *Derivation) {
	in := &r.in
	type divided struct {
		split arch.Split
		parts int64
	}
	totals := map[divided]int64{}
	var order []divided
	for s := range in.layout.PP {
		for _, l := range in.footprint.Lines(in.layout, in.load, s) {
			if l.Group != serving.MainModel {
				continue
			}
			key := divided{l.Split, l.Parts}
			if totals[key] == 0 {
				order = append(order, key)
			}
			totals[key] += l.Layers * l.Bytes
		}
	}
	d.part(r, "TP")
	d.part(r, "DP")
	var formula sum
	for i, key := range order {
		n := strconv.Itoa(i + 1)
		d.term("b"+n, splitName(key.split)+", one copy", float64(totals[key]), Bytes, in.source)
		switch key.split {
		case arch.SplitTP:
			formula.add("DP*b%s", n)
		case arch.SplitKVHeads:
			d.term("h"+n, "KV heads", float64(key.parts), Count, in.source)
			formula.add("DP*max(TP/h%s, 1)*b%s", n, n)
		case arch.SplitExperts:
			text := "b" + n
			if in.load.Spare > 0 {
				d.term("e"+n, "routed experts of a layer", float64(key.parts), Experts, in.source)
				d.term("x"+n, "spare expert slots per layer", float64(in.load.Spare), Experts, "the scenario: spare")
				text = fmt.Sprintf("b%s/e%s*(e%s + x%s)", n, n, n, n)
			}
			if in.load.Host > 0 {
				d.term("g"+n, "share of the routed experts on GPUs", in.load.OnGPU(), Share, "the scenario: 1 - host + host × cache")
				text = fmt.Sprintf("floor(%s*g%s)", text, n)
			}
			formula.add("%s", text)
		default:
			formula.add("TP*DP*b%s", n)
		}
	}
	d.say("deployed = bytes × copies, by how engines divide them", formula.String())
	d.Note = "Norms, router and MLA's down-projections are on every GPU; what tensor parallelism divides is there once per attention replica; experts once."
}

func splitName(s arch.Split) string {
	return map[arch.Split]string{
		arch.Replicated: "on every GPU", arch.SplitTP: "divided by tensor parallelism", arch.SplitKVHeads: "divided by KV heads",
		arch.SplitVocabulary: "divided by vocabulary", arch.SplitExperts: "routed experts",
	}[s]
}

func explainKVDeployed(r *Report, d *Derivation) {
	in := &r.in
	d.batch(r)
	d.part(r, "TP")
	var formula sum
	for s := range in.layout.PP {
		n := strconv.Itoa(s + 1)
		bytes := int64(0)
		for _, c := range in.footprint.Caches(in.layout, in.load, s) {
			bytes += c.Layers * c.BytesOnGPU()
		}
		if in.layout.PP == 1 {
			d.figure(r, "q1", "memory.per_gpu_bytes_per_sequence")
		} else {
			d.term("q"+n, "one sequence on a GPU of stage "+n, float64(bytes), Bytes, "as memory.per_gpu_bytes_per_sequence, for that stage")
		}
		formula.add("q%s", n)
	}
	d.say("deployed = sequences × ranks × what one rank keeps of a sequence", fmt.Sprintf("B*TP*(%s)", formula.String()))
	d.Note = "A latent, and KV heads fewer than the ranks, are kept on every rank."
}

func explainCapacity(length string) func(*Report, *Derivation) {
	return func(r *Report, d *Derivation) {
		d.part(r, "DP")
		d.figure(r, "P", "memory.per_gpu_pool_bytes")
		d.figure(r, "q", "memory.per_gpu_bytes_per_sequence")
		d.Note = "The fullest GPU decides. All sequences at the length of this scenario: a window or a recurrent state makes the cost of a token depend on it."
		if length == "" {
			d.say("sequences = replicas × whole sequences in the pool", "DP*floor(max(P, 0)/q)")
			return
		}
		r.lengthTerm(d)
		d.say("tokens = replicas × pool / (bytes of a sequence / its tokens)", "DP*floor(max(P, 0)*t/q)")
	}
}

func gpuSource(r *Report) string {
	for _, s := range r.in.gpu.Sources.Memory {
		return s.Address + " (" + string(r.in.gpu.MemoryBasis) + ")"
	}
	return "as the link describes the accelerator"
}
