package offload

import "math"

// outcomes is how many of the experts that a layer asks for are missing: the mean says too little where
// the GPU works beside the copies, because it waits for the slower of the two.
type outcomes struct {
	chance []float64 // adds up to 1
	over   []float64 // missing experts, over their mean
}

// mostOutcomes is the number of experts asked for up to which chance is told apart: of more, the share that is
// missing hardly varies.
const mostOutcomes = 64

// certain is the mean alone.
var certain = outcomes{[]float64{1}, []float64{1}}

// missingByChance has each of so many experts missing with the same chance, independently: a binomial.
func missingByChance(asked, missing float64) outcomes {
	n := int(math.Round(asked))
	if n < 1 || n > mostOutcomes || missing <= 0 || missing >= 1 {
		return certain
	}
	out := outcomes{make([]float64, n+1), make([]float64, n+1)}
	chance := math.Pow(1-missing, float64(n))
	for i := range out.chance {
		out.chance[i] = chance
		out.over[i] = float64(i) / (float64(n) * missing)
		chance *= float64(n-i) / float64(i+1) * missing / (1 - missing)
	}
	return out
}
