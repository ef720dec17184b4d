package serving

import (
	"moecost/core/arch"
	"moecost/core/format"
)

// Kernels are counted by sublayer and operator: launches are what is left of a
// layer when its matrices are small. Counted from the execution traces and the model code of
// vLLM and SGLang in a CUDA graph with their usual fusions: norm with residual, gate
// with up, top-k in one kernel. Factors over the counts by kind of layer, fitted, came
// out between 0.9 and 1.1 and gained nothing on configurations left out. Collectives bring their own latency.

// The counts behind countKernels, each a list of launches.
const (
	mixerKernels        = 6  // norm, qkv, rope with cache write, attention, its reduction, output
	latentKernels       = 13 // norm, q_a+kv_a, two norms, q_b, absorb, rope, cache write, concat, attention, reduction, un-absorb, output
	indexKernels        = 9  // q_b, k, norm, rope, quantise, weights, scores, top-k, table of the selected
	recurrentKernels    = 13 // norm, two projections, convolution, split, gates, two norms, state update, output norm and gate, reshapes, output
	chunkedKernels      = 8  // more for a recurrent mixer in prefill: gates cumulated, products inside a chunk, triangular solve, states between chunks, output (flash-linear-attention, chunk kernels)
	denseKernels        = 4  // norm, gate+up, activation, down
	gateKernels         = 3  // norm, gate, top-k
	permuteKernels      = 3  // count, align, weighted sum
	expertKernels       = 3  // gate+up, activation, down
	sharedKernels       = 1  // run beside the routed experts on a stream of their own: the sum is left
	quantiseKernels     = 2  // activations to 8 bits in front of each of two matrices
	headKernels         = 4  // norm, head, sampling, token look-up
	moduleKernels       = 4  // of a drafting module, around its layer: two norms, their concatenation, projection
	fusedPermuteKernels = 1  // FP4 kernels of TensorRT-LLM and FlashInfer take routing and sums inside
	fusedExpertKernels  = 2  // and the activation
)

// kernels counts the launches of a sublayer by operator.
type kernels [OperatorCount]float64

// countKernels counts one sublayer.
func countKernels(s *arch.Sublayer) kernels {
	var k kernels
	quantised := func(o Operator, role arch.Role) {
		if storedIn(s, role).Arithmetic == format.ArithmeticFP8 {
			k[o] += quantiseKernels
		}
	}
	switch {
	case s.Attention != nil:
		k[AttentionProjections] = mixerKernels
		if s.Attention.Latent > 0 {
			k[AttentionProjections] = latentKernels
		}
		if x := s.Attention.Index; x != nil && !x.Shared {
			k[AttentionProjections] += indexKernels
		}
		quantised(AttentionProjections, arch.AttentionWeights)
	case s.Recurrent != nil:
		k[AttentionProjections] = recurrentKernels
		quantised(AttentionProjections, arch.AttentionWeights)
	case s.Dense != nil:
		k[DenseMatrices] = denseKernels
		quantised(DenseMatrices, arch.DenseLayers)
	case s.MoE != nil:
		k[RouterGate], k[Permute], k[RoutedExpertMatrices] = gateKernels, permuteKernels, expertKernels
		if storedIn(s, arch.RoutedExperts).Bits == 4 {
			k[Permute], k[RoutedExpertMatrices] = fusedPermuteKernels, fusedExpertKernels
		}
		quantised(RoutedExpertMatrices, arch.RoutedExperts)
		if s.MoE.SharedInner > 0 {
			k[SharedExpertMatrices] = sharedKernels
		}
	}
	return k
}

// storedIn is the format of a sublayer's largest matrix of a role.
func storedIn(s *arch.Sublayer, role arch.Role) format.Format {
	var f format.Format
	most := int64(0)
	for i := range s.Tensors {
		if t := &s.Tensors[i]; t.Role == role && t.Use == arch.Multiplied && t.Elements() > most {
			f, most = t.Stored, t.Elements()
		}
	}
	return f
}
