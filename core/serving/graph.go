package serving

import "math"

// GraphSize is the batch that a decode step of so many tokens runs as inside a CUDA
// graph: the next captured size, 1, 2, 4, then multiples of 8 up to 512 (vLLM
// cudagraph_capture_sizes, SGLang cuda_graph_bs; defaults). Larger ones are not padded.
func GraphSize(tokens float64) float64 {
	switch {
	case tokens <= 0:
		return 0
	case tokens <= 1:
		return 1
	case tokens <= 2:
		return 2
	case tokens <= 4:
		return 4
	case tokens <= 512:
		return 8 * math.Ceil(tokens/8)
	}
	return tokens
}
