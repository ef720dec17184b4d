package report

import (
	"fmt"
	"strconv"

	"moecost/core/arch"
)

func flopExplanations() []explanation {
	return []explanation{
		{"model.flops_per_token", func(r *Report, d *Derivation) {
			var formula sum
			for i, p := range flopParts {
				symbol := "f" + strconv.Itoa(i+1)
				d.figure(r, symbol, flopsKey+p)
				formula.add("%s", symbol)
			}
			d.say("FLOPs = sum over components; a multiply-add is two", formula.String())
			d.Note = "At the mean context of a decode step. Norms, activations and the look-up of the embedding are left out."
		}},
		{flopsKey + "routed_experts", explainExpertFLOPs},
		{flopsKey + "shared_experts", explainMatrixFLOPs(arch.SharedExperts)},
		{flopsKey + "dense", explainMatrixFLOPs(arch.DenseLayers)},
		{flopsKey + "attention_projections", explainMatrixFLOPs(arch.AttentionWeights)},
		{flopsKey + "attention_core", explainCoreFLOPs},
		{flopsKey + "router", explainMatrixFLOPs(arch.Router)},
		{flopsKey + "head", func(r *Report, d *Derivation) {
			d.say("FLOPs = 2 × vocabulary × width", "2*h")
			d.term("h", "elements of the matrix that makes the logits", float64(r.in.arch.HeadElements()), Elements, r.in.source)
		}},
	}
}

var flopParts = []string{"routed_experts", "shared_experts", "dense", "attention_projections", "attention_core", "router", "head"}

func explainExpertFLOPs(r *Report, d *Derivation) {
	var formula sum
	for i, k := range expertKinds(r.in.arch) {
		n := strconv.Itoa(i + 1)
		d.term("n"+n, "MoE layers", float64(k.layers), Layers, r.in.source)
		d.term("k"+n, "experts with weights that a token reaches", k.reached, Experts, r.in.source)
		d.term("m"+n, "elements in one expert's matrices", float64(k.multiples), Elements, r.in.source)
		formula.add("2*n%s*k%s*m%s", n, n, n)
	}
	d.say("FLOPs = 2 × layers × top-k × elements of one expert", formula.String())
}

func explainMatrixFLOPs(role arch.Role) func(*Report, *Derivation) {
	return func(r *Report, d *Derivation) {
		inBlocks := func(yield func(arch.Tensor) bool) {
			for i := range r.in.arch.Blocks {
				for t := range r.in.arch.Blocks[i].Tensors() {
					if !yield(t) {
						return
					}
				}
			}
		}
		multiplied := func(t arch.Tensor) bool { return t.Role == role && t.Use == arch.Multiplied }
		var formula sum
		for i, g := range groupTensors(inBlocks, multiplied) {
			symbol := "m" + strconv.Itoa(i+1)
			d.Terms = append(d.Terms, Term{
				Symbol: symbol, Name: tensorName(g), Value: float64(g.times * g.tensor.Elements()),
				Factors: append([]int64{g.times, g.tensor.Copies}, g.tensor.Shape...), Unit: Elements, Source: r.in.source,
			})
			formula.add("%s", symbol)
		}
		d.say("FLOPs = 2 × elements of the matrices", fmt.Sprintf("2*(%s)", formula.String()))
	}
}

func explainCoreFLOPs(r *Report, d *Derivation) {
	context := int64(r.in.load.DecodeContext())
	type kind struct {
		heads, width, entries, recurrent, index float64
	}
	counts := map[kind]float64{}
	var order []kind
	for i := range r.in.arch.Blocks {
		for _, s := range r.in.arch.Blocks[i].Sublayers {
			var k kind
			switch {
			case s.Attention != nil:
				a := s.Attention
				entries := float64(a.EntriesRead(context))
				k = kind{heads: float64(a.Heads), entries: entries, index: indexFLOPs(a, context)}
				k.width = coreWidth(a)
			case s.Recurrent != nil:
				k = kind{recurrent: float64(s.Recurrent.FLOPsPerToken)}
			default:
				continue
			}
			if counts[k] == 0 {
				order = append(order, k)
			}
			counts[k]++
		}
	}
	var formula sum
	for i, k := range order {
		n := strconv.Itoa(i + 1)
		d.term("n"+n, "layers", counts[k], Layers, r.in.source)
		if k.recurrent > 0 {
			d.term("r"+n, "FLOPs of the state's update and read-out", k.recurrent, Count, r.in.source)
			formula.add("n%s*r%s", n, n)
			continue
		}
		d.term("h"+n, "attention heads", k.heads, Count, r.in.source)
		d.term("w"+n, "width of key and value as attention reads them", k.width, Elements, r.in.source)
		d.term("e"+n, "cache entries read at the mean context", k.entries, Tokens, r.in.source)
		text := fmt.Sprintf("2*h%s*w%s*e%s", n, n, n)
		if k.index > 0 {
			d.term("i"+n, "FLOPs of the index scores: 2 × heads × key width × keys", k.index, Count, r.in.source)
			text += " + i" + n
		}
		formula.add("n%s*(%s)", n, text)
	}
	d.say("FLOPs = layers × 2 × heads × (key + value width) × entries read", formula.String())
}

// coreWidth is the width of key and value that a decoded token meets: a latent
// serves as both, and the rotary key comes on top.
func coreWidth(a *arch.Attention) float64 {
	if a.Latent == 0 {
		return float64(a.KeyDim + a.ValueDim)
	}
	key := a.Latent + a.Rope
	return float64(key + max(a.Latent, min(a.ValueDim, key)))
}

// indexFLOPs is the score of every index key by every index head.
func indexFLOPs(a *arch.Attention, context int64) float64 {
	if a.Index == nil || a.Index.Shared {
		return 0
	}
	if a.Compression > 1 {
		context /= a.Compression
	}
	return 2 * float64(a.Index.Heads) * float64(a.Index.KeyDim) * float64(context)
}
