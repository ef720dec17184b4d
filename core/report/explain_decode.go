package report

import (
	"fmt"
	"slices"
	"strconv"

	"moecost/core/routing"
)

func decodeExplanations() []explanation {
	return []explanation{
		{"decode.context_tokens", func(r *Report, d *Derivation) {
			d.say("context = prompt + output / 2", "i + o/2")
			d.term("i", "tokens of a prompt", float64(r.in.load.Prompt), Tokens, "the scenario: in")
			d.term("o", "tokens generated", float64(r.in.load.Output), Tokens, "the scenario: out")
		}},
		{"decode.distinct_experts", explainDistinct},
		{"decode.touched_share", func(r *Report, d *Derivation) {
			d.say("share = routed experts touched / routed experts", "t/X")
			d.figure(r, "t", "decode.touched_experts_bytes")
			d.figure(r, "X", "memory.experts_bytes")
		}},
		{"decode.touched_experts_bytes", explainTouchedExperts},
		{"decode.touched_bytes", explainTouched},
		{"decode.touched_kv_bytes", explainTouchedKV},
	}
}

// covered adds the terms of one kind of MoE layer and returns the expected
// number of distinct experts as a formula.
func (r *Report) covered(d *Derivation, i int) string {
	l, n := &r.in.coverage.layers[i], strconv.Itoa(i+1)
	p := Term{
		Symbol: "p" + n, Name: fmt.Sprintf("probability that a token chooses each of %d experts", l.experts),
		Values: l.pi, Unit: Share, Source: "core/routing, Inclusion: " + r.law(),
	}
	if l.counted == nil {
		d.Terms = append(d.Terms, p)
		return fmt.Sprintf("sum(1 - (1 - p%s)^T)", n)
	}
	p.Name += ", in every layer counted"
	p.Values, p.Source = slices.Concat(l.counted...), "your counts, scaled to add up to top-k"
	d.Terms = append(d.Terms, p)
	d.term("m"+n, "layers counted", float64(len(l.counted)), Layers, "your counts")
	return fmt.Sprintf("sum(1 - (1 - p%s)^T)/m%s", n, n)
}

// law says how popularity is spread where it is not counted.
func (r *Report) law() string {
	switch p := r.in.popular; {
	case p.Law == routing.Power:
		return fmt.Sprintf("bounded power law of alpha %g at its quantiles, scaled to add up to top-k", p.Skew)
	case p.Skew > 0:
		return fmt.Sprintf("lognormal popularity of sigma %g at its quantiles, scaled to add up to top-k", p.Skew)
	}
	return "all equally popular"
}

func (d *Derivation) routedTokens(r *Report) {
	source := "the scenario: batch"
	if r.in.load.Draft > 0 {
		source = "the scenario: batch × as many independent tokens as 1 + draft of a sequence cover (core/routing, EffectiveTokens)"
	}
	d.term("T", "tokens that a layer routes in one step", r.in.coverage.tokens, Tokens, source)
}

func explainDistinct(r *Report, d *Derivation) {
	d.routedTokens(r)
	var formula, layers sum
	for i := range r.in.coverage.layers {
		each := r.covered(d, i)
		if len(r.in.coverage.layers) == 1 {
			formula.add("%s", each)
			continue
		}
		n := strconv.Itoa(i + 1)
		d.term("n"+n, "MoE layers", r.in.coverage.layers[i].layers, Layers, r.in.source)
		formula.add("n%s*%s", n, each)
		layers.add("n%s", n)
	}
	text := formula.String()
	if layers.parts != nil {
		text = fmt.Sprintf("(%s)/(%s)", text, layers.String())
	}
	d.say("distinct = sum over experts of the chance that at least one of T tokens chooses it", text)
	d.Note = "Mean over MoE layers, over the whole deployment. Tokens choose independently of one another."
}

func explainTouchedExperts(r *Report, d *Derivation) {
	if len(r.in.coverage.layers) == 1 {
		d.say("touched = routed experts × distinct / experts", "X*d/e")
		d.figure(r, "X", "memory.experts_bytes")
		d.figure(r, "d", "decode.distinct_experts")
		d.figure(r, "e", "model.routed_experts")
		return
	}
	d.routedTokens(r)
	var formula sum
	for i := range r.in.coverage.layers {
		l, n := &r.in.coverage.layers[i], strconv.Itoa(i+1)
		d.term("b"+n, "routed experts of these layers", l.bytes, Bytes, r.in.source)
		d.term("e"+n, "routed experts of a layer", float64(l.experts), Experts, r.in.source)
		formula.add("b%s*%s/e%s", n, r.covered(d, i), n)
	}
	d.say("touched = routed experts × distinct / experts", formula.String())
}

func explainTouched(r *Report, d *Derivation) {
	d.figure(r, "W", "memory.weights_bytes")
	text := "W"
	if r.Memory.ExpertsBytes > 0 {
		d.figure(r, "X", "memory.experts_bytes")
		d.figure(r, "t", "decode.touched_experts_bytes")
		text += " - X + t"
	}
	if !r.in.arch.Tied {
		d.term("E", "input embedding: a few rows are looked up", float64(r.in.bytes.lookups), Bytes, r.in.source)
		text += " - E"
	}
	d.say("touched = weights − routed experts + experts touched − input embedding", text)
	d.Note = "One copy: attention replicas read their own copies of what is not an expert."
}

func explainTouchedKV(r *Report, d *Derivation) {
	d.batch(r)
	var formula sum
	for i, k := range r.readKinds() {
		n := strconv.Itoa(i + 1)
		d.term("n"+n, "attention layers", k.layers, Layers, r.in.source)
		d.term("m"+n, "entries that a token attends to at the mean context", k.entries, Tokens, r.in.source)
		d.term("e"+n, "bytes of an entry", k.entryBytes, Bytes, formatSource(r.in.kv))
		each := fmt.Sprintf("m%s*e%s", n, n)
		if k.keys > 0 {
			d.term("k"+n, "index keys scored", k.keys, Tokens, r.in.source)
			d.term("x"+n, "bytes of an index key", k.keyBytes, Bytes, "vLLM, vllm/model_executor/models/deepseek_v2.py, DeepseekV32IndexerCache")
			each = fmt.Sprintf("(%s + k%s*x%s)", each, n, n)
		}
		formula.add("n%s*%s", n, each)
	}
	if r.Model.StateBytesPerSequence > 0 {
		d.figure(r, "s", "model.state_bytes_per_sequence")
		formula.add("s")
	}
	d.say("touched cache = sequences × layers × entries × bytes of an entry", fmt.Sprintf("B*(%s)", formula.String()))
	d.Note = "One copy, at the mean context of a decode step."
}
