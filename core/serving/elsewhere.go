package serving

import "moecost/core/routing"

// Stack is a step layer by layer, in the order in which it runs: what says how long
// a GPU is busy between asking for one MoE layer's experts and the next one's.
type Stack struct {
	Layers []MoELayer
	Kinds  []ExpertKind
	Each   float64 // tokens of a sequence in the step: drafts count; 1 where there are prompts, each of whose tokens stands for itself
	After  float64 // seconds behind the last experts: head, sampling, what a step costs besides its layers
}

// MoELayer is one MoE layer with what runs before it.
type MoELayer struct {
	Kind    int     // of its experts, in Stack.Kinds
	Before  float64 // seconds from the experts of the MoE layer before to the choice of these: dense layers, attention, gate; with the exchange of tokens
	Shared  float64 // seconds of its shared experts
	Experts float64 // seconds of its routed experts' matrices, all of them in the GPU's memory
}

// ExpertKind is MoE layers with experts alike, and what a step asks of one such layer.
type ExpertKind struct {
	Layers   int
	Coverage *routing.Coverage
	Tokens   float64 // independent ones that cover as many experts as the step's do; of decoding sequences, routing.EffectiveTokens of Each
	Routed   float64 // tokens, all of them
	Copies   float64 // experts with weights that a token reaches
	Distinct float64 // experts that the step asks for, whole deployment
	Busiest  float64 // of these, on the busiest rank
	Bytes    float64 // of one expert, over all the GPUs that share it
	Shard    float64 // of one expert on one GPU
}

// Order is the kinds of a deployment's sublayers in the order in which they run.
type Order []int

// Order walks the model once.
func (t *Timing) Order() Order {
	var order Order
	for i := range t.d.Model.Blocks {
		for j := range t.d.Model.Blocks[i].Sublayers {
			print := fingerprint(&t.d.Model.Blocks[i].Sublayers[j])
			for k := range t.kinds {
				if t.kinds[k].print == print {
					order = append(order, k)
					break
				}
			}
		}
	}
	return order
}

// Stack divides a step with all experts in GPU memory. Its parts add up to Resident's.
func (t *Timing) Stack(w Work, order Order) Stack {
	x := t.amounts(&w)
	if x.tokens <= 0 {
		return Stack{}
	}
	out := Stack{Each: 1}
	if w.Prefill == 0 {
		out.Each += w.Drafted
	}
	parts, kindOf := make([]MoELayer, len(t.kinds)), make([]int, len(t.kinds))
	for i := range t.kinds {
		one := t.kinds[i]
		one.count = 1
		var s Step
		t.sublayer(&s, &one, &w, &x)
		parts[i] = MoELayer{Before: s.Seconds}
		if one.experts == nil {
			continue
		}
		p := &parts[i]
		p.Shared, p.Experts = s.Parts[SharedExpertMatrices], s.Parts[RoutedExpertMatrices]
		p.Before -= p.Shared + p.Experts
		kindOf[i] = len(out.Kinds)
		out.Kinds = append(out.Kinds, ExpertKind{
			Layers: int(t.kinds[i].count), Coverage: one.experts.Coverage, Tokens: x.covering, Routed: x.routed, Copies: one.copies,
			Distinct: one.experts.Coverage.Distinct(x.covering), Busiest: one.experts.Distinct(x.covering),
			Bytes: one.expertBytes, Shard: one.expert.bytes,
		})
	}
	all := t.resident(&w, &x)
	out.After = all.Seconds
	before := 0.0
	for _, k := range order {
		before += parts[k].Before
		if t.kinds[k].experts == nil {
			continue
		}
		l := MoELayer{Kind: kindOf[k], Before: before, Shared: parts[k].Shared, Experts: parts[k].Experts}
		out.After -= l.Before + l.Shared + l.Experts
		out.Layers = append(out.Layers, l)
		before = 0
	}
	return out
}

// Resident times a step with all experts in GPU memory, wherever they are.
func (t *Timing) Resident(w Work) Step {
	x := t.amounts(&w)
	if x.tokens <= 0 {
		return Step{}
	}
	return t.resident(&w, &x)
}

// Elsewhere is a deployment some of whose experts are not in GPU memory: wait changes a step that
// has been timed as if they were (Step.Elsewhere).
func (t *Timing) Elsewhere(wait func(Work, Step) Step) *Timing {
	out := *t
	out.elsewhere = wait
	return &out
}

// Elsewhere leaves the GPU that share of its work on routed experts, and lets it wait
// for the others for so many seconds.
func (s Step) Elsewhere(share, wait float64) Step {
	less := s.Parts[RoutedExpertMatrices] * (1 - share)
	s.Parts[RoutedExpertMatrices] -= less
	s.Seconds -= less
	for _, b := range [...]Bound{BoundMemory, BoundCompute, BoundLaunch} { // what it was mostly waiting for first
		cut := min(less, s.Waits[b])
		s.Waits[b] -= cut
		less -= cut
	}
	s.add(ExpertWait, BoundHost, wait)
	return s
}
